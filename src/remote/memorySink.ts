import { Writable } from 'node:stream';

/** Takes what is written into memory, up to a limit. */
export class MemorySink extends Writable {
  readonly #chunks: Uint8Array[] = [];
  readonly #mostBytes: number;
  readonly #tooMuch: () => Error;
  #bytes = 0;

  /** @param tooMuch what it fails with when more than `mostBytes` are written */
  constructor(mostBytes: number, tooMuch: () => Error) {
    super();
    this.#mostBytes = mostBytes;
    this.#tooMuch = tooMuch;
  }

  /** All that was written. */
  content(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#mostBytes) {
      this.#chunks.length = 0;
      return done(this.#tooMuch());
    }
    this.#chunks.push(chunk);
    done();
  }
}
