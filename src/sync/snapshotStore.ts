import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashOf } from './hashOf.ts';
import { Journal } from './journal.ts';
import { OpenMark } from './openMark.ts';
import type { Restored } from './restored.ts';
import type { SnapshotEntry } from './snapshotEntry.ts';
import { idAfter } from './snapshotId.ts';
import { type KeptSync, SnapshotRoom } from './snapshotRoom.ts';
import { syncFile } from './syncFile.ts';
import { readSyncRecord, type SyncRecord, undoLine } from './syncRecord.ts';
import { ifMissing, isSystemError } from './systemErrors.ts';

const entriesFile = 'entries.jsonl';

/**
 * Keeps what syncs overwrite and delete, within a bound: the oldest that have ended go first, and only when something is
 * there to take their place. What there is no room for must not be touched. One store is to be opened for each folder.
 */
export class SnapshotStore {
  readonly #folder: string;
  readonly #room: SnapshotRoom;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param limit bytes, but for what is kept while a sync is being undone; read at each use */
  constructor(folder: string, limit: () => number) {
    this.#folder = join(folder, 'snapshots');
    this.#room = new SnapshotRoom(limit);
  }

  /**
   * @param now milliseconds since the epoch
   * @param undoing the sync that is taken back, which is spared whatever is kept meanwhile
   */
  begin(now: number, undoing?: string): Promise<SnapshotWriter> {
    return this.#inTurn(async () => this.#open(await this.#newFolder(now), undoing));
  }

  /** Goes on with a sync, as long as nothing has come after it and none of it was taken back; else begins a new one. */
  async resume(id: string, now: number): Promise<SnapshotWriter> {
    const again = await this.#inTurn(async () => {
      if ((await this.#ids()).at(-1) !== id || this.#room.isOpen(id)) return undefined;
      const { entries, isUndone } = await this.#read(id);
      return entries.length === 0 || isUndone ? undefined : this.#open(id);
    });
    return again ?? this.begin(now);
  }

