import type { StepOutcome } from '../../sync/applySteps.ts';
import type { SnapshotEntry } from '../../sync/snapshotEntry.ts';
import { timeOfSync } from '../../sync/snapshotId.ts';
import type { UndoOutcome } from '../../sync/undo.ts';
import { counted, countedOf, numberText } from './counted.ts';
import { pairLabel } from './pairText.ts';

/** What has come of the steps that were applied: `42 uploaded, 3 failed.` */
export function outcomeText(outcomes: readonly StepOutcome[]): string {
  const done = outcomes.filter(({ error }) => !error);
  const count = (...actions: readonly string[]): number =>
    done.filter(({ step }) => actions.includes(step.action)).length;
  const stopped = outcomes.filter(({ error }) => error?.kind === 'cancelled').length;
  return listed([
    [count('upload'), 'uploaded'],
    [count('download'), 'downloaded'],
    [count('deleteRemote'), 'deleted on the server'],
    [count('deleteLocal'), 'deleted here'],
    [outcomes.length - done.length - stopped, 'failed'],
    [stopped, 'not done'],
  ]);
}

/** Asks whether that sync is to be taken back, by its id, and names both folders and the server. */
export function undoMessage(pair: Parameters<typeof pairLabel>[0], id: string): string {
  const time = timeOfSync(id);
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  const when = time === undefined ? '' : ` of ${format.format(time)}`;
  const { label, description } = pairLabel(pair);
  return `Undo the last sync${when} between ${label} and ${description}?`;
}

/** What an undo would do on each side, a line for each. */
export function undoQuestion(entries: readonly SnapshotEntry[]): string {
  const sides = [
    ['remote', 'On the server'],
    ['local', 'Here'],
  ] as const;
  return sides
    .flatMap(([side, place]) => {
      const of = (change: SnapshotEntry['change']): number =>
        entries.filter((entry) => entry.side === side && entry.change === change).length;
      const what = listed([
        [of('overwritten'), 'restored'],
        [of('deleted'), 'brought back'],
        [of('created'), 'removed again'],
      ]);
      return what === '' ? [] : [`${place}: ${what}`];
    })
    .join('\n');
}

/** What an undo has done, and which files it could not restore for which reason. */
export function undoText(outcomes: readonly UndoOutcome[]): string {
  const failed = outcomes.flatMap(({ error }) => (error ? [error.message] : []));
  const undone = outcomes.length - failed.length;
  if (failed.length === 0) return `Undone: ${counted(undone, 'change')}.`;
  const rest = failed.length > 3 ? ` And ${failed.length - 3} more.` : '';
  const done =
    undone === 0 ? 'Nothing was undone.' : `Undone: ${countedOf(undone, outcomes.length, 'change')}.`;
  return `${done} Not undone: ${failed.slice(0, 3).join(' ')}${rest}`;
}

function listed(counts: readonly (readonly [count: number, deed: string])[]): string {
  const parts = counts.flatMap(([count, deed]) => (count === 0 ? [] : [`${numberText(count)} ${deed}`]));
  return parts.length === 0 ? '' : `${parts.join(', ')}.`;
}
