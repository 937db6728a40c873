import { lstatSync, type Stats, unlinkSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** The latest upload into each file that is open, by the file's identity. */
export type LatestUploads = Map<string, Upload>;

/** A file while a client writes to it. */
export class Upload implements AsyncDisposable {
  readonly handle: FileHandle;
  readonly #target: string;
  readonly #file: string;
  readonly #latest: LatestUploads;

  /** @param target the real path of the file */
  constructor(handle: FileHandle, status: Stats, target: string, latest: LatestUploads) {
    this.handle = handle;
    this.#target = target;
    this.#file = fileIdentity(status);
    this.#latest = latest;
    latest.set(this.#file, this);
  }

  /** Deletes what has come, unless somebody else has written to the file or put another in its place since. */
  discard(): void {
    // All at once: what began in between would be written into a file that is gone.
    const found = lstatSync(this.#target, { throwIfNoEntry: false });
    const same = found !== undefined && fileIdentity(found) === this.#file;
    if (same && this.#latest.get(this.#file) === this) unlinkSync(this.#target);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#latest.get(this.#file) === this) this.#latest.delete(this.#file);
    await this.handle.close();
  }
}

/** The same for every name of a file, and of no other while it is open. */
export function fileIdentity({ dev, ino }: Stats): string {
  return `${dev.toString(16)}g${ino.toString(16)}`;
}