  /**
   * The last sync that has changed something and was not taken back, with what undos have brought back since; no undo is
   * one.
   */
  async last(): Promise<SyncRecord | undefined> {
    const restored: Restored[] = [];
    for (const id of (await this.#ids()).toReversed()) {
      const record = await this.#read(id);
      restored.push(...record.restored);
      if (record.entries.length > 0 && !record.isUndo) return { ...record, restored };
    }
    return undefined;
  }

  /** Whether this process is still at it. */
  isOpen(id: string): boolean {
    return this.#room.isOpen(id);
  }

  /** Notes what an undo has dealt with, as `undoneLine` says it: the next one steps back past it. */
  async markUndone(id: string, lines: readonly unknown[]): Promise<void> {
    const { journal } = await Journal.open(join(this.#folder, id, entriesFile));
    try {
      await Promise.all(lines.map((line) => journal.append(line)));
    } finally {
      await journal.close();
    }
  }

  /** Where the content of an entry is kept. */
  fileOf(id: string, content: string): string {
    return join(this.#folder, id, content);
  }

  async #newFolder(now: number): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    for (;;) {
      const id = idAfter(await this.#ids(), now);
      // Another process may have taken it in this moment.
      if (await mkdir(join(this.#folder, id)).then(() => true, ifThere)) return id;
    }
  }

  async #open(id: string, undoing?: string): Promise<SnapshotWriter> {
    const folder = join(this.#folder, id);
    const mark = await OpenMark.put(folder);
    const { journal, records } = await Journal.open(join(folder, entriesFile));
    if (undoing !== undefined) await journal.append(undoLine(undoing));
    const { bytes } = await this.#sizeOf(id);
    this.#room.open(id, bytes, undoing);
    let isKnown = false;
    const reserve = async (more: number): Promise<void> => {
      if (!isKnown)
        this.#room.learn(await Promise.all((await this.#ids()).map((each) => this.#sizeOf(each))));
      isKnown = true;
      this.#room.reserve(id, more);
    };
    return new SnapshotWriter({
      id,
      folder,
      journal,
      contents:
        records.length === 0
          ? 0
          : Math.max(0, ...(await readdir(folder)).map(Number).filter(Number.isInteger)),
      isEmpty: records.length === 0,
      // One after the other, or two would count on the same room.
      reserve: (more) => this.#inTurn(() => reserve(more)),
      release: (less) => this.#room.release(id, less),
      claim: async () => {
        for (const going of this.#room.claim(id)) await this.#forget(going);
      },
      close: async (isKept) => {
        this.#room.close(id, isKept);
        await mark.take();
      },
    });
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const acting = this.#turn.then(act);
    this.#turn = acting.catch(() => undefined);
    return acting;
  }

  async #forget(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  async #ids(): Promise<string[]> {
    return (await readdir(this.#folder).catch(ifMissing<string[]>([]))).toSorted(byName);
  }

  async #read(id: string): Promise<SyncRecord> {
    return readSyncRecord(
      id,
      await readFile(join(this.#folder, id, entriesFile), 'utf8').catch(ifMissing('')),
    );
  }

  async #sizeOf(id: string): Promise<KeptSync> {
    const folder = join(this.#folder, id);
    const names = await readdir(folder).catch(ifMissing([]));
    const sizes = await Promise.all(
      names.map((name) => stat(join(folder, name)).then(({ size }) => size, ifMissing(0))),
    );
    const isHeld = !this.#room.isOpen(id) && OpenMark.isAmong(names);
    return { id, bytes: sizes.reduce((sum, size) => sum + size, 0), isHeld };
  }
}

interface WriterOptions {
  readonly id: string;
  readonly folder: string;
  readonly journal: Journal;
  /** The highest number of a content that is there already. */
  readonly contents: number;
  readonly isEmpty: boolean;
  /** Takes room for so many bytes. */
  readonly reserve: (bytes: number) => Promise<void>;
  readonly release: (bytes: number) => void;
  /** Has go what gives way. */
  readonly claim: () => Promise<void>;
  readonly close: (isKept: boolean) => Promise<void>;
}

/** What one sync keeps while it runs. */
export class SnapshotWriter implements AsyncDisposable {
  readonly id: string;
  readonly #options: WriterOptions;
  readonly #hashes = new Map<string, string>();
  #contents: number;
  #isEmpty: boolean;

  constructor(options: WriterOptions) {
    this.id = options.id;
    this.#options = options;
    this.#contents = options.contents;
    this.#isEmpty = options.isEmpty;
  }

  /**
   * Keeps a local file as it is now. @returns the name of its content
   * @throws RemoteError `noSpace` when it is more than the store may hold: then it must not be touched
   */
  async keepLocal(localFile: string): Promise<string> {
    const { size } = await stat(localFile);
    return this.keep(size, async (content) => {
      await copyFile(localFile, content, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      // One that nobody may write could neither be brought to the disk nor be forgotten everywhere.
      await chmod(content, 0o600);
      this.#hashes.set(basename(content), await hashOf(content));
    });
  }

  /** SHA-256 of what was kept of a local file. */
  hashOf(content: string): string | undefined {
    return this.#hashes.get(content);
  }

  /**
   * Keeps what `fetch` writes into the file that it is given. @param bytes how much that is
   * @throws RemoteError `noSpace`, and what `fetch` throws
   */
  async keep(bytes: number, fetch: (content: string) => Promise<void>): Promise<string> {
    const { folder, reserve, release } = this.#options;
    await reserve(bytes);
    const name = String(++this.#contents);
    const content = join(folder, name);
    try {
      await fetch(content);
      await syncFile(content);
    } catch (error) {
      await rm(content, { force: true });
      release(bytes);
      throw error;
    }
    return name;
  }

  /** Resolves when it is on the disk. */
  async record(entry: SnapshotEntry): Promise<void> {
    const { claim, journal } = this.#options;
    this.#isEmpty = false;
    const hash = this.#hashes.get(entry.content ?? '');
    await journal.append(hash === undefined ? entry : { ...entry, hash });
    // Not before: there is always a last sync to go back from.
    await claim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { journal, folder, close } = this.#options;
    await journal.close();
    if (this.#isEmpty) await rm(folder, { recursive: true, force: true });
    await close(!this.#isEmpty);
  }
}

function ifThere(error: unknown): false {
  if (isSystemError(error, 'EEXIST')) return false;
  throw error;
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
