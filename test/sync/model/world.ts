import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FolderSync } from '../../../src/sync/folderSync.ts';
import { isTemporaryName } from '../../../src/remote/temporaryName.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';

/** What is in a folder: contents by path, `null` for folders. */
export type Contents = ReadonlyMap<string, string | null>;

/** An edit that somebody makes on one side. */
export interface Edit {
  readonly side: 'local' | 'remote';
  readonly path: string;
  readonly deed: 'write' | 'delete' | 'touch';
  /** Bytes of what is written, so that changes that keep the size are frequent. */
  readonly size: number;
}

/** The folder behind a server. */
export interface RemoteFolder {
  readonly folder: string;
  /** Makes the server's user the owner of all in it. */
  readonly own: () => Promise<void>;
}

/** Both sides of a pair and what the product keeps, on this computer, and a clock that a scenario moves on. */
export class World {
  readonly #base: string;
  /** Milliseconds that have passed beside the real ones. */
  #passed = 0;
  #written = 0;

  readonly #remote: RemoteFolder;

  private constructor(base: string, remote: RemoteFolder) {
    this.#base = base;
    this.#remote = remote;
  }

  /** @param remote a folder that a server shows; one of its own when absent */
  static async create(remote?: RemoteFolder): Promise<World> {
    // In memory where there is such a folder: a scenario waits for the disk some hundred times.
    const base = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ftps-model-'));
    for (const name of ['local', 'remote', 'storage']) await mkdir(join(base, name));
    return new World(base, remote ?? { folder: join(base, 'remote'), own: () => Promise.resolve() });
  }

  folder(side: 'local' | 'remote' | 'storage'): string {
    return side === 'remote' ? this.#remote.folder : join(this.#base, side);
  }

  get now(): number {
    return Date.now() + this.#passed;
  }

  pass(milliseconds: number): void {
    this.#passed += milliseconds;
  }

  /** As after a restart: what it knows is on the disk. */
  sync(files: SyncFiles, remoteFolder = '/'): FolderSync {
    return new FolderSync({
      pair: { host: 'h', port: 21, user: 'u', remoteFolder, localFolder: this.folder('local') },
      files,
      ignore: [],
      storage: this.folder('storage'),
      now: () => this.now,
      snapshotLimit: 1_000_000_000,
      compareLimit: 1_000_000,
    });
  }

  /** Makes the edit where it can be made: a file cannot be written where a folder is. */
  async edit({ side, path, deed, size }: Edit): Promise<void> {
    const file = join(this.folder(side), path);
    const present = await lstat(file).catch(() => undefined);
    if (deed === 'delete') {
      if (present) await rm(file, { recursive: true });
    } else if (deed === 'touch') {
      if (present?.isFile()) await utimes(file, this.now / 1000, this.now / 1000);
    } else if (!present?.isDirectory() && (await canHold(dirname(file)))) {
      await mkdir(dirname(file), { recursive: true });
      // No two are alike, so that it can be told which one is gone.
      await writeFile(file, `${++this.#written}`.padStart(4 + size, '0'));
      await utimes(file, this.now / 1000, this.now / 1000);
      if (side === 'remote') await this.#remote.own();
    }
  }

  async contents(side: 'local' | 'remote'): Promise<Contents> {
    return contentsOf(this.folder(side));
  }

  /** Every content that exists anywhere: on either side, and in what the product keeps. */
  async everything(): Promise<ReadonlySet<string>> {
    const all = new Set<string>();
    for (const side of ['local', 'remote', 'storage'] as const) {
      for (const content of (await contentsOf(this.folder(side), true)).values())
        if (content !== null) all.add(content);
    }
    return all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#base, { recursive: true, force: true });
  }
}

/** Whether files can be put there: nothing on the way is a file. */
async function canHold(folder: string): Promise<boolean> {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const stats = await lstat(at).catch(() => undefined);
    if (stats) return stats.isDirectory();
  }
  return true;
}

async function contentsOf(folder: string, all = false): Promise<Map<string, string | null>> {
  const contents = new Map<string, string | null>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!all && isTemporaryName(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    contents.set(file.slice(folder.length + 1), entry.isDirectory() ? null : await readFile(file, 'utf8'));
  }
  return new Map([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
