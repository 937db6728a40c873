import { type FileHandle, rm } from 'node:fs/promises';

/** A file while a client writes to it. */
export class Upload implements AsyncDisposable {
  readonly handle: FileHandle;
  readonly #target: string;

  /** @param target the real path of the file */
  constructor(handle: FileHandle, target: string) {
    this.handle = handle;
    this.#target = target;
  }

  /** Deletes what has come. */
  async discard(): Promise<void> {
    await this.handle.close();
    await rm(this.#target, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}
