import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commands,
  type LogOutputChannel,
  TreeItemCheckboxState,
  type TreeView,
  window,
  workspace,
} from 'vscode';
import type { ReviewOptions } from '../../sync/partOfPair.ts';
import type { PlanOptions, PlanStep } from '../../sync/planStep.ts';
import type { Group } from '../../sync/reviewModel.ts';
import { versionOf } from '../../sync/localVersion.ts';
import type { ActiveProfile } from '../activeProfile.ts';
import type { Connections } from '../connections.ts';
import { showInformation, showWarning } from '../messages.ts';
import type { ProfileStore } from '../profileStore.ts';
import type { Report } from '../report.ts';
import { applyChecked } from './applyChecked.ts';
import { askOptions, askPair } from './askSync.ts';
import { explainMapping } from './explainMapping.ts';
import { openText } from './groupText.ts';
import { openChanges, openMerge } from './openChanges.ts';
import { OpenReview } from './openReview.ts';
import { pairName } from './pairName.ts';
import { pairText } from './pairText.ts';
import { syncItem } from './syncItem.ts';
import type { SyncPair, SyncPairs } from './syncPairs.ts';
import type { SyncRow } from './syncRow.ts';
import type { SyncTree } from './syncTree.ts';
import { offerToSave, unsavedFiles } from './unsavedFiles.ts';

export interface SyncReviewOptions {
  readonly pairs: SyncPairs;
  readonly active: Pick<ActiveProfile, 'among'>;
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly log: Pick<LogOutputChannel, 'info' | 'error' | 'show'>;
  readonly report: Report;
  readonly tree: SyncTree;
  readonly view: TreeView<SyncRow>;
}

type State = 'none' | 'busy' | 'review';

/** The Sync view at work: one review at a time, of one pair. */
export class SyncReview {
  readonly options: SyncReviewOptions;
  #shown: { readonly pair: SyncPair; readonly review: OpenReview } | undefined;
  #running: AbortController | undefined;
  /** What was chosen last, by pair. */
  readonly #chosen = new Map<string, PlanOptions>();

