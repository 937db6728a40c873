import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from './hashOf.ts';
import { isRunning } from './isRunning.ts';
import { versionOf } from './localVersion.ts';
import type { StagedContent } from './side.ts';

/** Files of the product's own, in which contents stay for as long as they are carried over. */
export class Staging implements AsyncDisposable {
  readonly #folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder of the product; each opening has files of its own, and clears those that a crash left behind */
  static async open(folder: string): Promise<Staging> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const [, pid] = /^staging-(\d+)-/.exec(name) ?? [];
      if (pid !== undefined && !isRunning(Number(pid)))
        await rm(join(folder, name), { recursive: true, force: true });
    }
    return new Staging(await mkdtemp(join(folder, `staging-${process.pid}-`)));
  }

  /** A path at which there is nothing yet. */
  newFile(): string {
    return join(this.#folder, String(++this.#count));
  }

  /** A file that is kept elsewhere, as content to carry over; it stays where it is. */
  async adopt(file: string): Promise<StagedContent> {
    return { file, hash: await hashOf(file), version: versionOf(await stat(file)) };
  }

  /** Removes a file that `newFile` gave. */
  async release(file: string): Promise<void> {
    await rm(file, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
