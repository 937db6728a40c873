import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FolderSync } from '../../../src/sync/folderSync.ts';
import { isTemporaryName } from '../../../src/remote/temporaryName.ts';
import { type Pair, pairKey } from '../../../src/sync/pairKey.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';
import { leaveBehind } from './crashImage.ts';

/** Bytes for undos that no scenario comes to the end of. */
export const ample = 1_000_000_000;

/** A name that is ignored. */
export const ignored = 'ignored';

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

/**
 * Both sides of a pair and what the product keeps, on this computer, and a clock that a scenario moves on. Its files are
 * read and written at once: the way to Node's threads and back costs more than they do.
 */
export class World {
  #base: string;
  /** Folders of processes that were killed. */
  readonly #left: string[] = [];
  /** Milliseconds that have passed beside the real ones. */
  #passed = 0;
  #written = 0;

  readonly #remote: RemoteFolder | undefined;

  private constructor(base: string, remote: RemoteFolder | undefined) {
    this.#base = base;
    this.#remote = remote;
  }

  /** @param remote a folder that a server shows; one of its own when absent */
  static create(remote?: RemoteFolder): World {
    const base = newBase();
    for (const name of ['local', 'remote', 'storage']) mkdirSync(join(base, name));
    return new World(base, remote);
  }

  folder(side: 'local' | 'remote' | 'storage'): string {
    return side === 'remote' && this.#remote ? this.#remote.folder : join(this.#base, side);
  }

  get now(): number {
    return Date.now() + this.#passed;
  }

  pass(milliseconds: number): void {
    this.#passed += milliseconds;
  }

  /**
   * The product's process is killed at this moment. What it goes on to do here, it does to folders that nobody looks at
   * any more.
   */
  crash(remoteFolder: string): void {
    const [base, key] = [newBase(), pairKey(this.#pair(remoteFolder))];
    leaveBehind(this.#base, base);
    this.#left.push(this.#base);
    this.#base = base;
    // What is remembered of a pair goes by the names of its folders.
    const known = join(this.folder('storage'), key);
    if (existsSync(known)) renameSync(known, join(this.folder('storage'), pairKey(this.#pair(remoteFolder))));
  }

  /** Unfinished files of the product in the local folder. */
  unfinished(): string[] {
    return this.#temporaries('local');
  }

  /** Removes those on the server. */
  removeUnfinished(): void {
    for (const name of this.#temporaries('remote')) rmSync(join(this.folder('remote'), name));
  }

  #temporaries(side: 'local' | 'remote'): string[] {
    const names = readdirSync(this.folder(side), { recursive: true, encoding: 'utf8' });
    return names.filter((name) => isTemporaryName(basename(name)));
  }

  #pair(remoteFolder: string): Pair {
    return { host: 'h', port: 21, user: 'u', remoteFolder, localFolder: this.folder('local') };
  }

  /** As after a restart: what it knows is on the disk. @param room bytes for undos */
  sync(files: SyncFiles, remoteFolder = '/', room = ample): FolderSync {
    return new FolderSync({
      pair: this.#pair(remoteFolder),
      files,
      ignore: [ignored],
      storage: this.folder('storage'),
      now: () => this.now,
      snapshotLimit: room,
      // Between the sizes of what is written.
      compareLimit: 5,
    });
  }

  /** Makes the edit where it can be made: a file cannot be written where a folder is. */
  async edit({ side, path, deed, size }: Edit): Promise<void> {
    const file = join(this.folder(side), path);
    const present = statsOf(file);
    if (deed === 'delete') {
      if (present) rmSync(file, { recursive: true });
    } else if (deed === 'touch') {
      if (present?.isFile()) utimesSync(file, this.now / 1000, this.now / 1000);
    } else if (!present?.isDirectory() && canHold(dirname(file))) {
      mkdirSync(dirname(file), { recursive: true });
      // No two are alike, so that it can be told which one is gone.
      writeFileSync(file, `${++this.#written}`.padStart(4 + size, '0'));
      utimesSync(file, this.now / 1000, this.now / 1000);
      if (side === 'remote') await this.#remote?.own();
    }
  }

  contents(side: 'local' | 'remote'): Contents {
    return contentsOf(this.folder(side));
  }

  /** Every content that exists anywhere: on either side, and in what the product keeps beyond a crash. */
  everything(): ReadonlySet<string> {
    return new Set([...this.onSides(), ...filesIn(this.folder('storage'))]);
  }

  /** Every content that either side has. */
  onSides(): ReadonlySet<string> {
    return new Set([...filesIn(this.folder('local')), ...filesIn(this.folder('remote'))]);
  }

  /** Every content that is kept of a sync. */
  kept(id: string): ReadonlySet<string> {
    return new Set(filesIn(this.folder('storage'), `/snapshots/${id}/`));
  }

  [Symbol.dispose](): void {
    for (const base of [this.#base, ...this.#left]) rmSync(base, { recursive: true, force: true });
  }
}

/** In memory where there is such a folder: a scenario waits for the disk some hundred times. */
function newBase(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ftps-model-'));
}

/** Whether files can be put there: nothing on the way is a file. */
function canHold(folder: string): boolean {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const stats = statsOf(at);
    if (stats) return stats.isDirectory();
  }
  return true;
}

/** @returns undefined where nothing is */
export function statsOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    // A file is on the way.
    return undefined;
  }
}

/** @param within what their paths must have in them */
function filesIn(folder: string, within = ''): string[] {
  const files = [...contentsOf(folder)].filter(([path]) => `/${path}`.includes(within));
  return files.flatMap(([, content]) => content ?? []);
}

function contentsOf(folder: string): Map<string, string | null> {
  const contents = new Map<string, string | null>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    // What is unfinished, or on its way, goes at the next start.
    if (isTemporaryName(entry.name) || /\/staging-[^/]*(?:\/|$)/.test(file)) continue;
    contents.set(file.slice(folder.length + 1), entry.isDirectory() ? null : readFileSync(file, 'utf8'));
  }
  return new Map([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
