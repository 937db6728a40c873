import { lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { RemoteError, toRemoteError } from './errors.ts';
import { FileSink } from './fileSink.ts';
import { MemorySink } from './memorySink.ts';
import type { RemoteClient } from './remoteClient.ts';
import { temporaryName } from './temporaryName.ts';

export interface ProgressOptions {
  /** Told the bytes moved so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** The whole content of a remote file; never a part of it. */
export async function readRemoteFile(
  client: RemoteClient,
  path: string,
  options: ProgressOptions,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const sink = new MemorySink();
  await retrieveWhole(client, path, sink, options, signal);
  return sink.content();
}

/** Writes a remote file to a local one, which appears only when it is whole. @returns bytes */
export async function downloadFile(
  client: RemoteClient,
  path: string,
  localFile: string,
  options: ProgressOptions,
  signal?: AbortSignal,
): Promise<number> {
  const temporary = join(dirname(localFile), temporaryName(basename(localFile)));
  const file = await open(temporary, 'wx');
  try {
    let bytes: number;
    try {
      bytes = await retrieveWhole(client, path, new FileSink(file), options, signal);
      // What it replaces may exist nowhere else; it goes only once the new content is on the disk.
      if (await exists(localFile)) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, localFile);
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function exists(localFile: string): Promise<boolean> {
  try {
    await lstat(localFile);
    return true;
  } catch {
    return false;
  }
}

/** @throws RemoteError `isADirectory`, or what the file system says. */
export async function requireLocalFile(localFile: string, path: string): Promise<void> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(localFile)).isDirectory();
  } catch (error) {
    throw toRemoteError(error, path, 'upload');
  }
  if (isFolder) throw new RemoteError('isADirectory', path, `Cannot upload ${localFile}. It is a folder.`);
}

/** C-38: a download that ended early is an error; the size is compared beside what the connection itself tells. */
async function retrieveWhole(
  client: RemoteClient,
  path: string,
  sink: Writable,
  options: ProgressOptions,
  signal?: AbortSignal,
): Promise<number> {
  const [size, bytes] = await Promise.all([
    client.size(path, signal),
    client.retrieve(path, sink, options, signal),
  ]);
  if (size === undefined || size === bytes) return bytes;
  // Somebody may have written to it meanwhile: what counts is the size it has now.
  const now = await client.size(path, signal);
  if (now === bytes) return bytes;
  const message = `Cannot read ${path}. Of ${now ?? size} bytes only ${bytes} arrived. Try again.`;
  throw new RemoteError('unavailable', path, message, { retryable: true });
}
