import { isUtf8 } from 'node:buffer';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import type { Entry } from '../protocol/entry.ts';
import { isSafeName } from '../protocol/listing.ts';
import { errorCode, FolderError } from './folderError.ts';
import { fileIdentity, type LatestUploads, Upload } from './upload.ts';

/** S-21: the files under one root, which no path and no symbolic link leads out of. Virtual paths are absolute, `/` is the root. */
export class Folder {
  readonly #root: string;
  readonly #uploads: LatestUploads = new Map();
  /** Real paths of names that are in use, and that nothing may have yet. */
  readonly #reserved = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
  }

  /** @throws Error when the root is not there. */
  static async open(root: string): Promise<Folder> {
    return new Folder(await realpath(root));
  }

  /** The absolute virtual path of what a command names. @throws FolderError above the root or for a NUL. */
  resolve(current: string, path: string): string {
    if (path.includes('\0')) throw new FolderError(550, 'The name is not allowed.');
    const kept: string[] = [];
    for (const segment of (path.startsWith('/') ? path : `${current}/${path}`).split('/')) {
      if (segment === '' || segment === '.') continue;
      if (segment !== '..') kept.push(segment);
      else if (kept.pop() === undefined) throw new FolderError(550, 'The path leads out of the root.');
    }
    if (sep === '\\' && kept.some((segment) => /[\\:]/.test(segment))) {
      throw new FolderError(550, 'The name is not allowed.');
    }
    return `/${kept.join('/')}`;
  }

  /** The real path of what exists, links followed. @throws FolderError outside the root. */
  async existing(path: string): Promise<string> {
    return this.#inside(await realpath(this.#join(path)));
  }

  /** The real path of the name itself, which may be a link or may not exist; its parent exists inside the root. */
  async named(path: string): Promise<string> {
    if (path === '/') throw new FolderError(550, 'The root cannot be changed.');
    return join(await this.existing(posix.dirname(path)), posix.basename(path));
  }

  /** Of what a path leads to. @throws FolderError outside the root. */
  async status(path: string): Promise<Stats> {
    return stat(await this.existing(path));
  }

  /** Bytes in a file. @throws FolderError for what is none, and outside the root. */
  async size(path: string): Promise<number> {
    const status = await this.status(path);
    requireFile(status);
    return status.size;
  }

  /** Opens a file for reading. */
  async openToRead(path: string): Promise<FileHandle> {
    return this.#open(path, await this.existing(path), constants.O_RDONLY, (handle) => handle);
  }

  /** Opens a file for writing, through a link, but never out of the root. It is not emptied. */
  async openToWrite(path: string, flags: number): Promise<Upload> {
    const target = await this.writable(path);
    return this.#open(
      path,
      target,
      constants.O_WRONLY | flags,
      (handle, status) => new Upload(handle, status, target, this.#uploads),
    );
  }

  /** Makes use of a name in a directory that nothing has, and that nobody else is given meanwhile. */
  async withFreeName<Result>(directory: string, use: (path: string) => Promise<Result>): Promise<Result> {
    const parent = await this.existing(directory);
    for (let number = 1; ; number += 1) {
      const name = `upload.${number}`;
      const real = join(parent, name);
      if (this.#reserved.has(real)) continue;
      // Before anybody looks, or two would find the same name free.
      this.#reserved.add(real);
      try {
        if (!(await statusOrNothing(real))) return await use(posix.join(directory, name));
      } finally {
        this.#reserved.delete(real);
      }
    }
  }

  /** The real path to write to: through a link, but never out of the root. */
  async writable(path: string): Promise<string> {
    const named = await this.named(path);
    const status = await statusOrNothing(named);
    if (!status) return named;
    const target = status.isSymbolicLink() ? await this.existing(path) : named;
    requireFile(await stat(target));
    return target;
  }

  /** One name, described without following it. */
  async entry(path: string): Promise<Entry> {
    if (path === '/') return describe('/', await lstat(this.#root));
    return this.#describe(await this.named(path), path);
  }

  /** What a directory holds, in order of the names. */
  async entries(path: string): Promise<Entry[]> {
    const directory = await this.existing(path);
    const entries: Entry[] = [];
    for (const name of (await readdir(directory)).sort()) {
      try {
        entries.push(await this.#describe(join(directory, name), name));
      } catch (error) {
        // Deleted between the two calls: it is not there any more.
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    }
    return entries;
  }

  /** Whether a directory holds names that no line of UTF-8 can tell: nobody can list or delete them by FTP. */
  async holdsUntellable(path: string): Promise<boolean> {
    const names = await readdir(await this.existing(path), { encoding: 'buffer' });
    return names.some((name) => !isUtf8(name) || !isSafeName(name.toString()));
  }

  /** Others may move folders and links while this one is opened: what counts is what was opened. */
  async #open<Opened extends AsyncDisposable>(
    path: string,
    real: string,
    flags: number,
    take: (handle: FileHandle, status: Stats) => Opened,
  ): Promise<Opened> {
    // What waits for somebody else to open it, such as a FIFO, must not hold up a thread.
    const handle = await open(real, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await handle.stat();
    // First: from now on no other upload that breaks off deletes the file, and what did before is seen below.
    const opened = take(handle, status);
    try {
      requireFile(status);
      if (fileIdentity(status) !== fileIdentity(await this.status(path))) {
        throw new FolderError(450, 'The path has changed meanwhile; try again.');
      }
      return opened;
    } catch (error) {
      await opened[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #describe(real: string, name: string): Promise<Entry> {
    const status = await lstat(real);
    if (!status.isSymbolicLink()) return describe(name, status);
    return { ...describe(name, status), target: this.#shownTarget(await readlink(real)) };
  }

  /** An absolute target inside the root is shown as the client would name it. */
  #shownTarget(target: string): string {
    return this.#holds(target) ? `/${relative(this.#root, target).split(sep).join('/')}` : target;
  }

  #join(path: string): string {
    return join(this.#root, ...path.split('/'));
  }

  #inside(real: string): string {
    if (!this.#holds(real)) throw new FolderError(550, 'The path leads out of the root.');
    return real;
  }

  #holds(path: string): boolean {
    return path === this.#root || path.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep);
  }
}

/** Devices, sockets and FIFOs are shown, but are no files to read and to write. @throws FolderError */
function requireFile(status: Stats): void {
  if (status.isDirectory()) throw new FolderError(550, 'Is a directory.');
  if (!status.isFile()) throw new FolderError(550, 'Not a file.');
}

function describe(name: string, status: Stats): Entry {
  return {
    name,
    type: typeOf(status),
    size: status.isDirectory() ? 0 : status.size,
    modifiedAt: status.mtimeMs,
    mode: status.mode & 0o777,
    owner: String(status.uid),
    group: String(status.gid),
    permissions: permissionsOf(status),
    unique: fileIdentity(status),
  };
}

function typeOf(status: Stats): Entry['type'] {
  if (status.isDirectory()) return 'directory';
  if (status.isSymbolicLink()) return 'link';
  return status.isFile() ? 'file' : 'unknown';
}

/** The `perm` fact as far as the owner's mode bits tell. RFC 3659 §7.5.5 */
function permissionsOf(status: Stats): string {
  const writable = (status.mode & 0o200) !== 0;
  if (status.isDirectory()) return writable ? 'cdeflmp' : 'el';
  return writable ? 'adfrw' : 'r';
}

async function statusOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
