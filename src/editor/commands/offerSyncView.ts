import { commands } from 'vscode';
import { showWarning } from '../messages.ts';
import type { SyncPair } from '../sync/syncPairs.ts';

/** Warns of what is left to do, and offers to look at it. Not awaited: a message may stay open for as long as it likes. */
export function offerSyncView(message: string, pair: SyncPair): void {
  const review = 'Open Sync View';
  const shown = showWarning(message, review);
  void shown.then((chosen) => (chosen === review ? commands.executeCommand('ftps.sync', pair) : undefined));
}
