import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  FilePermission,
  FileSystemError,
  type FileStat,
  type FileSystemProvider,
  FileType,
  Uri,
} from 'vscode';
import { type RemoteEntry, timeInUtc } from '../remote/remoteEntry.ts';
import type { RemoteChange, RemoteFileSystem } from '../remote/remoteFileSystem.ts';
import { isTemporaryName } from '../remote/temporaryName.ts';
import type { Connections } from './connections.ts';
import { toFileSystemError } from './errors.ts';
import { largeFilePrompts } from './largeFilePrompts.ts';
import { LargeFiles } from './largeFiles.ts';
import { listFolder } from './listFolder.ts';
import type { LoadedVersions } from './loadedVersions.ts';
import { addressOf, locationOf } from './uri.ts';

export interface FtpsFileSystemOptions {
  readonly connections: Pick<Connections, 'get' | 'onDidChangeFiles'>;
  readonly versions: LoadedVersions;
  readonly isOpenInEditor: (uri: Uri) => boolean;
  /** The path of the workspace folder that an address lies in. */
  readonly workspaceFolderOf: (uri: Uri) => string | undefined;
  /** A save took another way than the safest one, or has something else to say. */
  readonly announce: (note: string) => void;
}

/** Milliseconds for which VS Code, which lists a folder several times at once, gets the same listing. */
const sameMoment = 2000;

/**
 * The scheme `ftps:` for VS Code. Only a save counts as the user's gesture; VS Code asks the rest by itself. An address
 * with a query shows what the server has beside a document that is edited, and cannot be written.
 */
export class FtpsFileSystem implements FileSystemProvider {
  readonly #options: FtpsFileSystemOptions;
  readonly #large = new LargeFiles(largeFilePrompts);
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(options: FtpsFileSystemOptions) {
    this.#options = options;
    options.connections.onDidChangeFiles.add(({ connection, changes }) => {
      this.#changed.fire(changes.map((change) => toEvent(connection.profile.name, change)));
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Changes that this window makes are told without watching, and FTP tells of no others. */
  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  /**
   * Files are always asked of the server, since VS Code tells by the answer whether a save meets a newer version;
   * folders and what does not exist are known from listings, which answers VS Code's many probes.
   */
  async stat(uri: Uri): Promise<FileStat> {
    const { isOpenInEditor, versions } = this.#options;
    const address = uri.toString();
    const entry = await this.#run(uri, versions.isBeingSaved(address), async (files, path) => {
      if (isOpenInEditor(uri)) return files.stat(path, { fresh: true });
      const known = await this.#find(files, uri, path);
      return fileType(known) & FileType.Directory ? known : files.stat(path, { fresh: true });
    });
    versions.told(address, entry);
    const permissions = uri.query === '' ? {} : { permissions: FilePermission.Readonly };
    return { type: fileType(entry), ctime: 0, mtime: timeInUtc(entry), size: entry.size, ...permissions };
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    const list = (files: RemoteFileSystem, path: string): Promise<readonly RemoteEntry[]> =>
      listFolder(files, path, { maxAge: sameMoment });
    const entries = await this.#run(uri, false, list);
    return entries.filter(({ name }) => !isTemporaryName(name)).map((entry) => [entry.name, fileType(entry)]);
  }

  /** VS Code reads dozens of files that a folder may have: what its listing lacks is not asked for. */
  async readFile(uri: Uri): Promise<Uint8Array> {
    const file = await this.#run(uri, false, async (files, path) => {
      const isOpen = this.#options.isOpenInEditor(uri);
      const { size } = await (isOpen ? files.stat(path) : this.#find(files, uri, path));
      return this.#large.read(uri.authority + uri.path, size, (transfer) =>
        files.read(path, transfer, transfer.signal),
      );
    });
    this.#options.versions.read(uri.toString(), file);
    return file.content;
  }

  async writeFile(
    uri: Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    const { versions } = this.#options;
    const address = uri.toString();
    const { entry, note } = await this.#run(uri, true, async (files, path) => {
      const agreed = await versions.agree(address, locationOf(uri), files);
      return this.#large.write(uri.authority + uri.path, content.length, (transfer) =>
        files.writeFile(path, content, { ...options, ...agreed, ...transfer }, transfer.signal),
      );
    });
    versions.written(address, content, entry);
    if (note !== undefined) this.#options.announce(note);
  }

  async createDirectory(uri: Uri): Promise<void> {
    await this.#run(uri, true, (files, path) => files.createDirectory(path));
  }

  async delete(uri: Uri, options: { readonly recursive: boolean }): Promise<void> {
    await this.#run(uri, true, (files, path) => files.delete(path, options));
  }

  async rename(from: Uri, to: Uri, options: { readonly overwrite: boolean }): Promise<void> {
    const target = locationOf(to);
    if (locationOf(from).profile !== target.profile) {
      throw FileSystemError.Unavailable(
        'A file cannot be moved to another connection. Copy it there instead.',
      );
    }
    await this.#run(from, true, (files, path) => files.rename(path, target.path, options));
  }

  /**
   * Looks something up in what is known of its folder. The listing of the workspace folder comes first: it answers for
   * whatever would lie in a folder that it lacks.
   *
   * @throws RemoteError `notFound`
   */
  async #find(files: RemoteFileSystem, uri: Uri, path: string): Promise<RemoteEntry> {
    const folder = this.#options.workspaceFolderOf(uri);
    // A folder that cannot be listed may still hold the file.
    if (folder !== undefined && folder !== path) await files.list(folder).catch(() => undefined);
    return files.stat(path);
  }

  async #run<T>(
    uri: Uri,
    gesture: boolean,
    act: (files: RemoteFileSystem, path: string) => Promise<T>,
  ): Promise<T> {
    const { profile, path } = locationOf(uri);
    try {
      const connection = this.#options.connections.get(profile);
      return await connection.run((files) => act(files, path), { gesture });
    } catch (error) {
      const failure = toFileSystemError(error);
      // What is not there is made by the save that has asked for it.
      if (gesture && failure.code !== 'FileNotFound') this.#options.versions.saveFailed(uri.toString());
      throw failure;
    }
  }
}

function fileType(entry: RemoteEntry): FileType {
  const { type, targetType } = entry;
  switch (type) {
    case 'file':
      return FileType.File;
    case 'directory':
      return FileType.Directory;
    case 'link':
      return FileType.SymbolicLink | (targetType === 'directory' ? FileType.Directory : FileType.File);
    case 'unknown':
      return FileType.Unknown;
  }
}

const changeTypes = {
  created: FileChangeType.Created,
  changed: FileChangeType.Changed,
  deleted: FileChangeType.Deleted,
} as const;

function toEvent(profile: string, { path, type }: RemoteChange): FileChangeEvent {
  return { type: changeTypes[type], uri: Uri.from(addressOf(profile, path)) };
}
