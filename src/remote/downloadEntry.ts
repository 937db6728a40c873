import { Writable } from 'node:stream';
import { toRemoteError } from './errors.ts';
import type { FolderTransfer } from './folderTransfer.ts';
import { downloadFile, retrieveWhole } from './localFiles.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { downloadInSegments } from './segments.ts';
import type { TreePorts } from './treePorts.ts';

/** Bytes up to which a file is held in memory, so that its session goes on before the disk has it. */
const smallFile = 256 * 1024;

/** Downloads a file of a known folder, which appears only when it is whole. @returns bytes. @throws RemoteError */
export async function downloadEntry(
  ports: TreePorts,
  { sessions, signal, disk }: FolderTransfer,
  entry: RemoteEntry,
  target: string,
  { mayReplace }: { readonly mayReplace: boolean },
): Promise<number> {
  const deed = { path: entry.path, operation: 'download' } as const;
  // 0 may mean that the size is unknown.
  const content =
    entry.size > 0 && entry.size <= smallFile
      ? await sessions.use(deed, (client) => fetchSmall(client, entry, signal))
      : undefined;
  if (!content) {
    const bytes = ports.segmentedTransfers
      ? await downloadInSegments(ports.sessions, entry.path, target, {}, signal)
      : undefined;
    if (bytes !== undefined) return bytes;
    return sessions.use(deed, (client) => downloadFile(client, entry.path, target, {}, signal));
  }
  try {
    await disk.write(target, content, mayReplace);
  } catch (error) {
    throw toRemoteError(error, entry.path, 'download');
  }
  return content.length;
}

class Outgrown extends Error {}

/** The whole content of a file that should be small; undefined when it is no longer. */
async function fetchSmall(
  client: RemoteClient,
  entry: RemoteEntry,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      chunks.push(chunk);
      done(bytes > 2 * smallFile ? new Outgrown('The file has grown.') : null);
    },
  });
  try {
    await retrieveWhole(client, entry.path, sink, { expectedSize: entry.size }, signal);
  } catch (error) {
    if (error instanceof Outgrown) return undefined;
    throw error;
  }
  return Buffer.concat(chunks, bytes);
}
