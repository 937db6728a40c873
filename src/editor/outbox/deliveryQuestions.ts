import type { LogOutputChannel } from 'vscode';
import type { StormAnswer } from '../../sync/storm.ts';
import { showError, showInformation } from '../messages.ts';
import type { ConflictAnswer, ConflictQuestion } from '../saveConflictText.ts';
import { type StormCounts, stormText } from '../stormText.ts';
import type { SyncPair } from '../sync/syncPairs.ts';

export async function askToRetry(message: string, log: LogOutputChannel): Promise<boolean> {
  const chosen = await showError(message, 'Retry', 'Show Log');
  if (chosen === 'Show Log') log.show();
  return chosen === 'Retry';
}

/** An error, for VS Code puts other questions out of sight after some seconds, and one that stands keeps others back. */
export async function askAboutConflict({
  message,
  answers,
}: ConflictQuestion): Promise<ConflictAnswer | undefined> {
  const chosen = await showError(message, ...answers.keys());
  return chosen === undefined ? undefined : answers.get(chosen);
}

/** An error for the same reason: what changes meanwhile waits for the answer. */
export async function askAboutStorm(counts: StormCounts): Promise<StormAnswer> {
  const upload = counts.changed > 0 ? ['Upload'] : [];
  const chosen = await showError(stormText(counts), ...upload, 'Review', 'Not Now');
  if (chosen === 'Upload') return 'upload';
  return chosen === 'Review' ? 'review' : 'notNow';
}

/** Says that deletions wait for a look at them. */
export function tellOfDeletions(review: () => Promise<void>): (pair: SyncPair, count: number) => void {
  return (pair, count) => {
    const { profile, mapping } = pair;
    const message = `${count} files and folders that were deleted here are still on ${profile.name} in ${mapping.remote}.`;
    const shown = showInformation(message, 'Review');
    void shown.then((chosen) => (chosen === 'Review' ? review() : undefined));
  };
}
