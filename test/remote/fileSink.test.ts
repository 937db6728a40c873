import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileSink } from '../../src/remote/fileSink.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-sink-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Bytes that tell their places. */
function content(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, place) => (place * 31 + (place >> 8)) % 251));
}

/** Each in memory of its own, as TLS hands them out. */
function chunksOf(bytes: Buffer, size: number): Readable {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    Uint8Array.from(bytes.subarray(index * size, (index + 1) * size)),
  );
  return Readable.from(chunks, { objectMode: false });
}

function bytesOf(view: NodeJS.ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

describe('a file that is written to', () => {
  it.each([
    ['nothing', 0, 10],
    ['one byte', 1, 10],
    ['small chunks', 300_000, 1000],
    ['chunks as TLS hands them out', 1_500_000, 16_384],
    ['one chunk larger than a batch', 700_000, 700_000],
  ])('holds all that came, in its order: %s', async (_, length, size) => {
    const bytes = content(length);
    const file = join(folder, 'a');
    const handle = await open(file, 'wx');
    await pipeline(chunksOf(bytes, size), new FileSink(handle));
    await handle.close();
    expect((await readFile(file)).equals(bytes)).toBe(true);
  });

  it('is written in batches, not by every chunk that comes', async () => {
    const handle = await open(join(folder, 'a'), 'wx');
    const sizes: number[] = [];
    const write = handle.writev.bind(handle);
    vi.spyOn(handle, 'writev').mockImplementation((buffers) => {
      sizes.push(Buffer.concat(buffers.map(bytesOf)).length);
      return write(buffers);
    });
    await pipeline(chunksOf(content(1_048_576), 16_384), new FileSink(handle));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(262_144);
    await handle.close();
  });

  it('holds all even where the system takes a part of a batch only', async () => {
    const bytes = content(600_000);
    const file = join(folder, 'a');
    const handle = await open(file, 'wx');
    vi.spyOn(handle, 'writev').mockImplementation(async (buffers) => {
      const { bytesWritten } = await handle.write(buffers[0] ?? new Uint8Array(7), 0, 7);
      return { bytesWritten, buffers: [...buffers] };
    });
    await pipeline(chunksOf(bytes, 600_000), new FileSink(handle));
    await handle.close();
    expect((await readFile(file)).equals(bytes)).toBe(true);
  });

  it('lets the memory of what is in the file go at once, so that it need not be collected', async () => {
    const handle = await open(join(folder, 'a'), 'wx');
    const record = new Uint8Array(16_384);
    await pipeline(Readable.from([record], { objectMode: false }), new FileSink(handle));
    await handle.close();
    // Node 20 cannot do so.
    expect(record.length).toBe('transfer' in ArrayBuffer.prototype ? 0 : 16_384);
  });

  it('leaves alone the memory that others use too', async () => {
    const handle = await open(join(folder, 'a'), 'wx');
    const all = Uint8Array.from(content(40_000));
    await pipeline(Readable.from([all.subarray(0, 20_000)], { objectMode: false }), new FileSink(handle));
    await handle.close();
    expect([...all.subarray(20_000, 20_003)]).toEqual([...content(40_000).subarray(20_000, 20_003)]);
  });

  it('fails with what the system says', async () => {
    const handle = await open(join(folder, 'a'), 'wx');
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    vi.spyOn(handle, 'writev').mockRejectedValue(full);
    await expect(pipeline(chunksOf(content(300_000), 1000), new FileSink(handle))).rejects.toBe(full);
    await handle.close();
  });

  it('holds its source back while the disk is slow', async () => {
    const handle = await open(join(folder, 'a'), 'wx');
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const write = handle.writev.bind(handle);
    vi.spyOn(handle, 'writev').mockImplementation(async (buffers) => {
      await slow;
      return write(buffers);
    });
    const sink = new FileSink(handle);
    let offered = 0;
    while (sink.write(Buffer.alloc(16_384))) offered += 16_384;
    expect(offered).toBeLessThanOrEqual(2 * 1_048_576);
    release();
    await new Promise<void>((resolve) => sink.end(resolve));
    await handle.close();
  });
});
