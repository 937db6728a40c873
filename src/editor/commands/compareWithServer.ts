import type { Connections } from '../connections.ts';
import { openDiff } from '../openDiff.ts';
import { bothSides } from '../sync/openChanges.ts';
import type { SyncPair } from '../sync/syncPairs.ts';

/**
 * Shows what differs between the server and this computer.
 * @throws RemoteError `notFound` when the server has no such file
 */
export async function compareWithServer(
  connections: Pick<Connections, 'get'>,
  pair: SyncPair,
  path: string,
): Promise<void> {
  const file = bothSides(pair, path);
  const { connection, remotePath } = file;
  // Connects, and says in plain words that there is nothing to compare with.
  await connections
    .get(connection)
    .run((files) => files.stat(remotePath, { fresh: true }), { gesture: true });
  await openDiff(file, `${connection} ↔ Here`);
}
