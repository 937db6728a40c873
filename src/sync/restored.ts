import { type FileVersion, isFileVersion, isSameVersion } from './fileVersion.ts';
import { isObject, isOneOf } from './fields.ts';
import type { SnapshotEntry } from './snapshotEntry.ts';

/** An undo has brought a version back: the same content, newly written. */
export interface Restored {
  readonly side: 'local' | 'remote';
  readonly path: string;
  readonly was: FileVersion;
  readonly now: FileVersion;
}

/** @returns undefined where nothing was brought back, or it is not known as which version it was there before */
export function restoredOf(
  { side, path, was }: SnapshotEntry,
  now: FileVersion | undefined,
): Restored | undefined {
  return was && now && { side, path, was, now };
}

/** What a step left, as it is when later steps were taken back. */
export function leftBy(
  { side, path, after }: SnapshotEntry,
  restored: readonly Restored[],
): FileVersion | undefined {
  const open = restored.filter((each) => each.side === side && each.path === path);
  let version = after;
  while (version) {
    const left = version;
    const at = open.findIndex(({ was }) => isSameVersion(was, left));
    if (at < 0) break;
    version = open.splice(at, 1)[0]?.now;
  }
  return version;
}

/** @returns undefined for anything but what an undo brought back, as the snapshot store writes it */
export function readRestored(value: unknown): Restored | undefined {
  if (!isObject(value)) return undefined;
  const { side, path, was, now } = value;
  const isWhole = isOneOf(['local', 'remote'], side) && typeof path === 'string';
  return isWhole && isFileVersion(was) && isFileVersion(now) ? { side, path, was, now } : undefined;
}
