import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSource, fileSource, type SaveSource } from '../../src/remote/saveSource.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'save-source-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: Uint8Array): Promise<string> {
  const file = join(folder, `${content.length}.bin`);
  await writeFile(file, content);
  return file;
}

/** Bytes of which no block is like another. */
function bytes(length: number): Buffer {
  const content = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) content.writeUInt32LE(at, at);
  return content;
}

async function read(source: SaveSource): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of source.open()) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

describe('what is to be saved', () => {
  it.each([0, 7, 65_536, 65_537, 3_000_000])(
    'is read from a file of %i bytes, as often as it is wanted',
    async (length) => {
      const content = bytes(length);
      const source = fileSource(await fileOf(content));
      expect((await read(source)).equals(content)).toBe(true);
      expect((await read(source)).equals(content)).toBe(true);
    },
  );

  it('takes two blocks of memory, however large the file is', async () => {
    const memory = new Set<ArrayBufferLike>();
    for await (const chunk of fileSource(await fileOf(bytes(3_000_000))).open()) {
      expect(typeof chunk === 'string').toBe(false);
      if (typeof chunk !== 'string') memory.add(chunk.buffer);
    }
    expect(memory.size).toBe(2);
    expect([...memory].map(({ byteLength }) => byteLength)).toEqual([65_536, 65_536]);
  });

  it('keeps the block that is being sent as it is, while the next one is read', async () => {
    const content = bytes(3_000_000);
    let place = 0;
    for await (const chunk of fileSource(await fileOf(content)).open()) {
      await new Promise(setImmediate);
      expect(content.subarray(place, place + chunk.length).equals(Buffer.from(chunk))).toBe(true);
      place += chunk.length;
    }
    expect(place).toBe(3_000_000);
  });

  it('is read from memory', async () => {
    const content = bytes(3_000_000);
    const source = contentSource(content);
    expect(source.content).toBe(content);
    expect((await read(source)).equals(content)).toBe(true);
    expect((await read(source)).equals(content)).toBe(true);
  });

  it('is not read before it is asked for', async () => {
    const source = fileSource(join(folder, 'none')).open();
    expect(source.readableDidRead).toBe(false);
    const reading = source[Symbol.asyncIterator]();
    expect(source.readableDidRead).toBe(true);
    await expect(reading.next()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('fails with the error of the file itself', async () => {
    const reading = fileSource(folder).open()[Symbol.asyncIterator]();
    await expect(reading.next()).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('is let go before its end, also while it is being read', async () => {
    const source = fileSource(await fileOf(bytes(3_000_000))).open();
    const reading = source[Symbol.asyncIterator]();
    expect((await reading.next()).done).toBe(false);
    const second = reading.next();
    source.destroy();
    expect((await second).done).toBe(false);
    expect((await reading.next()).done).toBe(true);
  });
});
