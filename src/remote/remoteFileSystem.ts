import { type Clock, systemClock } from '../client/clock.ts';
import { type ContentDigest, digestOf } from './contentDigest.ts';
import { type CrawledFolder, type CrawlOptions, crawlTree } from './crawl.ts';
import { deleteTree } from './deleteTree.ts';
import { downloadFolder } from './downloadFolder.ts';
import { isRefusal, RemoteError } from './errors.ts';
import { FileReader, type ReadFile } from './fileReader.ts';
import { FolderReader, type ListOptions, type LookOptions } from './folderReader.ts';
import type { FolderResult, FolderTransferOptions } from './folderTransfer.ts';
import { Leftovers } from './leftovers.ts';
import { downloadFile, type ProgressOptions, requireLocalFile } from './localFiles.ts';
import { PathQueue } from './pathQueue.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry, RemoteListing } from './remoteEntry.ts';
import { isInside, normalisePath, parentPath } from './remotePath.ts';
import { renameSafely } from './renameSafely.ts';
import { type KeepLocalCopy, type SaveResult, saveSafely } from './safeSave.ts';
import type { SaveOptions } from './savePlace.ts';
import { contentSource, fileSource, type SaveSource } from './saveSource.ts';
import { downloadInSegments } from './segments.ts';
import { Sessions, type SessionSource } from './sessions.ts';
import type { TreePorts } from './treePorts.ts';
import { TreeSessions } from './treeSessions.ts';
import { uploadFolder } from './uploadFolder.ts';

export interface RemoteChange {
  readonly path: string;
  readonly type: 'created' | 'changed' | 'deleted';
}

export interface RemoteFileSystemOptions {
  readonly clock?: Clock;
  /** Keeps what is saved on this computer while it must be written over the only copy on the server. */
  readonly keepLocalCopy?: KeepLocalCopy | undefined;
  /** Large files come in several segments side by side, where the server allows it. */
  readonly segmentedTransfers?: boolean;
}

/** The files of one server under one login: all that upper layers need. Every call rejects with a `RemoteError`. */
export class RemoteFileSystem {
  readonly #sessions: Sessions;
  readonly #folders: FolderReader;
  readonly #reader: FileReader;
  readonly #leftovers = new Leftovers();
  readonly #saves = new PathQueue<SaveResult>();
  readonly #keepLocalCopy: KeepLocalCopy | undefined;
  readonly #segmentedTransfers: boolean;
  readonly #listeners = new Set<(changes: readonly RemoteChange[]) => void>();

  constructor(pool: SessionSource, options: RemoteFileSystemOptions = {}) {
    const clock = options.clock ?? systemClock;
    this.#sessions = new Sessions(pool, clock);
    this.#folders = new FolderReader(this.#sessions, clock);
    this.#reader = new FileReader(this.#sessions, this.#folders, clock);
    this.#keepLocalCopy = options.keepLocalCopy;
    this.#segmentedTransfers = options.segmentedTransfers ?? false;
  }

  /** Logs in, so that what is wrong with the connection shows at once. */
  async connect(signal?: AbortSignal): Promise<void> {
    await this.#sessions.use({ path: '/', operation: 'connect for' }, async () => {}, signal);
  }

  /** Follows a link to say what it leads to. @throws RemoteError `notFound` */
  stat(path: string, options: LookOptions = {}, signal?: AbortSignal): Promise<RemoteEntry> {
    return this.#folders.stat(path, options, signal);
  }

  list(path: string, options: ListOptions = {}, signal?: AbortSignal): Promise<RemoteListing> {
    return this.#folders.list(path, options, signal);
  }

  /** The whole file; one that arrives cut short is an error. Callers may share the result: it must not be changed. */
  async readFile(path: string, options: ProgressOptions = {}, signal?: AbortSignal): Promise<Uint8Array> {
    return (await this.read(path, options, signal)).content;
  }

  /** The same, with what the server said of the file right before. */
  read(path: string, options: ProgressOptions = {}, signal?: AbortSignal): Promise<ReadFile> {
    return this.#reader.read(normalisePath(path), options, signal);
  }

  /** Saves of the same file run one after the other; of those that wait, only the newest is written. */
  writeFile(
    path: string,
    content: Uint8Array,
    options: SaveOptions,
    signal?: AbortSignal,
  ): Promise<SaveResult> {
    return this.#save(path, contentSource(content), options, signal);
  }

  /** Saves a local file on the server, streamed from the disk. */
  async upload(
    localFile: string,
    path: string,
    options: Pick<SaveOptions, 'onProgress' | 'approve' | 'mode'> = {},
    signal?: AbortSignal,
  ): Promise<SaveResult> {
    await requireLocalFile(localFile, normalisePath(path));
    return this.#save(path, fileSource(localFile), { create: true, overwrite: true, ...options }, signal);
  }

  /** The local file appears, or changes, only when all of it has arrived. @returns bytes */
  async download(
    path: string,
    localFile: string,
    options: ProgressOptions = {},
    signal?: AbortSignal,
  ): Promise<number> {
    const file = normalisePath(path);
    const bytes = this.#segmentedTransfers
      ? await downloadInSegments(this.#sessions, file, localFile, options, signal)
      : undefined;
    if (bytes !== undefined) return bytes;
    return this.#sessions.use(
      { path: file, operation: 'download' },
      (client) => downloadFile(client, file, localFile, options, signal),
      signal,
    );
  }

