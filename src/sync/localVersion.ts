import type { Stats } from 'node:fs';
import type { FileVersion } from './fileVersion.ts';

/** What the local file system tells of a file. Those of memory cards and old disks count in seconds. */
export function versionOf({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): FileVersion {
  const precision = mtimeMs % 1000 === 0 ? 'second' : 'millisecond';
  return { size, modifiedAt: Math.floor(mtimeMs), precision, source: 'local' };
}
