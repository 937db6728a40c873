import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifNotFound, throwIfCancelled, toRemoteError } from './errors.ts';
import { type FolderResult, FolderTransfer, type FolderTransferOptions } from './folderTransfer.ts';
import { foldsAmong, namesMeet } from './localNames.ts';
import { contentOf, type FolderContent, makeFolders } from './makeFolders.ts';
import { type NewFile, type NewFileEnds, NewFiles } from './newFiles.ts';
import { joinPath, parentPath } from './remotePath.ts';
import { contentSource, fileSource, type SaveSource } from './saveSource.ts';
import { inOrder } from './sideBySide.ts';
import { isTemporaryName } from './temporaryName.ts';
import type { TreePorts } from './treePorts.ts';

interface LocalFolder {
  readonly local: string;
  /** On the server. */
  readonly path: string;
}

interface LocalFile extends NewFile {
  readonly name: string;
  /** Bytes, when it was looked at. */
  readonly size: number;
}

/** Bytes up to which a file is read before there is a session for it. */
const smallFile = 64 * 1024;
/** Folders whose content is asked for ahead of the one that is being filled. */
const lookedAhead = 8;

/** Copies a local folder to the server. Local links are left out: they may lead anywhere. */
export async function uploadFolder(
  ports: TreePorts,
  localFolder: string,
  path: string,
  options: FolderTransferOptions = {},
  signal?: AbortSignal,
): Promise<FolderResult> {
  const transfer = new FolderTransfer(ports.sessions, 'upload', options, signal);
  const upload = new FolderUpload(ports, transfer);
  const { folders, entries } = await foldersIn(transfer, { local: localFolder, path });
  transfer.openSessions(path, entries);
  try {
    await upload.run(folders);
  } finally {
    await transfer.settled();
    await upload.finish();
    ports.folders.forgetKind(path);
  }
  return transfer.result(path);
}

class FolderUpload implements NewFileEnds {
  readonly #ports: TreePorts;
  readonly #transfer: FolderTransfer;
  readonly #newFiles: NewFiles;
  /** Folders that are not to be had: nothing below them is tried. */
  readonly #refused = new Set<string>();

  constructor(ports: TreePorts, transfer: FolderTransfer) {
    this.#ports = ports;
    this.#transfer = transfer;
    this.#newFiles = new NewFiles(transfer.sessions, ports.leftovers, this, transfer.signal);
  }

  /** @param folders each behind the one that it is in. @throws RemoteError where the first of them is not to be had */
  async run(folders: readonly LocalFolder[]): Promise<void> {
    const made = await makeFolders(this.#transfer.sessions, folders);
    const created = made.filter(({ refusal }) => !refusal);
    // Before anybody is told, who may look at once.
    for (const { path } of created) this.#ports.folders.forgetKind(path);
    this.#ports.changed(created.map(({ path }) => ({ path, type: 'created' })));
    // What was made is empty, and can be filled while it is asked what the others have.
    const inTurn = [...created, ...made.filter(({ refusal }) => refusal)];
    const contents = inOrder(inTurn, lookedAhead, async (folder) => ({
      folder,
      content: await contentOf(this.#ports, this.#transfer.sessions, folder, this.#transfer.signal).catch(
        (error: unknown) => ({ error }),
      ),
    }));
    for await (const { folder, content } of contents) {
      if (this.#transfer.isOver) break;
      if ('mayHold' in content) await this.#fill(folder, content);
      else if (folder === made[0]) throw content.error;
      else this.#refuse(folder, content.error);
    }
  }

  /** Gives the last files their names. */
  finish(): Promise<void> {
    return this.#newFiles.finish();
  }

  moved(files: Parameters<NewFileEnds['moved']>[0]): void {
    for (const folder of new Set(files.map(({ path }) => parentPath(path))))
      this.#ports.folders.forget(folder);
    this.#ports.changed(files.map(({ path }) => ({ path, type: 'created' })));
    for (const { path, bytes } of files) this.#transfer.done(path, bytes);
  }

  failed({ path }: NewFile, error: unknown): void {
    this.#transfer.failed(path, error);
  }

  refused(file: NewFile): Promise<void> {
    return this.#transfer.attempt(file.path, () => this.#save(file));
  }

  #refuse({ path }: LocalFolder, error: unknown): void {
    if (!this.#refused.has(parentPath(path))) this.#transfer.failed(path, error);
    this.#refused.add(path);
  }

  async #fill(folder: LocalFolder, content: FolderContent): Promise<void> {
    const files = await filesIn(this.#transfer, folder);
    const mayMeet = foldsAmong(files.map(({ name }) => name));
    for (const file of files.filter(({ name }) => !mayMeet(name))) {
      await this.#transfer.start(file.path, async () => {
        if (content.mayHold(file.name)) await this.#save(file);
        else await this.#newFiles.store(file, await sourceOf(this.#transfer, file));
      });
    }
    const meeting = files.filter(({ name }) => mayMeet(name));
    if (meeting.length === 0) return;
    await this.#transfer.start(folder.path, () => this.#saveMeeting(folder, meeting));
  }