  /** What the server itself computes of a file's bytes; undefined where it computes nothing to rely on. */
  hash(path: string, signal?: AbortSignal): Promise<ContentDigest | undefined> {
    const file = normalisePath(path);
    const ask = async (client: RemoteClient): Promise<ContentDigest | undefined> => {
      const told = await client.hash(file, signal);
      return told && digestOf(told);
    };
    return this.#sessions.use({ path: file, operation: 'read' }, ask, signal);
  }

  /** @throws FolderTransferError with everything that failed; the rest is done nevertheless. */
  uploadDirectory(
    localFolder: string,
    path: string,
    options: FolderTransferOptions = {},
    signal?: AbortSignal,
  ): Promise<FolderResult> {
    return uploadFolder(this.#trees(), localFolder, normalisePath(path), options, signal);
  }

  /** @throws FolderTransferError with everything that failed; the rest is done nevertheless. */
  downloadDirectory(
    path: string,
    localFolder: string,
    options: FolderTransferOptions = {},
    signal?: AbortSignal,
  ): Promise<FolderResult> {
    return downloadFolder(this.#trees(), normalisePath(path), localFolder, options, signal);
  }

  /** A folder and all below it, each folder as its listing comes. Links are told, never followed. */
  crawl(path: string, options: CrawlOptions = {}, signal?: AbortSignal): AsyncGenerator<CrawledFolder> {
    const ports = { sessions: new TreeSessions(this.#sessions, signal), folders: this.#folders };
    return crawlTree(ports, normalisePath(path), options, signal);
  }

  /** @throws RemoteError `exists`, or `notFound` when the folder around it is missing. */
  async createDirectory(path: string, signal?: AbortSignal): Promise<void> {
    const folder = normalisePath(path);
    await this.#change(folder, 'create', (client) => makeFolder(client, folder, signal), signal);
    this.#changed([{ path: folder, type: 'created' }]);
  }

  /** Deletes links, never what they lead to. */
  async delete(path: string, options: { readonly recursive: boolean }, signal?: AbortSignal): Promise<void> {
    const target = normalisePath(path);
    try {
      await deleteTree(this.#trees(), target, options.recursive, signal);
    } finally {
      this.#folders.forgetKind(target);
    }
    this.#changed([{ path: target, type: 'deleted' }]);
  }

  async rename(
    from: string,
    to: string,
    options: { readonly overwrite: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    const [source, target] = [normalisePath(from), normalisePath(to)];
    if (source === target) return;
    if (isInside(source, target)) {
      throw new RemoteError('failed', source, `Cannot move ${source} into itself.`);
    }
    const context = { folders: this.#folders, sessions: this.#sessions, leftovers: this.#leftovers };
    const move = (client: RemoteClient): Promise<void> =>
      renameSafely(context, client, source, target, options.overwrite, signal);
    try {
      await this.#change(source, 'rename', move, signal);
    } finally {
      this.#folders.forgetKind(target);
    }
    this.#changed([
      { path: source, type: 'deleted' },
      { path: target, type: 'created' },
    ]);
  }

  /** Forgets what is known about a folder and all below it. */
  refresh(path: string): void {
    this.#folders.forgetKind(normalisePath(path));
  }

  /** Told what this file system changed. The answer ends it. */
  onDidChange(listener: (changes: readonly RemoteChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  async #save(
    path: string,
    source: SaveSource,
    options: SaveOptions,
    signal: AbortSignal | undefined,
  ): Promise<SaveResult> {
    const file = normalisePath(path);
    const context = {
      sessions: this.#sessions,
      folders: this.#folders,
      leftovers: this.#leftovers,
      keepLocalCopy: this.#keepLocalCopy,
    };
    // Where somebody is asked, the answer is about this content and no other.
    const supersedes = options.create && options.overwrite && !options.approve;
    const save = async (stop: AbortSignal): Promise<SaveResult> => {
      const result = await saveSafely(context, file, source, options, stop);
      this.#reader.seeWritten(result.entry);
      const type = result.method === 'created' ? 'created' : 'changed';
      const paths = new Set([file, result.entry.path]);
      this.#changed([...paths].map((changed) => ({ path: changed, type })));
      return result;
    };
    return this.#saves.run(file, save, { supersedes }, signal);
  }

  async #change(
    path: string,
    operation: 'create' | 'rename',
    act: (client: RemoteClient) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.#sessions.use({ path, operation, changes: true }, act, signal);
    } finally {
      this.#folders.forgetKind(path);
    }
  }

  #trees(): TreePorts {
    return {
      sessions: this.#sessions,
      folders: this.#folders,
      leftovers: this.#leftovers,
      segmentedTransfers: this.#segmentedTransfers,
      upload: (localFile, path, options, signal) => this.upload(localFile, path, options, signal),
      createDirectory: (path, signal) => this.createDirectory(path, signal),
      changed: (changes) => this.#changed(changes),
    };
  }

  #changed(changes: readonly RemoteChange[]): void {
    for (const listener of this.#listeners) listener(changes);
  }
}

async function makeFolder(client: RemoteClient, path: string, signal?: AbortSignal): Promise<void> {
  try {
    await client.createDirectory(path, signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (await client.stat(path, signal)) {
      throw new RemoteError('exists', path, `${path} exists already.`, { cause: error });
    }
    const parent = parentPath(path);
    if (parent !== '/' && !(await client.stat(parent, signal))) {
      throw new RemoteError('notFound', path, `Cannot create ${path}. The folder ${parent} does not exist.`, {
        cause: error,
      });
    }
    throw new RemoteError('noPermission', path, `Cannot create ${path}. ${error.message}`, { cause: error });
  }
}
