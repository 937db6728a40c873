import type { Stats } from 'node:fs';
import type { FileVersion } from './fileVersion.ts';

/** What the local file system tells of a file. */
export function versionOf({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): FileVersion {
  return { size, modifiedAt: Math.floor(mtimeMs), precision: 'millisecond', source: 'local' };
}
