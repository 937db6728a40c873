import { commands, Uri } from 'vscode';
import { baseName } from '../remote/remotePath.ts';
import type { SaveJob } from '../sync/saveJob.ts';
import { addressOf } from './uri.ts';

/** A file on both sides. */
export type BothSides = Pick<SaveJob, 'connection' | 'remotePath' | 'localFile'>;

/** The file on the server, as editors address it. */
export function remoteUri({ connection, remotePath }: Omit<BothSides, 'localFile'>): Uri {
  return Uri.from(addressOf(connection, remotePath));
}

/** Shows what differs between the server and this computer. @param sides what the title says of the two */
export async function openDiff(file: BothSides, sides = 'Server ↔ Here'): Promise<void> {
  const title = `${baseName(file.remotePath)} (${sides})`;
  // The right side is the one that can be edited.
  await commands.executeCommand('vscode.diff', remoteUri(file), Uri.file(file.localFile), title);
}