  /** Files whose names the server may take for one and the same: one after the other, so that it shows whether it does. */
  async #saveMeeting({ path }: LocalFolder, files: readonly LocalFile[]): Promise<void> {
    const { folders } = this.#ports;
    const { signal } = this.#transfer;
    const { entries } = await folders.list(path, { fresh: true }, signal);
    const before = new Set(entries.map(({ name }) => name));
    for (const file of files) {
      await this.#transfer.attempt(file.path, async () => {
        const look = () => folders.stat(file.path, { fresh: true }, signal).catch(ifNotFound);
        if (!before.has(file.name) && (await look())) throw namesMeet(file.path, 'the server');
        await this.#save(file);
      });
    }
  }

  /** With regard to what is there. */
  async #save({ localFile, path }: NewFile): Promise<void> {
    const { entry } = await this.#ports.upload(localFile, path, {}, this.#transfer.signal);
    this.#transfer.done(path, entry.size);
  }
}

/** The folder and all below it, each behind the one that it is in. @throws RemoteError where it cannot be read itself */
async function foldersIn(
  transfer: FolderTransfer,
  root: LocalFolder,
): Promise<{ readonly folders: readonly LocalFolder[]; readonly entries: number }> {
  const folders = [root];
  let entries = 0;
  for (const folder of folders) {
    throwIfCancelled(transfer.signal, folder.path);
    for (const entry of await entriesIn(transfer, folder, root)) {
      entries++;
      if (!entry.isDirectory()) continue;
      folders.push({ local: join(folder.local, entry.name), path: joinPath(folder.path, entry.name) });
    }
  }
  return { folders, entries };
}

async function entriesIn(
  transfer: FolderTransfer,
  folder: LocalFolder,
  root?: LocalFolder,
): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder.local, { withFileTypes: true });
  } catch (error) {
    if (folder === root) throw toRemoteError(error, folder.path, 'upload');
    transfer.failed(folder.path, error);
    return [];
  }
}

/** The largest first: what takes long is begun early, so that it is not alone at the end. */
async function filesIn(transfer: FolderTransfer, folder: LocalFolder): Promise<readonly LocalFile[]> {
  const files: LocalFile[] = [];
  for (const entry of await entriesIn(transfer, folder)) {
    const [localFile, path] = [join(folder.local, entry.name), joinPath(folder.path, entry.name)];
    if (entry.isDirectory()) continue;
    if (!entry.isFile() || isTemporaryName(entry.name)) transfer.skip(path);
    else files.push({ name: entry.name, localFile, path, size: await sizeOf(localFile) });
  }
  return files.toSorted((one, other) => other.size - one.size);
}

/** 0 where it cannot be told: reading it will say why. */
async function sizeOf(localFile: string): Promise<number> {
  try {
    return (await lstat(localFile)).size;
  } catch {
    return 0;
  }
}

async function sourceOf({ disk }: FolderTransfer, { localFile, size }: LocalFile): Promise<SaveSource> {
  return size <= smallFile ? contentSource(await disk.read(localFile, size)) : fileSource(localFile);
}
