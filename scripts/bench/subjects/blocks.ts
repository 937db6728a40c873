import type { FileHandle } from 'node:fs/promises';

const blockBytes = 512 * 1024;
/** What a socket may still hand out that was told to pause: one read of 64 KiB, and what it completes. */
const spareBytes = 128 * 1024;

function newBlock(): Buffer {
  return Buffer.allocUnsafeSlow(blockBytes);
}

/** Reads a file in blocks, one ahead of the caller. A block is valid until the next one is asked for. */
export class BlockReader implements AsyncIterable<Buffer> {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    let [free, taken] = [newBlock(), newBlock()];
    let { bytesRead } = await this.#file.read(free, 0, blockBytes);
    while (bytesRead > 0) {
      [free, taken] = [taken, free];
      const next = this.#file.read(free, 0, blockBytes);
      yield taken.subarray(0, bytesRead);
      ({ bytesRead } = await next);
    }
  }
}

/** Collects what comes in one block, while another is being written. */
export class BlockWriter {
  readonly #file: FileHandle;
  readonly #onRoom: () => void;
  #block = newBlock();
  #free: Buffer | undefined = newBlock();
  #fill = 0;
  #writing = Promise.resolve();
  #isWaiting = false;

  /** @param onRoom called when more may come, after a no */
  constructor(file: FileHandle, onRoom: () => void) {
    this.#file = file;
    this.#onRoom = onRoom;
  }

  /** Where the next bytes go. */
  get room(): Buffer {
    return this.#block.subarray(this.#fill);
  }

  /** @returns whether more may come at once */
  put(bytes: Buffer): boolean {
    bytes.copy(this.#block, this.#fill);
    return this.filled(bytes.length);
  }

  /** @returns whether more may come at once */
  filled(bytes: number): boolean {
    this.#fill += bytes;
    if (this.#fill + spareBytes <= blockBytes) return true;
    if (this.#free) {
      this.#write();
      return true;
    }
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      void this.#writing.then(() => {
        this.#isWaiting = false;
        this.#write();
        this.#onRoom();
      });
    }
    return false;
  }

  async end(): Promise<void> {
    await this.#writing;
    if (this.#fill > 0) await this.#file.writeFile(this.#block.subarray(0, this.#fill));
  }

  #write(): void {
    const full = this.#block;
    const bytes = full.subarray(0, this.#fill);
    [this.#block, this.#free, this.#fill] = [this.#free ?? newBlock(), undefined, 0];
    this.#writing = this.#file.writeFile(bytes).then(() => {
      this.#free = full;
    });
  }
}
