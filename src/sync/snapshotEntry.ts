import type { BaselineEntry } from './baseline.ts';
import { readEntry } from './baselineStore.ts';
import { isNumber, isObject, isOneOf } from './fields.ts';
import { type FileVersion, isFileVersion } from './fileVersion.ts';

/** What was at a path before one step of a sync changed it there. */
export interface SnapshotEntry {
  readonly side: 'local' | 'remote';
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly change: 'created' | 'overwritten' | 'deleted';
  /** Name of the file that keeps the content; absent for what was created, and for folders. */
  readonly content?: string;
  /** SHA-256 of the content that is kept, hexadecimal. */
  readonly hash?: string;
  /** Permissions, such as 0o644. */
  readonly mode?: number;
  /** The version whose content is kept. */
  readonly was?: FileVersion;
  /** What the step left there: an undo touches nothing that has changed since. */
  readonly after?: FileVersion;
  /** The baseline before the step. */
  readonly before?: BaselineEntry;
}

/** @returns undefined for anything but an entry as the snapshot store writes it */
export function readSnapshotEntry(value: unknown): SnapshotEntry | undefined {
  if (!isObject(value)) return undefined;
  const { side, path, kind, change, content, hash, mode, was, after } = value;
  if (!isOneOf(['local', 'remote'], side) || typeof path !== 'string' || !isOneOf(['file', 'folder'], kind)) {
    return undefined;
  }
  if (!isOneOf(['created', 'overwritten', 'deleted'], change)) return undefined;
  const before = readEntry(value['before']);
  return {
    side,
    path,
    kind,
    change,
    ...(typeof content === 'string' && /^\d+$/.test(content) ? { content } : {}),
    ...(typeof hash === 'string' ? { hash } : {}),
    ...(isNumber(mode) ? { mode } : {}),
    ...(isFileVersion(was) ? { was } : {}),
    ...(isFileVersion(after) ? { after } : {}),
    ...(before ? { before } : {}),
  };
}
