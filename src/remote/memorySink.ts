import { Writable } from 'node:stream';

/** Takes what is written into memory. */
export class MemorySink extends Writable {
  readonly #chunks: Uint8Array[] = [];

  /** All that was written. */
  content(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}
