import { commands, window } from 'vscode';
import type { SyncPair } from '../sync/syncPairs.ts';
import { plainText } from '../plainText.ts';

/** Warns of what is left to do, and offers to look at it. Not awaited: a message may stay open for as long as it likes. */
export function offerSyncView(message: string, pair: SyncPair): void {
  const review = 'Open Sync View';
  const shown = window.showWarningMessage(plainText(message), review);
  void shown.then((chosen) => (chosen === review ? commands.executeCommand('ftps.sync', pair) : undefined));
}
