import { basename } from 'node:path';
import type { SaveItem } from '../sync/saveQueue.ts';

/** One sentence for all uploads that have failed, however many there are. */
export function failedUploadsText(items: readonly SaveItem[]): string {
  const names = [...new Set(items.map(({ job }) => basename(job.localFile)))];
  const errors = items.flatMap(({ state }) => (state.kind === 'failed' ? [state.error.message] : []));
  return `${listed(names)} not uploaded. ${errors[0] ?? ''}`.trim();
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
  | { readonly kind: 'running'; readonly names: readonly string[] }
  | { readonly kind: 'failed'; readonly names: readonly string[] }
  | { readonly kind: 'done'; readonly name: string }
  | { readonly kind: 'nothing' };

/** @param changed the one that has changed last; a queue no longer holds what is done */
export function uploadSummary(items: readonly SaveItem[], changed: SaveItem): UploadSummary {
  const running = items.filter(({ state }) => state.kind === 'waiting' || state.kind === 'uploading');
  if (running.length > 0) return { kind: 'running', names: namesOf(running) };
  const failed = items.filter(({ state }) => state.kind === 'failed');
  if (failed.length > 0) return { kind: 'failed', names: namesOf(failed) };
  if (changed.state.kind !== 'done') return { kind: 'nothing' };
  return { kind: 'done', name: basename(changed.job.localFile) };
}

function namesOf(items: readonly SaveItem[]): readonly string[] {
  return items.map(({ job }) => basename(job.localFile));
}
