import type { ContentDigest } from '../remote/contentDigest.ts';
import { ifNotFound, RemoteError } from '../remote/errors.ts';
import type { RemoteEntry } from '../remote/remoteEntry.ts';
import type { RemoteFileSystem } from '../remote/remoteFileSystem.ts';
import type { SaveResult } from '../remote/safeSave.ts';
import { joinPath } from '../remote/remotePath.ts';
import { type FileVersion, isSameVersion } from './fileVersion.ts';
import { hashOf } from './hashOf.ts';
import {
  changedMeanwhile,
  type ChangeContext,
  type Expected,
  type Side,
  type StagedContent,
} from './side.ts';
import { parentOf } from './sideTree.ts';
import type { SnapshotEntry } from './snapshotEntry.ts';
import type { Staging } from './staging.ts';

/** What a sync uses of a remote file system. */
export type SyncFiles = Pick<
  RemoteFileSystem,
  'stat' | 'upload' | 'download' | 'delete' | 'createDirectory' | 'crawl' | 'hash'
>;

interface UploadHooks {
  /** Told the bytes sent so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Told what is to be replaced, right before that; what it throws keeps it from being replaced. */
  readonly approve?: ((existing: RemoteEntry | undefined) => void) | undefined;
  /** Told each folder that was made. */
  readonly onFolder?: ((path: string) => Promise<void>) | undefined;
  /** Permissions of a file that is not there yet. */
  readonly mode?: number | undefined;
}

const where = 'on the server';

/** The remote folder of a pair. */
export class RemoteSide implements Side {
  readonly #files: SyncFiles;
  readonly #root: string;
  readonly #staging: Staging;

  constructor(files: SyncFiles, root: string, staging: Staging) {
    this.#files = files;
    this.#root = root;
    this.#staging = staging;
  }

  async stage(path: string, expected: Expected, signal?: AbortSignal): Promise<StagedContent> {
    const before = await this.#requireFile(path, expected, signal);
    const file = this.#staging.newFile();
    const { hash } = await this.#fetch(path, file, expected, signal);
    // Somebody may have written while it was read.
    const after = await this.#requireFile(path, expected, signal);
    if (!isSameVersion(before, after)) throw changedMeanwhile(path, where);
    const node = expected.node?.kind === 'file' ? expected.node.version : after;
    return { file, hash, version: node };
  }

  async digest(path: string, expected: Expected, signal?: AbortSignal): Promise<ContentDigest | undefined> {
    const told = await this.#files.hash(this.#pathOf(path), signal);
    if (told) await this.#requireFile(path, expected, signal);
    return told;
  }

  async put(path: string, content: StagedContent, context: ChangeContext): Promise<FileVersion> {
    const { expected, snapshot, before, mode, signal } = context;
    const kept = await this.#keep(path, context);
    const entry = {
      side: 'remote',
      path,
      kind: 'file',
      change: kept ? 'overwritten' : 'created',
      ...kept,
      ...(before ? { before } : {}),
    } as const;
    await snapshot.record(entry);
    if (!kept) await this.requireNothing(path, signal);
    else await this.#requireFile(path, expected, signal);
    // The folder around it may have gone while there was something new to put into it.
    const onFolder = (folder: string): Promise<void> => recordFolder(folder, context);
    const approve = (existing: RemoteEntry | undefined): void => {
      if (!isAsExpected(expected, existing)) throw changedMeanwhile(path, where);
    };
    const saved = await this.upload(path, content.file, { onFolder, approve, mode }, signal);
    const after = versionOf(saved.entry);
    await snapshot.record({ ...entry, after });
    return after;
  }

  async remove(path: string, context: ChangeContext): Promise<void> {
    const { expected, snapshot, before, signal } = context;
    const kept = await this.#keep(path, context);
    if (!kept) return this.requireNothing(path, signal);
    const entry = { side: 'remote', path, kind: 'file', change: 'deleted', ...kept } as const;
    await snapshot.record({ ...entry, ...(before ? { before } : {}) });
    await this.#requireFile(path, expected, signal);
    await this.#files.delete(this.#pathOf(path), { recursive: false }, signal);
  }

  async requireNothing(path: string, signal?: AbortSignal): Promise<void> {
    if (await this.look(path, signal)) throw changedMeanwhile(path, where);
  }

  async makeFolder(path: string, context: ChangeContext): Promise<void> {
    await this.#makeFolders(path, (folder) => recordFolder(folder, context), context.signal);
  }

