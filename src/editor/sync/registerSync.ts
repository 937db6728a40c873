import { Disposable, type LogOutputChannel, type TreeView, window } from 'vscode';
import { lazyCommands } from '../commands/lazyCommands.ts';
import type { Connections } from '../connections.ts';
import { forgetContext } from '../forgetContext.ts';
import type { ProfileStore } from '../profileStore.ts';
import type { Report } from '../report.ts';
import type { LazySyncPairs } from './lazySyncPairs.ts';
import type { SyncCommand } from './syncCommands.ts';
import type { SyncRow } from './syncRow.ts';
import { SyncTree } from './syncTree.ts';

export interface RegisterSyncOptions {
  readonly pairs: Pick<LazySyncPairs, 'get' | 'active'>;
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly log: Pick<LogOutputChannel, 'info' | 'error' | 'show'>;
  readonly report: Report;
}

const commandIds: readonly SyncCommand[] = [
  'ftps.sync',
  'ftps.syncAgain',
  'ftps.syncApply',
  'ftps.syncCancel',
  'ftps.syncCheckAll',
  'ftps.syncDiscard',
  'ftps.syncKeepMine',
  'ftps.syncKeepTheirs',
  'ftps.syncMerge',
  'ftps.syncMore',
  'ftps.syncOpen',
  'ftps.syncUncheckAll',
  'ftps.syncUndo',
  'ftps.syncUseMerged',
];

/** The Sync view and its commands. All behind them is loaded when one of them is first used. */
export function registerSync(options: RegisterSyncOptions): Disposable {
  const { profiles, report } = options;
  forgetContext('ftps.syncState');
  const tree = new SyncTree(profiles);
  const view = window.createTreeView('ftps.sync', {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
    // A group that is checked may have ten thousands of rows that were never drawn.
    manageCheckboxStateManually: true,
  });
  forgetRows(view);
  const load = async () => {
    const [{ SyncReview }, { syncCommands }] = await Promise.all([
      import('./syncReview.ts'),
      import('./syncCommands.ts'),
    ]);
    const { active } = options.pairs;
    const review = new SyncReview({ ...options, active, pairs: await options.pairs.get(), tree, view });
    return syncCommands(review);
  };
  return Disposable.from(tree, view, lazyCommands(commandIds, load, report));
}

/** What an extension host has shown that ended without warning still stands. */
function forgetRows(view: TreeView<SyncRow>): void {
  view.description = '';
  view.message = '';
  // VS Code is told of changes only.
  view.badge = { value: 0, tooltip: '' };
  view.badge = undefined;
}
