import { basename } from 'node:path';
import { failureReason } from '../sync/saveFailure.ts';
import type { SaveJob } from '../sync/saveJob.ts';
import type { SaveItem } from '../sync/saveQueue.ts';

/** One sentence or two for all uploads that have failed, however many there are. */
export function failedUploadsText(
  failures: readonly { readonly job: SaveJob; readonly message: string; readonly isAway: boolean }[],
): string {
  const names = [...new Set(failures.map(({ job }) => basename(job.localFile)))];
  const isAway = failures.every((failure) => failure.isAway);
  const outlook = names.length === 1 ? 'It is' : 'They are';
  const sentences = [
    `${listed(names)} not uploaded.`,
    failures[0]?.message,
    isAway && `${outlook} sent when the server can be reached again.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

function listed(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length < 2) return `${first} was`;
  return names.length === 2
    ? `${first} and ${second} were`
    : `${first} and ${names.length - 1} other files were`;
}

/** What the status bar says of the uploads on save. */
export type UploadSummary =
  | {
      readonly kind: 'running';
      readonly names: readonly string[];
      readonly targets: readonly string[];
      /** How much of them has left this computer. */
      readonly bytes: number;
    }
  /** All that has failed is sent by itself when the server can be reached again. */
  | { readonly kind: 'away'; readonly names: readonly string[] }
  | { readonly kind: 'failed'; readonly names: readonly string[] }
  | { readonly kind: 'done'; readonly name: string; readonly target: string; readonly place: string }
  | { readonly kind: 'nothing' };

/** @param changed the one that has changed last; what is done is no longer among the items */
export function uploadSummary(items: readonly SaveItem[], changed: SaveItem): UploadSummary {
  const running = items.filter(({ state }) => state.kind === 'waiting' || state.kind === 'uploading');
  if (running.length > 0) {
    const targets = [...new Set(running.map(({ job }) => job.connection))];
    const bytes = running.reduce((sum, { state }) => sum + (state.kind === 'uploading' ? state.bytes : 0), 0);
    return { kind: 'running', names: namesOf(running), targets, bytes };
  }
  const failed = items.filter(({ state }) => state.kind === 'failed');
  if (failed.length > 0) return { kind: failed.every(isAway) ? 'away' : 'failed', names: namesOf(failed) };
  if (changed.state.kind !== 'done') return { kind: 'nothing' };
  const { localFile, connection, server, remotePath } = changed.job;
  return { kind: 'done', name: basename(localFile), target: connection, place: `${remotePath} on ${server}` };
}

function namesOf(items: readonly SaveItem[]): readonly string[] {
  return items.map(({ job }) => basename(job.localFile));
}

function isAway({ state }: SaveItem): boolean {
  return state.kind === 'failed' && failureReason(state.error) === 'away';
}
