import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toRemoteError } from '../remote/errors.ts';
import { foldedName } from '../remote/foldedName.ts';
import { parentOf } from './sideTree.ts';
import { ifMissing } from './systemErrors.ts';

/** What a folder has, by what its name is folded to. */
type Folded = ReadonlyMap<string, readonly string[]>;

/** The names in a local folder under all their spellings. Each folder is read once: it is of use for a moment. */
export class NamesHere {
  readonly #root: string;
  readonly #read = new Map<string, Promise<Folded>>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Whether anything is there under a path that some disk or server takes for this one.
   * @throws RemoteError where a folder cannot be read
   */
  async has(path: string): Promise<boolean> {
    const folded = foldedName(path);
    return (await this.#inside(parentOf(folded))).has(folded);
  }

  #inside(folded: string): Promise<Folded> {
    const known = this.#read.get(folded);
    if (known) return known;
    const reading = this.#readAll(folded);
    this.#read.set(folded, reading);
    return reading;
  }

  async #readAll(folded: string): Promise<Folded> {
    const folders = folded === '' ? [''] : ((await this.#inside(parentOf(folded))).get(folded) ?? []);
    const found = new Map<string, string[]>();
    for (const folder of folders) {
      for (const name of await this.#namesIn(folder)) {
        const path = folder === '' ? name : `${folder}/${name}`;
        const same = found.get(foldedName(path));
        if (same) same.push(path);
        else found.set(foldedName(path), [path]);
      }
    }
    return found;
  }

  async #namesIn(folder: string): Promise<readonly string[]> {
    try {
      return await readdir(join(this.#root, folder)).catch(ifMissing([]));
    } catch (error) {
      throw toRemoteError(error, folder === '' ? this.#root : folder, 'list');
    }
  }
}
