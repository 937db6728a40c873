import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { replaceLocalFile } from './replaceLocalFile.ts';
import { temporaryName } from './temporaryName.ts';

/** Bytes of a file that a quick disk takes or gives within a fraction of a millisecond. */
const smallFile = 64 * 1024;
/** Milliseconds: a disk that takes longer for one small file after another is asked beside all else from then on. */
const patience = 10;
/** Milliseconds: so long no other process keeps this one from the processor, and once is enough. */
const longest = 100;

/**
 * The small local files of one piece of work. As long as the disk is quick they are read and written at once: the way
 * to Node's threads and back, four times for each file, costs more than the system's file cache does.
 */
export class LocalDisk {
  readonly #now: () => number;
  #isSlow = false;
  #wasSlow = false;

  /** @param now milliseconds of any clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param size in bytes, as it is believed to be. @throws Error of the system */
  async read(path: string, size: number): Promise<Uint8Array> {
    return this.#isAtOnce(size) ? this.#timed(() => readFileSync(path)) : readFile(path);
  }

  /**
   * A file that appears only when it is whole.
   * @param mayReplace the old file is given up only when the disk has the new one
   * @throws Error of the system; then nothing is left of it
   */
  async write(target: string, content: Uint8Array, mayReplace: boolean): Promise<void> {
    // What waits for the disk itself may take long.
    if (!mayReplace && this.#isAtOnce(content.length)) this.#timed(() => writeAtOnce(target, content));
    else await replaceLocalFile(target, (file) => file.writeFile(content).then(() => true));
  }

  #isAtOnce(bytes: number): boolean {
    return !this.#isSlow && bytes <= smallFile;
  }

  #timed<Result>(act: () => Result): Result {
    const begin = this.#now();
    try {
      return act();
    } finally {
      const taken = this.#now() - begin;
      if (taken > longest || (this.#wasSlow && taken > patience)) this.#isSlow = true;
      this.#wasSlow = taken > patience;
    }
  }
}

function writeAtOnce(target: string, content: Uint8Array): void {
  const temporary = join(dirname(target), temporaryName(basename(target)));
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
