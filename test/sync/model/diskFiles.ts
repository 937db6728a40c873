import { copyFile, lstat, mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { RemoteEntry } from '../../../src/remote/remoteEntry.ts';
import { temporaryName } from '../../../src/remote/temporaryName.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';

/** How the server of a scenario is. */
export interface ServerHabits {
  /** Milliseconds by which its clock is ahead. */
  readonly skew: number;
  readonly source: 'facts' | 'list';
}

/** Something that goes wrong on the way to the server. */
export interface Fault {
  /** How many calls go well before. */
  readonly after: number;
  /** `lost`: the deed is done and its answer never comes; `dead`: nothing is answered from then on. */
  readonly kind: 'refused' | 'lost' | 'dead';
}

const units = { second: 1000, minute: 60_000, day: 86_400_000 };

/** A server's files as a sync sees them, on a folder of this computer: quick, and as faulty as a test wants it. */
export class DiskFiles {
  readonly #root: string;
  readonly #habits: ServerHabits;
  readonly #now: () => number;
  #fault: Fault | undefined;
  #calls = 0;

  /** @param now milliseconds since the epoch: times of half a year ago are told to the day by LIST */
  constructor(root: string, habits: ServerHabits, now: () => number) {
    this.#now = now;
    this.#root = root;
    this.#habits = habits;
  }

  /** From now on; undefined: everything goes well. */
  breakDown(fault: Fault | undefined): void {
    this.#fault = fault;
    this.#calls = 0;
  }

  get files(): SyncFiles {
    return {
      stat: (path) => this.#call(path, () => this.#entry(path)),
      upload: (localFile, path) =>
        this.#call(path, async () => {
          await requireFolder(dirname(this.#at(path)), path);
          const temporary = join(dirname(this.#at(path)), temporaryName('x'));
          await copyFile(localFile, temporary);
          await rename(temporary, this.#at(path));
          return { entry: await this.#entry(path), method: 'replaced' };
        }),
      download: (path, localFile) =>
        this.#call(path, async () => {
          await this.#entry(path);
          await copyFile(this.#at(path), localFile);
          return (await lstat(localFile)).size;
        }),
      delete: (path) =>
        this.#call(path, async () => {
          const { type } = await this.#entry(path);
          await (type === 'directory' ? rmdir(this.#at(path)) : unlink(this.#at(path)));
        }),
      createDirectory: (path) =>
        this.#call(path, async () => {
          await requireFolder(dirname(this.#at(path)), path);
          try {
            await mkdir(this.#at(path));
          } catch (error) {
            throw new RemoteError('exists', path, 'It is there.', { cause: error });
          }
        }),
      crawl: (path) => this.#crawl(path),
    };
  }

  async *#crawl(path: string): ReturnType<SyncFiles['crawl']> {
    const entries = await this.#call(path, async () => {
      const names = await readdir(this.#at(path));
      return Promise.all(names.map((name) => this.#entry(join(path, name))));
    });
    yield { path, entries, complete: true, dropped: [] };
    for (const entry of entries) if (entry.type === 'directory') yield* this.#crawl(entry.path);
  }

  async #call<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
    const fault = this.#fault;
    const count = this.#calls++;
    const strikes = fault && (fault.kind === 'dead' ? count >= fault.after : count === fault.after);
    if (strikes && fault.kind !== 'lost') throw gone(path);
    const result = await act();
    if (strikes) throw gone(path);
    return result;
  }

  async #entry(path: string): Promise<RemoteEntry> {
    const stats = await lstat(this.#at(path)).catch((cause: unknown) => {
      throw new RemoteError('notFound', path, 'It is not there.', { cause });
    });
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

async function requireFolder(folder: string, path: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats?.isDirectory()) throw new RemoteError('notFound', path, 'The folder is not there.');
}

function gone(path: string): RemoteError {
  return new RemoteError('unavailable', path, 'The connection is gone.', { retryable: true });
}
