import { join } from 'node:path';
import { commands, Uri, window } from 'vscode';
import { joinPath } from '../../remote/remotePath.ts';
import type { PlanStep } from '../../sync/planStep.ts';
import { addressOf } from '../uri.ts';
import type { SyncPair } from './syncPairs.ts';

/** Shows what differs between both sides of a file, or the one that there is. */
export async function openChanges(pair: SyncPair, { path, local, remote }: PlanStep): Promise<void> {
  const { here, there } = placesOf(pair, path);
  if (local?.kind === 'file' && remote?.kind === 'file') {
    // The right side is the one that can be edited.
    await commands.executeCommand('vscode.diff', there, here, `${baseNameOf(path)} (Server ↔ Here)`);
  } else if (local?.kind === 'file' || remote?.kind === 'file') {
    await commands.executeCommand('vscode.open', local?.kind === 'file' ? here : there);
  }
}

/** VS Code has no public way to its editor for three versions (microsoft/vscode#153213): two of them it is. */
export async function openMerge(pair: SyncPair, step: PlanStep): Promise<void> {
  const { here, there } = placesOf(pair, step.path);
  const name = baseNameOf(step.path);
  await commands.executeCommand('vscode.diff', there, here, `${name} (Merge: Server ↔ Here)`);
  void window.showInformationMessage(
    `Take into the right side of ${name} what you want of the left one, and save it. Then choose "Use Merged File" in the Sync view.`,
  );
}

function placesOf(pair: SyncPair, path: string): { readonly here: Uri; readonly there: Uri } {
  return {
    here: Uri.file(join(pair.localFolder, path)),
    there: Uri.from(addressOf(pair.profile.name, joinPath(pair.mapping.remote, path))),
  };
}

function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
