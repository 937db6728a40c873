import type { BaselineEntry } from './baseline.ts';
import type { BaselineStore } from './baselineStore.ts';
import type { FileVersion, SeenVersion } from './fileVersion.ts';
import type { PlanStep } from './planStep.ts';

/**
 * Both sides have this content.
 * @param at when each was known to have it, in milliseconds since the epoch: of what was read, before the reading began,
 * for behind it somebody may have written
 */
export function agreed(
  local: FileVersion,
  remote: FileVersion,
  hash: string,
  at: Readonly<Record<'local' | 'remote', number>>,
): BaselineEntry {
  return { kind: 'file', local: seenAt(local, at.local), remote: seenAt(remote, at.remote), hash };
}

/** A version whose content is known as of now. */
export function seenAt(version: FileVersion, now: number): SeenVersion {
  return { ...version, firstSeen: now, lastSeen: now };
}

/**
 * Does a step that changes neither side: both have the same already, or both have it no more.
 * @param at when the comparison began, in milliseconds since the epoch
 */
export async function takeNote(baseline: BaselineStore, step: PlanStep, at: number): Promise<void> {
  const { path, action, kind, local, remote, hash } = step;
  if (action === 'forget') return baseline.delete(path);
  if (kind === 'folder') return baseline.set(path, { kind: 'folder' });
  if (local?.kind !== 'file' || remote?.kind !== 'file' || hash === undefined) return;
  await baseline.set(path, agreed(local.version, remote.version, hash, { local: at, remote: at }));
}
