import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isCancellation, RemoteError, throwIfCancelled, toRemoteError } from './errors.ts';
import { isSafeLocalName, localPlatform } from './localName.ts';
import type { RemoteEntry, RemoteListing } from './remoteEntry.ts';
import { joinPath } from './remotePath.ts';
import { isTemporaryName } from './temporaryName.ts';

interface FolderProgress {
  readonly files: number;
  readonly bytes: number;
  /** Path on the server of the file that was finished last. */
  readonly path: string;
}

export interface FolderTransferOptions {
  readonly onProgress?: (progress: FolderProgress) => void;
}

export interface FolderResult {
  readonly files: number;
  readonly bytes: number;
  /** Paths on the server of links and special files, which are left out. */
  readonly skipped: readonly string[];
}

/** Some of a folder's files did not make it; the others did. */
export class FolderTransferError extends RemoteError {
  readonly failures: readonly RemoteError[];

  constructor(path: string, what: string, failures: readonly RemoteError[]) {
    const named = failures.slice(0, 3).map((failure) => failure.message);
    const more = failures.length > 3 ? ` … and ${failures.length - 3} more.` : '';
    super('failed', path, `${what} ${path}: ${failures.length} failed. ${named.join(' ')}${more}`, {
      cause: failures[0],
      retryable: failures.some((failure) => failure.retryable),
    });
    this.failures = failures;
  }
}

/** What transfers of whole folders need of the remote file system. */
export interface FolderPorts {
  list(path: string, options: { fresh: boolean }, signal?: AbortSignal): Promise<RemoteListing>;
  download(path: string, localFile: string, options: object, signal?: AbortSignal): Promise<number>;
  upload(
    localFile: string,
    path: string,
    options: object,
    signal?: AbortSignal,
  ): Promise<{ readonly entry: RemoteEntry }>;
  createDirectory(path: string, signal?: AbortSignal): Promise<void>;
}

/** Files on their way at the same time; how many sessions they get is the pool's decision. */
const atOnce = 8;

/** One walk over a folder: moves files side by side, and collects what fails instead of stopping. */
class Walk {
  readonly failures: RemoteError[] = [];
  readonly skipped: string[] = [];
  files = 0;
  bytes = 0;
  readonly #running = new Set<Promise<void>>();
  readonly #options: FolderTransferOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(options: FolderTransferOptions, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#signal = signal;
  }

  /** Starts a file as soon as not too many are on their way. @param move answers the bytes */
  async file(path: string, move: () => Promise<number>): Promise<void> {
    while (this.#running.size >= atOnce) await Promise.race(this.#running);
    throwIfCancelled(this.#signal, path);
    const moving = this.attempt(path, async () => {
      const bytes = await move();
      this.bytes += bytes;
      this.files++;
      this.#options.onProgress?.({ files: this.files, bytes: this.bytes, path });
    }).then(() => void this.#running.delete(moving));
    this.#running.add(moving);
  }

  async attempt(path: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!isCancellation(error)) this.failures.push(toRemoteError(error, path, 'look at'));
    }
  }

  async finish(path: string, what: string): Promise<FolderResult> {
    await Promise.all(this.#running);
    throwIfCancelled(this.#signal, path);
    if (this.failures.length > 0) throw new FolderTransferError(path, what, this.failures);
    return { files: this.files, bytes: this.bytes, skipped: this.skipped };
  }
}

/** Copies a remote folder into a local one. Nothing is written outside of it, whatever names the server sends. C-46 */
export async function downloadFolder(
  ports: FolderPorts,
  path: string,
  localFolder: string,
  options: FolderTransferOptions = {},
  signal?: AbortSignal,
): Promise<FolderResult> {
  const walk = new Walk(options, signal);
  const visit = async (folder: string, local: string): Promise<void> => {
    throwIfCancelled(signal, folder);
    const { entries, dropped } = await ports.list(folder, { fresh: true }, signal);
    if (dropped.length > 0) walk.failures.push(unreadable(folder, dropped.length));
    await makeLocalFolder(local, folder);
    for (const entry of entries) {
      const target = join(local, entry.name);
      if (!isSafeLocalName(entry.name, localPlatform())) {
        walk.failures.push(unsafe(entry.path));
      } else if (entry.type === 'directory') await walk.attempt(entry.path, () => visit(entry.path, target));
      else if (entry.type === 'file') {
        await walk.file(entry.path, () => ports.download(entry.path, target, {}, signal));
      } else walk.skipped.push(entry.path);
    }
  };
  await visit(path, localFolder);
  return walk.finish(path, 'Downloading');
}

/** Copies a local folder to the server. Local links are left out: they may lead anywhere. */
export async function uploadFolder(
  ports: FolderPorts,
  localFolder: string,
  path: string,
  options: FolderTransferOptions = {},
  signal?: AbortSignal,
): Promise<FolderResult> {
  const walk = new Walk(options, signal);
  const visit = async (local: string, folder: string): Promise<void> => {
    throwIfCancelled(signal, folder);
    const entries = await readdir(local, { withFileTypes: true });
    await makeRemoteFolder(ports, folder, signal);
    for (const entry of entries) {
      const [source, target] = [join(local, entry.name), joinPath(folder, entry.name)];
      if (entry.isDirectory()) await walk.attempt(target, () => visit(source, target));
      else if (!entry.isFile() || isTemporaryName(entry.name)) walk.skipped.push(target);
      else {
        await walk.file(target, async () => (await ports.upload(source, target, {}, signal)).entry.size);
      }
    }
  };
  await visit(localFolder, path);
  return walk.finish(path, 'Uploading to');
}

async function makeRemoteFolder(ports: FolderPorts, path: string, signal?: AbortSignal): Promise<void> {
  if (path === '/') return;
  try {
    await ports.createDirectory(path, signal);
  } catch (error) {
    if (!(error instanceof RemoteError) || error.kind !== 'exists') throw error;
  }
}

/** A link in the place of a folder would lead what is written elsewhere. */
async function makeLocalFolder(local: string, path: string): Promise<void> {
  await mkdir(local, { recursive: true });
  if ((await lstat(local)).isDirectory()) return;
  throw new RemoteError('unsafeName', path, `Cannot download ${path}: ${local} is a link to another folder.`);
}

function unsafe(path: string): RemoteError {
  const message = `${JSON.stringify(path)} was left out: on this computer its name would lead to another folder or is not allowed.`;
  return new RemoteError('unsafeName', path, message);
}

function unreadable(path: string, count: number): RemoteError {
  return new RemoteError(
    'failed',
    path,
    `${count} entries in ${path} have names or lines that cannot be used.`,
  );
}
