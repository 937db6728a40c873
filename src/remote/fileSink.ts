import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';

/** In bytes: so much is written at once, since every write has its price whatever its size. */
const batchBytes = 256 * 1024;
/** In bytes: so much may wait for the disk before its source has to. */
const waitingBytes = 1024 * 1024;

/** Node 22 and later. */
interface Releasable extends ArrayBuffer {
  /** Gives the bytes to another buffer, shortened or lengthened to that many. */
  transfer?(bytes: number): ArrayBuffer;
}

/**
 * Writes to a file from where it stands. Unlike the stream that a handle makes itself, it leaves the handle open. What is
 * written to it belongs to it: once it is in the file, its memory is gone.
 */
export class FileSink extends Writable {
  readonly #file: FileHandle;
  #batch: Uint8Array[] = [];
  #bytes = 0;

  constructor(file: FileHandle) {
    super({ highWaterMark: waitingBytes });
    this.#file = file;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#take(chunk);
    this.#writeFrom(batchBytes, done);
  }

  override _writev(
    chunks: { chunk: Uint8Array; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    for (const { chunk } of chunks) this.#take(chunk);
    this.#writeFrom(batchBytes, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#writeFrom(1, done);
  }

  #take(chunk: Uint8Array): void {
    this.#batch.push(chunk);
    this.#bytes += chunk.length;
  }

  #writeFrom(least: number, done: (error?: Error | null) => void): void {
    if (this.#bytes < least) return done();
    const [batch, bytes] = [this.#batch, this.#bytes];
    this.#batch = [];
    this.#bytes = 0;
    void this.#writeAll(batch, bytes, done);
  }

  async #writeAll(
    batch: readonly Uint8Array[],
    bytes: number,
    done: (error: Error | null) => void,
  ): Promise<void> {
    let failure: Error | null = null;
    try {
      const { bytesWritten } = await this.#file.writev(batch);
      // Less is written where the disk is full, for example: the next attempt tells.
      if (bytesWritten < bytes) await this.#file.writeFile(Buffer.concat(batch).subarray(bytesWritten));
      for (const chunk of batch) release(chunk);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    done(failure);
  }
}

/**
 * TLS leaves a buffer of its own behind for each record. Let go at once, the same few are filled again and again; left to
 * the garbage collector, they cost a quarter of a download's processor time, for it marks the whole heap to find them.
 */
function release({ buffer, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength > byteLength) return;
  const memory: Releasable = buffer;
  memory.transfer?.(0);
}
