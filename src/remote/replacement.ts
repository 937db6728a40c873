import type { Entry } from '../protocol/entry.ts';
import { RemoteError } from './errors.ts';
import { isOtherVersion, type RemoteEntry, toRemoteEntry } from './remoteEntry.ts';
import type { SaveOptions, SavePlace } from './savePlace.ts';

/**
 * Asks whether what has the file's name now may be replaced, where it is not what it was before the upload, which took
 * its time.
 * @param found as the server describes it right before the rename; undefined where it tells nothing of it
 * @throws RemoteError `exists` or `conflict`; what `approve` throws
 */
export function approveReplacement(
  { path, existing }: SavePlace,
  found: Entry | undefined,
  { overwrite, approve }: Pick<SaveOptions, 'overwrite' | 'approve'>,
): void {
  if (!found || (existing && !isOther(existing, found))) return;
  if (!overwrite) throw new RemoteError('exists', path, `${path} exists already.`);
  if (approve) return approve(toRemoteEntry(path, found, 'facts'));
  const message = `Cannot save ${path}. Somebody else has changed it on the server meanwhile. Nothing was replaced: compare, and save again.`;
  throw new RemoteError('conflict', path, message);
}

/** Whether it is another file, or another version of it, by all that both of them tell. */
function isOther(existing: RemoteEntry, found: Entry): boolean {
  // 0 may mean that nobody told it.
  const size = existing.size > 0 && found.size !== undefined ? found.size : existing.size;
  const now = toRemoteEntry(existing.path, { ...found, size }, 'facts');
  return now.type !== existing.type || isOtherVersion(existing, now) === true;
}
