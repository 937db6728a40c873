import { isObject } from './fields.ts';
import type { FileVersion } from './fileVersion.ts';
import { readRestored, type Restored, restoredOf } from './restored.ts';
import { readSnapshotEntry, type SnapshotEntry } from './snapshotEntry.ts';

/** What one sync did. */
export interface SyncRecord {
  readonly id: string;
  /** In the order in which they were done; those that an undo has dealt with are left out. */
  readonly entries: readonly SnapshotEntry[];
  /** What undos have brought back of it. */
  readonly restored: readonly Restored[];
  /** Whether it took another one back. */
  readonly isUndo: boolean;
  /** Whether an undo has dealt with any of it. */
  readonly isUndone: boolean;
}

/** @param text entries as the snapshot store writes them, a line each */
export function readSyncRecord(id: string, text: string): SyncRecord {
  const lines = text.split('\n').flatMap(recordIn);
  const undone = new Set(lines.map((line) => line['undone']));
  return {
    id,
    entries: deedsIn(lines.flatMap((line) => readSnapshotEntry(line) ?? [])).filter(
      (entry) => !undone.has(keyOf(entry)),
    ),
    restored: lines.flatMap((line) => readRestored(line['restored']) ?? []),
    isUndo: lines.some(({ undoes }) => typeof undoes === 'string'),
    isUndone: lines.some((line) => typeof line['undone'] === 'string'),
  };
}

/** Says that a sync takes another one back. */
export function undoLine(id: string): unknown {
  return { undoes: id };
}

/** Says that an undo has dealt with an entry. @param now what it has brought back */
export function undoneLine(entry: SnapshotEntry, now: FileVersion | undefined): unknown {
  const restored = restoredOf(entry, now);
  return { undone: keyOf(entry), ...(restored ? { restored } : {}) };
}

/**
 * A step is recorded before it acts, and once more behind it, when it is known what it left; one that has failed may
 * come again. It counts from when it was done: a folder that was made for a file comes before the file.
 */
function deedsIn(entries: readonly SnapshotEntry[]): SnapshotEntry[] {
  const deeds = new Set<SnapshotEntry>();
  const begun = new Map<string, SnapshotEntry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const before = begun.get(key);
    if (before) deeds.delete(before);
    deeds.add(entry);
    if (entry.after) begun.delete(key);
    else begun.set(key, entry);
  }
  return [...deeds];
}

/** The same for what one step says twice. */
function keyOf({ side, path, kind, change }: SnapshotEntry): string {
  return `${side} ${kind} ${change} ${path}`;
}

function recordIn(line: string): Record<string, unknown>[] {
  try {
    const record: unknown = line === '' ? undefined : JSON.parse(line);
    return isObject(record) ? [record] : [];
  } catch {
    // A crash has cut it short.
    return [];
  }
}
