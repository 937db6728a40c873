import ignore from 'ignore';
import type { SyncMapping } from '../remote/profile.ts';

/**
 * Whether a change of this file or folder that something else than the editor has made is carried over.
 * @param path relative to the mapped folder, with `/`
 */
export function isWatched({ watch, watchOnly }: SyncMapping, path: string): boolean {
  if (!watch || !watchOnly) return watch;
  const chosen = ignore().add(watchOnly);
  // Of what is gone nobody can tell whether it was a folder.
  return chosen.ignores(path) || chosen.ignores(`${path}/`);
}
