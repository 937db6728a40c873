import type { Dirent, Stats } from 'node:fs';
import type { FileVersion } from './fileVersion.ts';
import type { SideNode } from './sideTree.ts';

/** What the local file system tells of a file. Those of memory cards and old disks count in seconds. */
export function versionOf({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): FileVersion {
  const precision = mtimeMs % 1000 === 0 ? 'second' : 'millisecond';
  return { size, modifiedAt: Math.floor(mtimeMs), precision, source: 'local' };
}

/** What is there that is no file. */
export function otherThanFile(found: Pick<Dirent, 'isDirectory' | 'isSymbolicLink'>): SideNode {
  if (found.isDirectory()) return { kind: 'folder' };
  const why = found.isSymbolicLink() ? 'it is a symbolic link' : 'it is neither a file nor a folder';
  return { kind: 'other', why };
}
