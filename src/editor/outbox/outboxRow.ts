import { basename } from 'node:path';
import type { Delivery } from '../../sync/deliveries.ts';
import { failureReason } from '../../sync/saveFailure.ts';

/** How something that waits to be sent is shown. */
export interface OutboxRow {
  readonly label: string;
  readonly description: string;
  /** Lines. */
  readonly tooltip: string;
  /** Name of one of VS Code's icons. */
  readonly icon: string;
  /** What can be done about it, as the menus know it. */
  readonly contextValue:
    | 'outbox-sending'
    | 'outbox-away'
    | 'outbox-conflict'
    | 'outbox-gone'
    | 'outbox-refused';
}

/** @param timeOf a moment in milliseconds since the epoch, as people read it */
export function outboxRow(delivery: Delivery, timeOf: (moment: number) => string): OutboxRow {
  const { job, state, nextAttemptAt } = delivery;
  const label = basename(job.localFile);
  const way = `${job.localFile}\n→ ${job.remotePath} on ${job.connection} (${job.server})`;
  if (state.kind !== 'failed') {
    return {
      label,
      description: `being sent to ${job.connection}`,
      tooltip: way,
      icon: 'sync~spin',
      contextValue: 'outbox-sending',
    };
  }
  const reason = failureReason(state.error);
  const next = nextAttemptAt === undefined ? '' : `, tried again at ${timeOf(nextAttemptAt)}`;
  const shown = {
    away: { icon: 'clock', text: `waits for ${job.connection}${next}` },
    conflict: { icon: 'warning', text: `differs on ${job.connection}: you decide` },
    gone: { icon: 'trash', text: 'is no longer on this computer' },
    refused: { icon: 'error', text: `was not accepted by ${job.connection}` },
  }[reason];
  return {
    label,
    description: shown.text,
    tooltip: `${way}\n${state.error.message}`,
    icon: shown.icon,
    contextValue: `outbox-${reason}`,
  };
}

/** What the badge says beside its number. */
export function badgeText(count: number): string {
  return count === 1 ? '1 file is not sent yet' : `${count} files are not sent yet`;
}
