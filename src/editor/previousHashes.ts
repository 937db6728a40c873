import { stat } from 'node:fs/promises';
import { hashOf } from '../sync/hashOf.ts';

/** Bytes of the largest file that is read while the editor waits to save it. */
const largest = 4 * 1024 * 1024;

/** What files held before the editor saved them. */
export class PreviousHashes {
  readonly #hashes = new Map<string, Promise<string | undefined>>();

  /** To be called before the editor writes; it may write when the answer is there. */
  async look(localFile: string): Promise<void> {
    const hash = read(localFile);
    this.#hashes.set(localFile, hash);
    await hash;
  }

  /** SHA-256 of what the file held before it was saved last, where that is known; told once. */
  async take(localFile: string): Promise<string | undefined> {
    const hash = this.#hashes.get(localFile);
    this.#hashes.delete(localFile);
    return hash;
  }
}

async function read(localFile: string): Promise<string | undefined> {
  try {
    return (await stat(localFile)).size > largest ? undefined : await hashOf(localFile);
  } catch {
    // A new file, or one that cannot be read: then nothing is known.
    return undefined;
  }
}
