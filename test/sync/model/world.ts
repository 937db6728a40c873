import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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

/**
 * Both sides of a pair and what the product keeps, on this computer, and a clock that a scenario moves on. Its files are
 * read and written at once: the way to Node's threads and back costs more than they do.
 */
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
  static create(remote?: RemoteFolder): World {
    // In memory where there is such a folder: a scenario waits for the disk some hundred times.
    const base = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ftps-model-'));
    for (const name of ['local', 'remote', 'storage']) mkdirSync(join(base, name));
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
      if (side === 'remote') await this.#remote.own();
    }
  }

  contents(side: 'local' | 'remote'): Contents {
    return contentsOf(this.folder(side));
  }

  /** Every content that exists anywhere: on either side, and in what the product keeps. */
  everything(): ReadonlySet<string> {
    const all = new Set<string>();
    for (const side of ['local', 'remote', 'storage'] as const) {
      for (const content of contentsOf(this.folder(side), true).values())
        if (content !== null) all.add(content);
    }
    return all;
  }

  [Symbol.dispose](): void {
    rmSync(this.#base, { recursive: true, force: true });
  }
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

function contentsOf(folder: string, all = false): Map<string, string | null> {
  const contents = new Map<string, string | null>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!all && isTemporaryName(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    contents.set(file.slice(folder.length + 1), entry.isDirectory() ? null : readFileSync(file, 'utf8'));
  }
  return new Map([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