  async removeFolder(path: string, { snapshot, before, signal }: ChangeContext): Promise<void> {
    const found = await this.look(path, signal);
    // It went by itself, and there is nothing to bring back.
    if (!found) return;
    // Something else has taken its name, which is kept nowhere.
    if (found.type !== 'directory') throw changedMeanwhile(path, where);
    await this.#files.delete(this.#pathOf(path), { recursive: false }, signal);
    const entry = { side: 'remote', path, kind: 'folder', change: 'deleted' } as const;
    await snapshot.record({ ...entry, ...(before ? { before } : {}) });
  }

  /** Keeps what is to be overwritten or deleted. @returns undefined when nothing is expected there */
  async #keep(
    path: string,
    { expected, snapshot, signal }: ChangeContext,
  ): Promise<Pick<SnapshotEntry, 'content' | 'hash' | 'mode' | 'was'> | undefined> {
    if (!expected.node) return undefined;
    const found = await this.#lookAtFile(path, expected, signal);
    const { size, mode } = found;
    let hash = '';
    const content = await snapshot.keep(size, async (file) => {
      ({ hash } = await this.#fetch(path, file, expected, signal));
    });
    return { content, hash, was: versionOf(found), ...(mode === undefined ? {} : { mode }) };
  }

  async #fetch(
    path: string,
    file: string,
    expected: Expected,
    signal?: AbortSignal,
  ): Promise<{ readonly hash: string }> {
    const bytes = await this.#files.download(this.#pathOf(path), file, {}, signal);
    const hash = await hashOf(file);
    const isOther = expected.hash !== undefined && hash !== expected.hash;
    const size = expected.node?.kind === 'file' ? expected.node.version.size : bytes;
    if (isOther || bytes !== size) throw changedMeanwhile(path, where);
    return { hash };
  }

  async #requireFile(path: string, expected: Expected, signal?: AbortSignal): Promise<FileVersion> {
    return versionOf(await this.#lookAtFile(path, expected, signal));
  }

  async #lookAtFile(path: string, expected: Expected, signal?: AbortSignal): Promise<RemoteEntry> {
    const entry = await this.look(path, signal);
    if (!entry || !isAsExpected(expected, entry)) throw changedMeanwhile(path, where);
    return entry;
  }

  async #requireFolder(path: string, signal?: AbortSignal): Promise<void> {
    if ((await this.look(path, signal))?.type !== 'directory') throw changedMeanwhile(path, where);
  }

  /** Saves a local file as it is, whatever is there, in folders that are made where they are missing. */
  async upload(
    path: string,
    file: string,
    { onProgress, approve, onFolder, mode }: UploadHooks,
    signal?: AbortSignal,
  ): Promise<SaveResult> {
    const options = {
      ...(onProgress ? { onProgress } : {}),
      ...(approve ? { approve } : {}),
      ...(mode === undefined ? {} : { mode }),
    };
    const save = (): Promise<SaveResult> => this.#files.upload(file, this.#pathOf(path), options, signal);
    try {
      return await save();
    } catch (error) {
      const isFolderMissing =
        error instanceof RemoteError && error.kind === 'notFound' && parentOf(path) !== '';
      if (!isFolderMissing) throw error;
      await this.#makeFolders(parentOf(path), onFolder, signal);
      return save();
    }
  }

  async #makeFolders(path: string, onFolder: UploadHooks['onFolder'], signal?: AbortSignal): Promise<void> {
    try {
      await this.#files.createDirectory(this.#pathOf(path), signal);
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      if (error.kind === 'exists') return this.#requireFolder(path, signal);
      if (error.kind !== 'notFound' || path === '') throw error;
      await this.#makeFolders(parentOf(path), onFolder, signal);
      await this.#files.createDirectory(this.#pathOf(path), signal);
    }
    await onFolder?.(path);
  }

  /** What the server says now; undefined when there is nothing. */
  look(path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    return this.#files.stat(this.#pathOf(path), { fresh: true }, signal).catch(ifNotFound);
  }

  #pathOf(path: string): string {
    return path === '' ? this.#root : joinPath(this.#root, path);
  }
}

function recordFolder(path: string, { snapshot }: ChangeContext): Promise<void> {
  return snapshot.record({ side: 'remote', path, kind: 'folder', change: 'created' });
}

function isAsExpected({ node }: Expected, found: RemoteEntry | undefined): boolean {
  if (!node || !found) return !node && !found;
  return node.kind === 'file' && found.type === 'file' && isSameVersion(node.version, versionOf(found));
}

/** What the server tells of a file. */
export function versionOf({ size, modifiedAt, timeSource, timePrecision }: RemoteEntry): FileVersion {
  const precision = timePrecision ?? (timeSource === 'list' ? 'minute' : 'second');
  return { size, modifiedAt, precision, source: timeSource };
}
