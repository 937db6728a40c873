import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RemoteError } from '../remote/errors.ts';
import { ifMissing, Journal } from './journal.ts';
import { readSnapshotEntry, type SnapshotEntry } from './snapshotEntry.ts';

/** One sync that can be undone. */
export interface SyncRecord {
  readonly id: string;
  /** In the order in which they were done. */
  readonly entries: readonly SnapshotEntry[];
}

const entriesFile = 'entries.jsonl';

/** Keeps what syncs overwrite and delete, within a bound: the oldest syncs go first. */
export class SnapshotStore {
  readonly #folder: string;
  readonly #maxBytes: number;

  constructor(folder: string, maxBytes: number) {
    this.#folder = join(folder, 'snapshots');
    this.#maxBytes = maxBytes;
  }

  /** @param now milliseconds since the epoch */
  async begin(now: number): Promise<SnapshotWriter> {
    const day = new Date(now).toISOString().replaceAll(/[-:]/g, '');
    const taken = new Set(await this.#ids());
    for (let count = 0; ; count++) {
      const id = `${day}-${String(count).padStart(3, '0')}`;
      if (taken.has(id)) continue;
      const folder = join(this.#folder, id);
      await mkdir(folder, { recursive: true });
      const { journal } = await Journal.open(join(folder, entriesFile));
      return new SnapshotWriter({ id, folder, journal, reserve: await this.#room(id) });
    }
  }

  /** The newest first; those in which nothing was done are left out. */
  async list(): Promise<readonly SyncRecord[]> {
    const records: SyncRecord[] = [];
    for (const id of (await this.#ids()).toReversed()) {
      const { journal, records: lines } = await Journal.open(join(this.#folder, id, entriesFile));
      await journal.close();
      const entries = latest(lines.flatMap((line) => readSnapshotEntry(line) ?? []));
      if (entries.length > 0) records.push({ id, entries });
    }
    return records;
  }

  /** Where the content of an entry is kept. */
  fileOf(id: string, content: string): string {
    return join(this.#folder, id, content);
  }

  async forget(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  async #ids(): Promise<string[]> {
    return (await readdir(this.#folder).catch(ifMissing<string[]>([]))).toSorted(byName);
  }

  /** What makes room for so many bytes more of the sync that runs, by forgetting the oldest others. */
  async #room(running: string): Promise<(bytes: number) => Promise<void>> {
    const others: { readonly id: string; readonly bytes: number }[] = [];
    for (const id of await this.#ids())
      if (id !== running) others.push({ id, bytes: await this.#sizeOf(id) });
    let total = others.reduce((sum, { bytes }) => sum + bytes, 0);
    return async (bytes) => {
      while (total + bytes > this.#maxBytes) {
        const oldest = others.shift();
        if (!oldest) throw full(this.#maxBytes);
        await this.forget(oldest.id);
        total -= oldest.bytes;
      }
      total += bytes;
    };
  }

  async #sizeOf(id: string): Promise<number> {
    const folder = join(this.#folder, id);
    const names = await readdir(folder).catch(ifMissing([]));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}

interface WriterOptions {
  readonly id: string;
  readonly folder: string;
  readonly journal: Journal;
  readonly reserve: (bytes: number) => Promise<void>;
}

/** What one sync keeps while it runs. */
export class SnapshotWriter implements AsyncDisposable {
  readonly id: string;
  readonly #options: WriterOptions;
  #contents = 0;
  #isEmpty = true;
  #reserving: Promise<void> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /**
   * Keeps a local file as it is now. @returns the name of its content
   * @throws RemoteError `noSpace` when it is more than the store may hold: then it must not be touched
   */
  async keepLocal(localFile: string): Promise<string> {
    const { size } = await stat(localFile);
    return this.keep(size, async (content) => {
      await copyFile(localFile, content, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    });
  }

  /**
   * Keeps what `fetch` writes into the file that it is given. @param bytes how much that is
   * @throws RemoteError `noSpace`, and what `fetch` throws
   */
  async keep(bytes: number, fetch: (content: string) => Promise<void>): Promise<string> {
    const { folder, reserve } = this.#options;
    // One after the other, or two would count on the same room.
    const reserved = this.#reserving.then(() => reserve(bytes));
    this.#reserving = reserved.catch(() => undefined);
    await reserved;
    const name = String(++this.#contents);
    const content = join(folder, name);
    await fetch(content);
    await syncFile(content);
    return name;
  }

  /** Resolves when it is on the disk. */
  record(entry: SnapshotEntry): Promise<void> {
    this.#isEmpty = false;
    return this.#options.journal.append(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { journal, folder } = this.#options;
    await journal.close();
    if (this.#isEmpty) await rm(folder, { recursive: true, force: true });
  }
}

/** A step is recorded before it acts and once more behind it, when it is known what it left. */
function latest(entries: readonly SnapshotEntry[]): SnapshotEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.side}:${entry.path}`, entry])).values()];
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function full(bytes: number): RemoteError {
  const limit = `${Math.round(bytes / 1_048_576)} MiB`;
  const message = `What was there before does not fit into the ${limit} that are kept for an undo ("ftps.sync.snapshotLimit"). Nothing was changed: raise the limit, or carry this file over by hand.`;
  return new RemoteError('noSpace', '/', message);
}
