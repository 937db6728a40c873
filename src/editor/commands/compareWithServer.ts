import { join } from 'node:path';
import { commands, Uri } from 'vscode';
import { baseName, joinPath } from '../../remote/remotePath.ts';
import type { Connections } from '../connections.ts';
import type { SyncPair } from '../sync/syncPairs.ts';
import { addressOf } from '../uri.ts';

/**
 * Shows what differs between the server and this computer.
 * @throws RemoteError `notFound` when the server has no such file
 */
export async function compareWithServer(
  connections: Pick<Connections, 'get'>,
  pair: SyncPair,
  path: string,
): Promise<void> {
  const { name } = pair.profile;
  const remotePath = joinPath(pair.mapping.remote, path);
  // Connects, and says in plain words that there is nothing to compare with.
  await connections.get(name).run((files) => files.stat(remotePath, { fresh: true }), { gesture: true });
  const there = Uri.from(addressOf(name, remotePath));
  const here = Uri.file(join(pair.localFolder, ...path.split('/')));
  // The right side is the one that can be edited.
  await commands.executeCommand('vscode.diff', there, here, `${baseName(remotePath)} (${name} ↔ Here)`);
}
