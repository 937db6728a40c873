import { join } from 'node:path';
import { commands, Uri } from 'vscode';
import { baseName, joinPath } from '../../remote/remotePath.ts';
import type { PlanStep } from '../../sync/planStep.ts';
import { showInformation } from '../messages.ts';
import { type BothSides, openDiff, remoteUri } from '../openDiff.ts';
import type { SyncPair } from './syncPairs.ts';

/** Shows what differs between both sides of a file, or the one that there is. */
export async function openChanges(pair: SyncPair, { path, local, remote }: PlanStep): Promise<void> {
  const file = bothSides(pair, path);
  const [isHere, isThere] = [local?.kind === 'file', remote?.kind === 'file'];
  if (isHere && isThere) await openDiff(file);
  else if (isHere) await commands.executeCommand('vscode.open', Uri.file(file.localFile));
  else if (isThere) await commands.executeCommand('vscode.open', remoteUri(file));
}

/** VS Code has no public way to its editor for three versions (microsoft/vscode#153213): two of them it is. */
export async function openMerge(pair: SyncPair, { path }: PlanStep): Promise<void> {
  await openDiff(bothSides(pair, path), 'Merge: Server ↔ Here');
  const message = `Take into the right side of ${baseName(path)} what you want of the left one, and save it. Then choose "Use Merged File" in the Sync view.`;
  void showInformation(message);
}

/** @param path relative to the folders of the pair */
export function bothSides({ profile, mapping, localFolder }: SyncPair, path: string): BothSides {
  return {
    connection: profile.name,
    remotePath: joinPath(mapping.remote, path),
    localFile: join(localFolder, ...path.split('/')),
  };
}
