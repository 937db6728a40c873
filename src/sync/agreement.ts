import type { BaselineEntry } from './baseline.ts';
import type { BaselineStore } from './baselineStore.ts';
import type { FileVersion, SeenVersion } from './fileVersion.ts';
import type { PlanStep } from './planStep.ts';

/** Both sides have this content. @param now milliseconds since the epoch */
export function agreed(local: FileVersion, remote: FileVersion, hash: string, now: number): BaselineEntry {
  return { kind: 'file', local: seenAt(local, now), remote: seenAt(remote, now), hash };
}

/** A version whose content is known as of now. */
export function seenAt(version: FileVersion, now: number): SeenVersion {
  return { ...version, firstSeen: now, lastSeen: now };
}

/** Does a step that changes neither side: both have the same already, or both have it no more. */
export async function takeNote(baseline: BaselineStore, step: PlanStep, now: number): Promise<void> {
  const { path, action, kind, local, remote, hash } = step;
  if (action === 'forget') return baseline.delete(path);
  if (kind === 'folder') return baseline.set(path, { kind: 'folder' });
  if (local?.kind !== 'file' || remote?.kind !== 'file' || hash === undefined) return;
  await baseline.set(path, agreed(local.version, remote.version, hash, now));
}