  constructor(options: SyncReviewOptions) {
    this.options = options;
    options.view.onDidChangeCheckboxState(({ items }) => this.#boxes(items));
    options.profiles.onDidChange.add(() => {
      // What was compared is not what would be changed any more.
      if (this.#shown && !this.options.pairs.present(this.#shown.pair)) this.discard();
    });
  }

  /** The pair whose comparison is shown. */
  get pair(): SyncPair | undefined {
    return this.#shown?.pair;
  }

  /**
   * Asks what to compare, unless that is known, and how; and compares.
   * @param below what alone of the pair, relative to its folders; empty for all
   */
  async ask(wanted?: SyncPair, below = ''): Promise<void> {
    if (!this.mayBegin()) return;
    const title = 'Sync';
    const pairs = this.options.pairs.all();
    if (pairs.length === 0) return explainMapping();
    const pair = wanted ?? (await askPair(pairs, title, this.options.active.among(pairs)));
    if (!pair) return;
    const chosen = await askOptions(title, this.#chosen.get(pairName(pair)) ?? pair.mapping);
    if (chosen) await this.compare(pair, { ...chosen, below });
  }

  async compareAgain(): Promise<void> {
    if (!this.#shown) return this.ask();
    const { pair, review } = this.#shown;
    await this.compare(pair, review.options, review.unchecked);
  }

  /** Compares both sides, and shows what is to be done. Changes nothing. */
  async compare(
    asked: SyncPair,
    planOptions: ReviewOptions,
    unchecked: Iterable<string> = [],
  ): Promise<void> {
    const { pairs, connections, view } = this.options;
    // Its ignore rules may have changed since.
    const pair = pairs.present(asked);
    if (!pair) return explainMapping();
    if (!this.mayBegin() || !(await offerToSave(unsavedFiles(pair.localFolder)))) return;
    this.#chosen.set(pairName(pair), planOptions);
    await commands.executeCommand('ftps.sync.focus');
    this.#show(undefined);
    await this.whileRunning(async (signal) => {
      view.description = pairText(pair, planOptions.direction, planOptions.below);
      view.message = 'Comparing…';
      let found: OpenReview | undefined;
      try {
        await window.withProgress({ location: { viewId: 'ftps.sync' } }, async () => {
          // The only step that may ask the user for something, such as a password.
          await connections.get(pair.profile.name).connect();
          const review = await pairs.sync(pair).review(planOptions, signal);
          if (!signal.aborted) found = new OpenReview(review, planOptions, unchecked);
        });
      } finally {
        this.#show(found && { pair, review: found });
      }
    });
  }

  /** Does what is checked, or only what has failed of it. */
  async apply(which: 'checked' | 'failed' = 'checked'): Promise<void> {
    const shown = this.#shown;
    const pair = shown && this.options.pairs.present(shown.pair);
    if (!shown || !pair || !this.mayBegin()) return;
    await applyChecked({ pair, review: shown.review, which, syncs: this.options.pairs, view: this });
  }

  /** One thing at a time, which can be cancelled. */
  async whileRunning(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    await this.#enter('busy');
    try {
      await work(running.signal);
    } finally {
      this.#running = undefined;
      await this.#enter(this.#shown ? 'review' : 'none');
    }
  }

  cancel(): void {
    this.#running?.abort();
  }

  discard(): void {
    this.#running?.abort();
    this.#show(undefined);
    void this.#enter('none');
  }

  check(path: string, isChecked: boolean): void {
    this.#change((review) => review.check(path, isChecked));
  }

  checkAll(group: Group, isChecked: boolean): void {
    this.#change((review) => review.checkAll(group, isChecked));
  }

  keep(path: string, what: 'mine' | 'theirs' | 'merged'): void {
    this.#change((review) => (what === 'merged' ? review.keepMerged(path) : review.keep(path, what)));
  }

  showMore(group: Group): void {
    this.#change((review) => review.showMore(group));
  }

  async openChanges(path: string): Promise<void> {
    const step = this.#shown?.review.item(path)?.step;
    if (this.#shown && step) await openChanges(this.#shown.pair, step);
  }

  async merge(path: string): Promise<void> {
    const step = this.#shown?.review.item(path)?.step;
    if (!this.#shown || !step) return;
    this.#change((review) => review.beginMerge(path));
    await openMerge(this.#shown.pair, step);
  }

  redraw(): void {
    this.options.tree.redraw();
    this.#sumUp();
  }

  /** What is told of a review beside its rows. */
  #sumUp(): void {
    const { view } = this.options;
    const review = this.#shown?.review;
    if (review) view.message = messageOf(review);
    const open = review?.openItems ?? [];
    view.badge = open.length > 0 ? { value: open.length, tooltip: openText(open) } : undefined;
  }

  /** The steps as they are to be done now: files that were merged have changed since the comparison. */
  async current(steps: readonly PlanStep[]): Promise<readonly PlanStep[]> {
    const shown = this.#shown;
    if (!shown) return [];
    const { localFolder } = shown.pair;
    return shown.review.withMerged(steps, async (path) => versionOf(await stat(join(localFolder, path))));
  }

  #change(change: (review: OpenReview) => void): void {
    if (!this.#shown || this.#running) return;
    change(this.#shown.review);
    this.redraw();
  }

  #boxes(items: readonly (readonly [SyncRow, TreeItemCheckboxState])[]): void {
    this.#change((review) => {
      for (const [row, state] of items) {
        const isChecked = state === TreeItemCheckboxState.Checked;
        if (row.kind === 'group') review.checkAll(row.group, isChecked);
        if (row.kind === 'step') review.check(row.path, isChecked);
      }
    });
    // What was refused has to be drawn as it is.
    if (this.#running) this.options.tree.redraw();
  }

  #show(shown: { readonly pair: SyncPair; readonly review: OpenReview } | undefined): void {
    const { tree, view } = this.options;
    this.#shown = shown;
    tree.show(shown && sourceOf(shown.review));
    const { direction = 'both', below } = shown?.review.options ?? {};
    view.description = shown ? pairText(shown.pair, direction, below) : '';
    view.message = '';
    this.#sumUp();
  }

  mayBegin(): boolean {
    if (!workspace.isTrusted) {
      void showWarning('Nothing is synced in a workspace that is not trusted.');
      return false;
    }
    if (!this.#running) return true;
    void showInformation('A sync is under way: wait for it, or cancel it.');
    return false;
  }

  async #enter(state: State): Promise<void> {
    await commands.executeCommand('setContext', 'ftps.syncState', state);
  }
}

function sourceOf(review: OpenReview) {
  return {
    get roots() {
      return review.roots;
    },
    childrenOf: (row: SyncRow) => review.childrenOf(row),
    parentOf: (row: SyncRow) => review.parentOf(row),
    itemOf: (row: SyncRow) => syncItem(row, review),
  };
}

/** Empty for none: VS Code then shows the rows, or the welcome. */
function messageOf(review: OpenReview): string {
  if (!review.isInStep) return '';
  return review.isWhole ? 'Both sides are in step.' : 'In step, as far as it could be compared.';
}
