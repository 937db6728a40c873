import { join } from 'node:path';
import { ProgressLocation, window } from 'vscode';
import { joinPath } from '../../remote/remotePath.ts';
import type { StepOutcome } from '../../sync/applySteps.ts';
import type { PlanStep } from '../../sync/planStep.ts';
import { sizeText } from '../entryText.ts';
import { showError, showInformation } from '../messages.ts';
import { plainText } from '../plainText.ts';
import { counted, countedOf } from './counted.ts';
import { guardText } from './guardText.ts';
import type { OpenReview } from './openReview.ts';
import { outcomeText } from './outcomeText.ts';
import type { SyncPair, SyncPairs } from './syncPairs.ts';
import type { SyncReview } from './syncReview.ts';
import { offerUndo } from './undoSync.ts';
import { saveAll, unsavedFiles } from './unsavedFiles.ts';

export interface ApplyCheckedOptions {
  readonly pair: SyncPair;
  readonly review: OpenReview;
  /** Only what has failed before, or all that is checked. */
  readonly which: 'checked' | 'failed';
  readonly syncs: Pick<SyncPairs, 'sync'>;
  readonly view: SyncReview;
}

/** Does what is checked, after the questions that have to be asked, and tells what has come of it. */
export async function applyChecked(options: ApplyCheckedOptions): Promise<void> {
  const { pair, review, which, syncs, view } = options;
  if (!(await isSaved(options)) || !(await passesGuards(options))) return;
  const steps = which === 'failed' ? review.failed : review.selected;
  if (steps.length === 0) {
    void showInformation('Nothing is checked, so nothing was done.');
    return;
  }
  const outcomes: StepOutcome[] = [];
  const action = review.action(which === 'failed');
  let id: string | undefined;
  await view.whileRunning(async (signal) => {
    const title = plainText(`Syncing ${pair.profile.name}`);
    const shown = { location: ProgressLocation.Notification, title, cancellable: true };
    await window.withProgress(shown, async (notification, token) => {
      token.onCancellationRequested(() => view.cancel());
      // The only step that may ask the user for something, such as a password.
      await view.options.connections.get(pair.profile.name).connect();
      const progress = countedProgress(steps, (increment, message) => {
        notification.report({ increment, message: plainText(message) });
        view.redraw();
      });
      const done = (outcome: StepOutcome): void => {
        outcomes.push(outcome);
        review.record(outcome);
        // Whoever cancels waits for nothing, least of all for thousands of lines that say so.
        if (outcome.error?.kind === 'cancelled') return;
        progress(outcome);
        log(options, outcome);
      };
      ({ id } = await syncs.sync(pair).apply(await view.current(steps), done, signal, action));
    });
  });
  view.redraw();
  tell(options, outcomes, id);
}

/** What the editor has and the disk has not would neither be uploaded nor survive a download. */
async function isSaved({ pair, review, view }: ApplyCheckedOptions): Promise<boolean> {
  const files = review.selected.filter(({ kind }) => kind === 'file');
  const documents = unsavedFiles(pair.localFolder, new Set(files.map(({ path }) => path)));
  if (documents.length === 0) return true;
  const [again, without] = ['Save and Compare Again', 'Apply Without Saving'];
  const are = documents.length === 1 ? 'is' : 'are';
  const message = `${counted(documents.length, 'file')} of this sync ${are} not saved.`;
  const detail = 'Only what is on the disk is synced.';
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, again, without);
  if (chosen === again) {
    await saveAll(documents);
    await view.compareAgain();
  }
  return chosen === without;
}

/** Asks before many files are deleted. The first answer, which Enter gives, deletes none. */
async function passesGuards({ pair, review, which }: ApplyCheckedOptions): Promise<boolean> {
  if (which === 'failed') return true;
  for (const guard of review.guards) {
    const names = {
      host: pair.profile.host,
      remoteFolder: joinPath(pair.mapping.remote, review.options.below ?? ''),
      localFolder: join(pair.localFolder, review.options.below ?? ''),
    };
    const [skip, confirm] = ['Skip Deletions', `Delete ${counted(guard.files, 'File')}`];
    const detail = 'What is deleted is kept for "Undo Last Sync", as far as the space for it allows.';
    const message = guardText(guard, names);
    const chosen = await window.showWarningMessage(message, { modal: true, detail }, skip, confirm);
    if (chosen === undefined) return false;
    if (chosen === skip) review.uncheckDeletions(guard.side);
  }
  return true;
}

/** Reports once for each percent: every report is a message to another process. */
function countedProgress(
  steps: readonly PlanStep[],
  report: (increment: number, message: string) => void,
): (outcome: StepOutcome) => void {
  const total = steps.reduce((sum, { bytes }) => sum + bytes, 0);
  let [done, bytes, shown] = [0, 0, 0];
  return ({ step, error }) => {
    done++;
    if (!error) bytes += step.bytes;
    const percent = Math.floor((100 * done) / steps.length);
    if (percent <= shown) return;
    const size = total > 0 ? `, ${sizeText(bytes)} of ${sizeText(total)}` : '';
    report(percent - shown, `${countedOf(done, steps.length, 'step')}${size}: ${step.path}`);
    shown = percent;
  };
}

function log({ view, pair }: ApplyCheckedOptions, { step, error }: StepOutcome): void {
  const { log } = view.options;
  const what = `${step.action} ${step.path} (${pair.localFolder}, ${pair.profile.name}:${pair.mapping.remote})`;
  if (error) log.error(`Sync: ${what}: ${error.message}`);
  else log.info(`Sync: ${what}`);
}

function tell({ review, view, pair }: ApplyCheckedOptions, outcomes: readonly StepOutcome[], id = ''): void {
  const { log, report } = view.options;
  const failed = outcomes.filter(({ error }) => error && error.kind !== 'cancelled');
  const [first] = failed;
  const again = failed.some(({ error }) => error?.kind === 'conflict')
    ? offer('Compare Again', () => view.compareAgain())
    : offer('Retry', () => (review.failed.length > 0 ? view.apply('failed') : view.compareAgain()));
  const undo = offer('Undo', () => offerUndo(view, { pair, id }));
  const showLog = offer('Show Log', async () => log.show());
  const isDone = outcomes.some(({ error }) => !error);
  const offers = [...(first ? [again] : []), ...(isDone ? [undo] : []), ...(first ? [showLog] : [])];
  const reason = failed.length === 1 ? ` ${first?.error?.message ?? ''}` : ' The Sync view says why.';
  const titles = offers.map(({ title }) => title);
  const chosen = first
    ? showError(`${outcomeText(outcomes)}${reason}`, ...titles)
    : showInformation(outcomeText(outcomes), ...titles);
  // Not awaited: a message may stay open for as long as it likes.
  const act = async (): Promise<void> => {
    const title = await chosen;
    await offers.find((each) => each.title === title)?.act();
  };
  void act().catch(report);
}

function offer(title: string, act: () => Promise<void>) {
  return { title, act };
}
