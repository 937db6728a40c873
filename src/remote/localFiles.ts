import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { RemoteError, toRemoteError } from './errors.ts';
import { FileSink } from './fileSink.ts';
import { MemorySink } from './memorySink.ts';
import type { RemoteClient } from './remoteClient.ts';
import { replaceLocalFile } from './replaceLocalFile.ts';

export interface ProgressOptions {
  /** Told the bytes moved so far. */
  readonly onProgress?: (bytes: number) => void;
}

const mebibyte = 1024 * 1024;
/** Bytes that are taken into memory of a file whatever was told of its size, which may be wrong or unknown. */
const alwaysTaken = 256 * mebibyte;
/** Bytes by which a larger one may have grown since its size was told, as logs do. */
const mostGrowth = 64 * mebibyte;

/** The whole content of a remote file; never a part of it. One that does not end is given up: memory does. */
export async function readRemoteFile(
  client: RemoteClient,
  path: string,
  options: Parameters<typeof retrieveWhole>[3],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { expectedSize } = options;
  const mostBytes = Math.max(alwaysTaken, (expectedSize ?? 0) + mostGrowth);
  const sink = new MemorySink(mostBytes, () => endless(path, expectedSize, mostBytes));
  await retrieveWhole(client, path, sink, options, signal);
  return sink.content();
}

function endless(path: string, expectedSize: number | undefined, mostBytes: number): RemoteError {
  const told = expectedSize === undefined ? 'no size' : `a size of ${expectedSize} bytes`;
  const message = `Cannot read ${path}. The server told ${told}, and sent more than ${Math.floor(mostBytes / mebibyte)} MiB. Download it instead.`;
  return new RemoteError('failed', path, message);
}

/** Writes a remote file to a local one, which appears only when it is whole. @returns bytes */
export function downloadFile(
  client: RemoteClient,
  path: string,
  localFile: string,
  options: ProgressOptions,
  signal?: AbortSignal,
): Promise<number> {
  return replaceLocalFile(localFile, (file) =>
    retrieveWhole(client, path, new FileSink(file), options, signal),
  );
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

/**
 * C-38: a download that ended early is an error; the size is compared beside what the connection itself tells.
 * @param expectedSize bytes, where they were told just before; else they are asked for
 * @returns bytes
 */
export async function retrieveWhole(
  client: RemoteClient,
  path: string,
  sink: Writable,
  { expectedSize, ...options }: ProgressOptions & { readonly expectedSize?: number },
  signal?: AbortSignal,
): Promise<number> {
  const isTold = expectedSize !== undefined;
  const [size, bytes] = await Promise.all([
    isTold ? expectedSize : client.size(path, signal),
    client.retrieve(path, sink, isTold ? { ...options, expectedSize } : options, signal),
  ]);
  if (size === undefined || size === bytes) return bytes;
  // Somebody may have written to it meanwhile: what counts is the size it has now.
  const now = await client.size(path, signal);
  if (now === bytes || (now === undefined && isTold)) return bytes;
  const message = `Cannot read ${path}. Of ${now ?? size} bytes only ${bytes} arrived. Try again.`;
  throw new RemoteError('unavailable', path, message, { retryable: true });
}
