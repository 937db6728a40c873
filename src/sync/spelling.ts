import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldedName } from '../remote/foldedName.ts';
import { changedMeanwhile, namesMeet } from './side.ts';
import { parentOf } from './sideTree.ts';

/**
 * The names that a local folder really has. A disk may take for one what differs in case or Unicode form, so that what
 * is found under one name may bear another.
 */
export class Spelling {
  readonly #root: string;
  /** Folders that are there under these very names. */
  readonly #folders = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes the folder, and those around it that are missing.
   * @param onMade told each that was missing
   * @throws RemoteError `conflict` where one of them is there under another name; Error of the system
   */
  async makeFolders(path: string, onMade: (path: string) => Promise<void>): Promise<void> {
    if (this.#folders.has(path)) return;
    if (path === '') {
      await mkdir(this.#root, { recursive: true });
      return;
    }
    await this.makeFolders(parentOf(path), onMade);
    const isNew = await this.#make(path);
    this.#folders.add(path);
    if (isNew) await onMade(path);
  }

  /** Folders may be gone, or have other names. */
  forget(): void {
    this.#folders.clear();
  }

  /** What is there under a path, as the disk spells it; undefined where nothing is. @throws Error of the system */
  async of(path: string): Promise<string | undefined> {
    let spelled = '';
    for (const name of path.split('/')) {
      const names = await readdir(join(this.#root, spelled)).catch((): string[] => []);
      const found = names.includes(name) ? name : names.find((one) => foldedName(one) === foldedName(name));
      if (found === undefined) return undefined;
      spelled = spelled === '' ? found : `${spelled}/${found}`;
    }
    return spelled;
  }

  async #make(path: string): Promise<boolean> {
    const place = join(this.#root, path);
    try {
      await mkdir(place);
      return true;
    } catch (error) {
      const stats = await lstat(place).catch(() => undefined);
      if (!stats) throw error;
      const names = await readdir(join(this.#root, parentOf(path)));
      if (!names.includes(path.slice(path.lastIndexOf('/') + 1))) throw namesMeet(path);
      if (!stats.isDirectory()) throw changedMeanwhile(path, 'on this computer');
      return false;
    }
  }
}
