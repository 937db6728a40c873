import type { RemoteEntry } from '../remote/remoteEntry.ts';
import { isTemporaryName } from '../remote/temporaryName.ts';

/** Milliseconds after which an unfinished upload is taken for abandoned. */
export const abandonedAfter = 24 * 60 * 60 * 1000;

/** Files of ours in a listing that no save will ever finish. One whose time is unknown may still be at work. */
export function abandonedUploads(entries: readonly RemoteEntry[], now: number): readonly RemoteEntry[] {
  return entries.filter(
    ({ name, type, modifiedAt }) =>
      type === 'file' && isTemporaryName(name) && modifiedAt > 0 && now - modifiedAt > abandonedAfter,
  );
}
