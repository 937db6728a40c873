import { chosenRows } from '../commands/chosenRows.ts';
import { offerUndo } from './undoSync.ts';
import type { SyncReview } from './syncReview.ts';
import type { SyncPair } from './syncPairs.ts';
import { isSyncRow, type StepRow } from './syncRow.ts';

/** The commands of the Sync view. Those about rows get the row, and the selection that it is part of. */
export type SyncCommand = keyof ReturnType<typeof syncCommands>;

/** What the commands do, by their ids. They throw; the registration reports. */
export function syncCommands(review: SyncReview) {
  const check =
    (isChecked: boolean) =>
    async (...values: unknown[]): Promise<void> => {
      for (const row of chosenRows(values, isSyncRow)) {
        if (row.kind === 'group') review.checkAll(row.group, isChecked);
      }
    };
  const settle =
    (act: (path: string) => void) =>
    async (...values: unknown[]): Promise<void> =>
      stepsIn(values).forEach(({ path }) => act(path));
  return {
    // What else than a pair a menu may pass says nothing about folders.
    'ftps.sync': (...[pair, below]: unknown[]) =>
      isSyncPair(pair) ? review.ask(pair, typeof below === 'string' ? below : '') : review.ask(),
    'ftps.syncAgain': () => review.compareAgain(),
    'ftps.syncApply': () => review.apply(),
    'ftps.syncUndo': () => offerUndo(review),
    'ftps.syncCancel': async () => review.cancel(),
    'ftps.syncDiscard': async () => review.discard(),
    'ftps.syncCheckAll': check(true),
    'ftps.syncUncheckAll': check(false),
    'ftps.syncKeepMine': settle((path) => review.keep(path, 'mine')),
    'ftps.syncKeepTheirs': settle((path) => review.keep(path, 'theirs')),
    'ftps.syncUseMerged': settle((path) => review.keep(path, 'merged')),
    'ftps.syncOpen': async (...values: unknown[]) => {
      const [first] = stepsIn(values);
      if (first) await review.openChanges(first.path);
    },
    'ftps.syncMerge': async (...values: unknown[]) => {
      const [first] = stepsIn(values);
      if (first) await review.merge(first.path);
    },
    'ftps.syncMore': async (...values: unknown[]) => {
      for (const row of chosenRows(values, isSyncRow)) if (row.kind === 'more') review.showMore(row.group);
    },
  } as const;
}

function stepsIn(values: readonly unknown[]): readonly StepRow[] {
  return chosenRows(values, isSyncRow).filter((row) => row.kind === 'step');
}

function isSyncPair(value: unknown): value is SyncPair {
  return typeof value === 'object' && value !== null && 'mapping' in value && 'localFolder' in value;
}
