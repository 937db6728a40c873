import { isNameRefused, isRefusal, throwIfCancelled } from './errors.ts';
import type { Leftovers } from './leftovers.ts';
import type { RemoteClient } from './remoteClient.ts';
import { baseName, joinPath, parentPath } from './remotePath.ts';
import type { SaveSource } from './saveSource.ts';
import { flightLength } from './sideBySide.ts';
import { temporaryName } from './temporaryName.ts';
import type { TreeSessions } from './treeSessions.ts';

/** A local file, and the path on the server that nothing has yet. */
export interface NewFile {
  readonly path: string;
  readonly localFile: string;
}

interface MovedFile extends NewFile {
  readonly bytes: number;
}

/** What becomes of each file; told once. */
export interface NewFileEnds {
  /** They are whole under their names. */
  moved(files: readonly MovedFile[]): void;
  failed(file: NewFile, error: unknown): void;
  /** The server wants it done otherwise, and nothing is left of it. Must not reject. */
  refused(file: NewFile): Promise<void>;
}

/** A file that the server has taken under its temporary name. */
interface StoredFile {
  readonly file: NewFile;
  readonly temporary: string;
  /** Bytes. */
  readonly sent: number;
  /** `doubtful`: the rename was said, and no reply to it came. */
  state: 'stored' | 'doubtful' | 'moved' | 'refused';
}

/** Bytes of files that are compared and renamed together. */
const mostBytes = 8 * 1024 * 1024;

/**
 * Uploads files under names that nothing has, safely and in few round trips: each goes to a temporary name, and as soon
 * as there are some, all their sizes are asked for in one flight, and those that are whole are renamed in the next. A
 * file that is not whole never has its final name.
 */
export class NewFiles {
  readonly #sessions: TreeSessions;
  readonly #leftovers: Leftovers;
  readonly #ends: NewFileEnds;
  readonly #signal: AbortSignal | undefined;
  #stored: StoredFile[] = [];

  constructor(sessions: TreeSessions, leftovers: Leftovers, ends: NewFileEnds, signal?: AbortSignal) {
    this.#sessions = sessions;
    this.#leftovers = leftovers;
    this.#ends = ends;
    this.#signal = signal;
  }

  /** Uploads one; its end may be told later, at the latest when `finish` is done. @throws RemoteError */
  async store(file: NewFile, source: SaveSource): Promise<void> {
    const stored = await this.#sessions.use({ path: file.path, operation: 'upload' }, (client) =>
      this.#storeOn(client, file, source),
    );
    if (!stored) {
      await this.#ends.refused(file);
      return;
    }
    this.#stored.push(stored);
    const bytes = this.#stored.reduce((sum, { sent }) => sum + sent, 0);
    if (this.#stored.length >= flightLength || bytes >= mostBytes) await this.finish();
  }

  /** Gives all that are stored by now their names, or takes them away again. Never rejects. */
  async finish(): Promise<void> {
    const files = this.#stored.splice(0);
    const [first] = files;
    if (!first) return;
    try {
      const deed = { path: first.file.path, operation: 'upload' } as const;
      await this.#sessions.use(deed, (client) => this.#moveOn(client, files));
    } catch (error) {
      const left = files.filter(({ state }) => state === 'stored' || state === 'doubtful');
      await this.#discard(left);
      for (const { file } of left) this.#ends.failed(file, error);
    }
    for (const { file, state } of files) if (state === 'refused') await this.#ends.refused(file);
  }

  async #storeOn(client: RemoteClient, file: NewFile, source: SaveSource): Promise<StoredFile | undefined> {
    const { path } = file;
    const temporary = joinPath(parentPath(path), temporaryName(baseName(path)));
    try {
      const sent = await client.store(temporary, source.open(), {}, this.#signal);
      return { file, temporary, sent, state: 'stored' };
    } catch (error) {
      await this.#leftovers.remove(client, temporary);
      if (isNameRefused(error) && client.isOpen) return undefined;
      throw error;
    }
  }

  /** Said again on another session when this one is lost, it finds out how far it came. */
  async #moveOn(client: RemoteClient, files: readonly StoredFile[]): Promise<void> {
    const due = files.filter(({ state }) => state === 'stored' || state === 'doubtful');
    const verdicts = await Promise.all(due.map((file) => judge(client, file)));
    throwIfCancelled(this.#signal, due[0]?.file.path ?? '/');
    const settled = await Promise.allSettled(
      due.map((file, index) => this.#settle(client, file, verdicts[index])),
    );
    const moved = due.filter(({ state }) => state === 'moved');
    this.#ends.moved(moved.map(({ file, sent }) => ({ ...file, bytes: sent })));
    const failure = settled.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  }

  /** From here on nothing is cancelled. @throws what is not about this file but about the session */
  async #settle(client: RemoteClient, file: StoredFile, verdict: Verdict | undefined): Promise<void> {
    if (verdict === 'moved' || (verdict === 'whole' && (await renames(client, file)))) {
      file.state = 'moved';
    } else {
      file.state = 'refused';
      await this.#leftovers.remove(client, file.temporary);
    }
  }

  /** Whatever became of the work, its unfinished files shall not stay. */
  async #discard(files: readonly StoredFile[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    const remove = async (client: RemoteClient): Promise<void> => {
      await Promise.all(files.map(({ temporary }) => this.#leftovers.remove(client, temporary)));
    };
    const deed = { path: first.temporary, operation: 'delete', changes: true } as const;
    await this.#sessions.use(deed, remove, new AbortController().signal).catch(() => {});
  }
}

async function renames(client: RemoteClient, file: StoredFile): Promise<boolean> {
  const wasDoubtful = file.state === 'doubtful';
  file.state = 'doubtful';
  try {
    await client.rename(file.temporary, file.file.path);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // The lost session's rename may have been done only after this one had looked.
    return wasDoubtful && (await judge(client, file)) === 'moved';
  }
}

type Verdict = 'whole' | 'moved' | 'cut';

/** What the server has of an upload: a 226 alone proves nothing. */
async function judge(client: RemoteClient, { file, temporary, sent, state }: StoredFile): Promise<Verdict> {
  const stored = await sizeAt(client, temporary);
  if (stored !== 'nothing') return stored === sent || stored === 'unknown' ? 'whole' : 'cut';
  if (state !== 'doubtful') return 'cut';
  const moved = await sizeAt(client, file.path);
  return moved === sent || moved === 'unknown' ? 'moved' : 'cut';
}

/** Bytes. `unknown` where the server cannot tell sizes: a rename of nothing will be refused. */
async function sizeAt(client: RemoteClient, path: string): Promise<number | 'unknown' | 'nothing'> {
  const size = await client.size(path);
  if (size !== undefined) return size;
  try {
    const entry = await client.stat(path);
    return entry ? (entry.size ?? 'unknown') : 'nothing';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return 'unknown';
  }
}
