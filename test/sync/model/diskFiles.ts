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
      stat: (path) => this.#entry(path),
      upload: async (localFile, path) => {
        await requireFolder(dirname(this.#at(path)), path);
        const temporary = join(dirname(this.#at(path)), temporaryName('x'));
        await copyFile(localFile, temporary);
        await rename(temporary, this.#at(path));
        return { entry: await this.#entry(path), method: 'replaced' };
      },
      download: async (path, localFile) => {
        await this.#entry(path);
        await copyFile(this.#at(path), localFile);
        return (await lstat(localFile)).size;
      },
      delete: async (path) => {
        const { type } = await this.#entry(path);
        await (type === 'directory' ? rmdir(this.#at(path)) : unlink(this.#at(path)));
      },
      createDirectory: async (path) => {
        await requireFolder(dirname(this.#at(path)), path);
        try {
          await mkdir(this.#at(path));
        } catch (error) {
          throw new RemoteError('exists', path, 'It is there.', { cause: error });
        }
      },
      crawl: (path) => this.#crawl(path),
    };
  }

  async *#crawl(path: string): ReturnType<SyncFiles['crawl']> {
    const names = await readdir(this.#at(path));
    const entries = await Promise.all(names.map((name) => this.#entry(join(path, name))));
    yield { path, entries, complete: true, dropped: [] };
    for (const entry of entries) if (entry.type === 'directory') yield* this.#crawl(entry.path);
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
