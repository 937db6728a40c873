import { ProgressLocation, window } from 'vscode';
import { showInformation, showWarning } from '../messages.ts';
import { plainText } from '../plainText.ts';
import { askPair } from './askSync.ts';
import { countedOf } from './counted.ts';
import { undoMessage, undoQuestion, undoText } from './outcomeText.ts';
import { explainMapping } from './explainMapping.ts';
import { localName } from './pairText.ts';
import type { SyncPair } from './syncPairs.ts';
import type { SyncReview } from './syncReview.ts';

/**
 * Takes the last sync of a pair back on both sides, after asking once, and tells what could not be taken back.
 * @param wanted the sync that is meant; by default the last one, of the pair that the view shows
 */
export async function offerUndo(
  view: SyncReview,
  wanted?: { readonly pair: SyncPair; readonly id: string },
): Promise<void> {
  const { pairs, active, connections, log } = view.options;
  const asked =
    wanted?.pair ?? view.pair ?? (await askPair(pairs.all(), 'Undo Last Sync', active.among(pairs.all())));
  const pair = asked && pairs.present(asked);
  if (!pair) return pairs.all().length === 0 ? explainMapping() : undefined;
  if (!view.mayBegin()) return;
  const sync = pairs.sync(pair);
  const last = await sync.lastSync();
  // The one before it is not what was offered.
  if (!last || (wanted && wanted.id !== last.id)) {
    const what = last ? 'That sync is not the last one any more' : `No sync of ${localName(pair)} is kept`;
    void showInformation(`${what}, so there is nothing to undo.`);
    return;
  }
  if (!(await confirm(pair, last))) return;
  let text = '';
  let isWhole = true;
  await view.whileRunning(async (signal) => {
    const title = plainText(`Undoing the last sync of ${pair.profile.name}`);
    const shown = { location: ProgressLocation.Notification, title, cancellable: true };
    await window.withProgress(shown, async (notification, token) => {
      token.onCancellationRequested(() => view.cancel());
      await connections.get(pair.profile.name).connect();
      let done = 0;
      const outcomes = await sync.undoLast(
        last.id,
        ({ entry }) => {
          notification.report({
            message: plainText(`${countedOf(++done, last.entries.length, 'change')}: ${entry.path}`),
          });
        },
        signal,
      );
      for (const { entry, error } of outcomes) {
        if (error) log.error(`Undo: ${entry.side} ${entry.path}: ${error.message}`);
      }
      text = undoText(outcomes);
      isWhole = outcomes.every(({ error }) => !error);
    });
  });
  if (isWhole) void showInformation(text);
  else void showWarning(text);
  // What is shown is out of date now.
  if (view.pair) await view.compareAgain();
}

async function confirm(
  pair: SyncPair,
  last: { readonly id: string; readonly entries: Parameters<typeof undoQuestion>[0] },
): Promise<boolean> {
  const message = undoMessage(pair, last.id);
  const detail = `${undoQuestion(last.entries)}\nWhat has changed since is left as it is.`;
  return (await window.showWarningMessage(message, { modal: true, detail }, 'Undo')) === 'Undo';
}
