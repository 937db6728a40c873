import { commands, Uri, window } from 'vscode';
import { basename } from 'node:path';
import type { Deliveries, Delivery } from '../../sync/deliveries.ts';
import { itemIn, type OutboxItem } from '../../sync/outbox.ts';
import { SaveConflict } from '../../sync/saveFailure.ts';
import type { SaveOutcome } from '../../sync/saveQueue.ts';
import { SyncAction } from '../../sync/syncAction.ts';
import { chosenRows } from '../commands/chosenRows.ts';
import { openDiff } from '../openDiff.ts';

/** The commands of the outbox. Those about rows get the row, and the selection that it is part of. */
export type OutboxCommand = keyof ReturnType<typeof outboxCommands>;

export interface OutboxCommandsOptions {
  readonly deliveries: Pick<Deliveries, 'items' | 'find' | 'retry' | 'settle' | 'discard'>;
  /** Called before a retry with each connection that it needs; may ask the user. */
  readonly connect: (connection: string) => Promise<void>;
}

/** What the commands do, by their ids. They throw; the registration reports. */
export function outboxCommands({ deliveries, connect }: OutboxCommandsOptions) {
  const chosen = (values: readonly unknown[]): readonly Delivery[] =>
    chosenRows(values, isRow).flatMap((row) => deliveries.find(row) ?? []);
  const retry = async (items: readonly Delivery[]): Promise<void> => {
    const connections = new Set(items.map(({ job }) => job.connection));
    await Promise.all([...connections].map((connection) => connect(connection)));
    refuse((await Promise.all(items.map(({ job }) => deliveries.retry(job)))).flat());
  };
  const settle = async (values: readonly unknown[], decision: 'mine' | 'theirs'): Promise<void> => {
    const action = new SyncAction();
    refuse(await Promise.all(chosen(values).map(({ job }) => deliveries.settle(job, decision, action))));
  };
  return {
    'ftps.outboxOpen': async (...values: unknown[]) => {
      const [first] = chosen(values);
      if (first && isDivergent(first)) await openDiff(first.job);
      else if (first) await commands.executeCommand('vscode.open', Uri.file(first.job.localFile));
    },
    'ftps.outboxRetry': (...values: unknown[]) => retry(chosen(values)),
    'ftps.outboxRetryAll': () => retry(deliveries.items),
    'ftps.outboxOverwrite': (...values: unknown[]) => settle(values, 'mine'),
    'ftps.outboxTakeTheirs': (...values: unknown[]) => settle(values, 'theirs'),
    'ftps.outboxDiscard': async (...values: unknown[]) => {
      const items = chosen(values);
      if (!(await isDiscarded(items))) return;
      for (const { job } of items) await deliveries.discard(job);
    },
  } as const;
}

/** What waits for the server once more, or for an answer, shows in the view. */
function refuse(outcomes: readonly SaveOutcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.kind === 'failed' && !(outcome.error instanceof SaveConflict)) throw outcome.error;
  }
}

function isDivergent({ state }: Delivery): boolean {
  return state.kind === 'failed' && state.error instanceof SaveConflict && state.error.conflict !== 'deleted';
}

async function isDiscarded(items: readonly Delivery[]): Promise<boolean> {
  const [first] = items;
  if (!first) return false;
  const what = items.length === 1 ? basename(first.job.localFile) : `${items.length} files`;
  const message = `Discard what waits to be sent of ${what}?`;
  const detail =
    'Nothing is deleted: this computer keeps what you saved, the server what it has. The next comparison in the Sync view shows the difference.';
  const discard = 'Discard';
  return (await window.showWarningMessage(message, { modal: true, detail }, discard)) === discard;
}

function isRow(value: unknown): value is OutboxItem {
  return itemIn(value) !== undefined;
}
