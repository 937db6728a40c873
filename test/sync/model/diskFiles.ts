import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContentDigest } from '../../../src/remote/contentDigest.ts';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { RemoteEntry } from '../../../src/remote/remoteEntry.ts';
import type { SaveResult } from '../../../src/remote/safeSave.ts';
import { temporaryName } from '../../../src/remote/temporaryName.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';
import { statsOf } from './world.ts';

/** How the server of a scenario is. */
export interface ServerHabits {
  /** Milliseconds by which its clock is ahead. */
  readonly skew: number;
  readonly source: 'facts' | 'list';
  /** What it computes of its files, if anything. */
  readonly hash?: 'sha256' | 'md5' | undefined;
}

const units = { second: 1000, minute: 60_000, day: 86_400_000 };

/** A server's files as a sync sees them, on a folder of this computer: quick. */
export class DiskFiles {
  readonly #root: string;
  readonly #habits: ServerHabits;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch: times of half a year ago are told to the day by LIST */
  constructor(root: string, habits: ServerHabits, now: () => number) {
    this.#now = now;
    this.#root = root;
    this.#habits = habits;
  }

  get files(): SyncFiles {
    return {
      stat: (path) => answer(() => this.#entry(path)),
      upload: (localFile, path) => answer(() => this.#upload(localFile, path)),
      download: (path, localFile) =>
        answer(() => {
          const { size } = this.#entry(path);
          copyFileSync(this.#at(path), localFile);
          return size;
        }),
      delete: (path) =>
        answer(() => {
          const { type } = this.#entry(path);
          (type === 'directory' ? rmdirSync : unlinkSync)(this.#at(path));
        }),
      createDirectory: (path) => answer(() => this.#makeFolder(path)),
      hash: (path) => answer(() => this.#hash(path)),
      crawl: (path) => this.#crawl(path),
    };
  }

  #upload(localFile: string, path: string): SaveResult {
    requireFolder(dirname(this.#at(path)), path);
    const temporary = join(dirname(this.#at(path)), temporaryName('x'));
    copyFileSync(localFile, temporary);
    // By the clock of the scenario: one that is days behind would make all that comes look old.
    const now = this.#now() / 1000;
    utimesSync(temporary, now, now);
    renameSync(temporary, this.#at(path));
    return { entry: this.#entry(path), method: 'replaced' };
  }

  #hash(path: string): ContentDigest | undefined {
    const algorithm = this.#habits.hash;
    this.#entry(path);
    if (!algorithm) return undefined;
    const content = readFileSync(this.#at(path));
    return { algorithm, digest: createHash(algorithm).update(content).digest('hex') };
  }

  #makeFolder(path: string): void {
    requireFolder(dirname(this.#at(path)), path);
    try {
      mkdirSync(this.#at(path));
    } catch (error) {
      throw new RemoteError('exists', path, 'It is there.', { cause: error });
    }
  }

  async *#crawl(path: string): ReturnType<SyncFiles['crawl']> {
    const entries = await answer(() =>
      readdirSync(this.#at(path)).map((name) => this.#entry(join(path, name))),
    );
    yield { path, entries, complete: true, dropped: [] };
    for (const entry of entries) if (entry.type === 'directory') yield* this.#crawl(entry.path);
  }

  #entry(path: string): RemoteEntry {
    const stats = statsOf(this.#at(path));
    if (!stats) throw new RemoteError('notFound', path, 'It is not there.');
    const { skew, source } = this.#habits;
    const isOld = this.#now() - stats.mtimeMs > 180 * units.day;
    const precision = source === 'facts' ? 'second' : isOld ? 'day' : 'minute';
    const unit = units[precision];
    return {
      path,
      name: path.slice(path.lastIndexOf('/') + 1),
      type: stats.isDirectory() ? 'directory' : 'file',
      size: stats.isDirectory() ? 0 : stats.size,
      modifiedAt: Math.floor((stats.mtimeMs + skew) / unit) * unit,
      timeSource: source,
      timePrecision: precision,
    };
  }

  #at(path: string): string {
    return join(this.#root, path);
  }
}

/** An answer comes later than its question: what else is asked comes between. */
async function answer<Result>(act: () => Result): Promise<Result> {
  await nextTurn();
  const result = act();
  await nextTurn();
  return result;
}

function requireFolder(folder: string, path: string): void {
  if (!statsOf(folder)?.isDirectory()) throw new RemoteError('notFound', path, 'The folder is not there.');
}
