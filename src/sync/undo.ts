import { RemoteError, toRemoteError } from '../remote/errors.ts';
import type { ApplyPorts } from './applySteps.ts';
import { seenAt } from './agreement.ts';
import type { FileVersion } from './fileVersion.ts';
import type { ChangeContext, Expected } from './side.ts';
import { leftBy, restoredOf } from './restored.ts';
import type { SnapshotEntry } from './snapshotEntry.ts';
import type { SyncRecord } from './syncRecord.ts';
import { ifMissing } from './systemErrors.ts';

export interface UndoOutcome {
  readonly entry: SnapshotEntry;
  /** What is there now of a file that was brought back. */
  readonly now?: FileVersion;
  /** Why it was not undone. */
  readonly error?: RemoteError;
}

/** What keeps an undo from an entry now, and may not keep the next one from it. */
const passing: readonly string[] = [
  'unavailable',
  'cancelled',
  'noSpace',
  'loginRefused',
  'certificate',
  'passphrase',
  'securityRefused',
];

export interface UndoPorts extends Omit<ApplyPorts, 'onStep'> {
  /** Where the content of an entry is kept. */
  readonly contentOf: (content: string) => string;
  readonly onEntry?: ((outcome: UndoOutcome) => void) | undefined;
}

/**
 * Takes back what one sync did, the last change first, and keeps in a snapshot of its own what that overwrites. What
 * has changed since is left as it is, and told.
 */
export async function undoEntries(
  ports: UndoPorts,
  { entries, restored }: Pick<SyncRecord, 'entries' | 'restored'>,
): Promise<UndoOutcome[]> {
  const outcomes: UndoOutcome[] = [];
  const known = [...restored];
  for (const entry of entries.toReversed()) {
    const outcome = await undo(ports, entry, leftBy(entry, known));
    const more = restoredOf(entry, outcome.now);
    if (more) known.push(more);
    outcomes.push(outcome);
    ports.onEntry?.(outcome);
  }
  return outcomes;
}

/** Whether there is nothing left to try: it was undone, or has changed since and is left alone. */
export function isDealtWith({ error }: UndoOutcome): boolean {
  if (!error || error.kind === 'conflict') return true;
  return !error.retryable && !passing.includes(error.kind);
}

async function undo(
  ports: UndoPorts,
  entry: SnapshotEntry,
  after: FileVersion | undefined,
): Promise<UndoOutcome> {
  if (ports.signal?.aborted)
    return { entry, error: new RemoteError('cancelled', entry.path, 'It was cancelled.') };
  try {
    if (entry.kind === 'file') {
      const now = await undoFile(ports, entry, after);
      return now ? { entry, now } : { entry };
    }
    await undoFolder(ports, entry);
    return { entry };
  } catch (error) {
    return { entry, error: toRemoteError(error, entry.path, 'save') };
  }
}

async function undoFolder(ports: UndoPorts, { side, path, change, before }: SnapshotEntry): Promise<void> {
  const context = contextOf(ports, path, { node: undefined });
  if (change === 'created') {
    await ports.sides[side].removeFolder(path, context);
    await ports.baseline.delete(path);
  } else {
    await ports.sides[side].makeFolder(path, context);
    if (before) await ports.baseline.set(path, before);
  }
}

/** @param after what is there where nobody has changed it since. @returns what is there of a file that is back */
async function undoFile(
  ports: UndoPorts,
  entry: SnapshotEntry,
  after: FileVersion | undefined,
): Promise<FileVersion | undefined> {
  const { side, path, change, before, mode } = entry;
  const expected: Expected = { node: after && { kind: 'file', version: after } };
  // A crash came between the change and the note of it: what is there now is not known to be the product's own.
  if (change !== 'deleted' && !after) throw interrupted(path);
  const context = { ...contextOf(ports, path, expected), mode };
  if (change === 'created') {
    await ports.sides[side].remove(path, context);
    await ports.baseline.delete(path);
    return undefined;
  }
  const content = await keptContent(ports, entry);
  const restored = await ports.sides[side].put(path, content, context);
  // Of the other side the baseline says what it said before the sync, so that the same plan comes up again.
  if (before?.kind === 'file' && before.hash === content.hash) {
    await ports.baseline.set(path, { ...before, [side]: seenAt(restored, ports.now()) });
  } else {
    await ports.baseline.delete(path);
  }
  return restored;
}

/** @throws RemoteError where it is not what was kept: no file is worth being overwritten with that */
async function keptContent(ports: UndoPorts, { path, content, hash }: SnapshotEntry) {
  if (content === undefined) throw interrupted(path);
  const kept = await ports.staging.adopt(ports.contentOf(content)).catch(ifMissing(undefined));
  if (!kept || (hash !== undefined && kept.hash !== hash)) throw notKept(path);
  return kept;
}

function contextOf(
  { snapshot, baseline, signal }: UndoPorts,
  path: string,
  expected: Expected,
): ChangeContext {
  return { expected, snapshot, before: baseline.entries.get(path), signal };
}

function notKept(path: string): RemoteError {
  const message = `What ${path} was before is not kept as it was, so it is left as it is now. Compare both sides.`;
  return new RemoteError('conflict', path, message);
}

function interrupted(path: string): RemoteError {
  const message = `${path} was being changed when the program ended, so it is not undone by itself. Compare both sides.`;
  return new RemoteError('conflict', path, message);
}
