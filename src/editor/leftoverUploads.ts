import { type RemoteEntry, timeInUtc } from '../remote/remoteEntry.ts';
import { isTemporaryName } from '../remote/temporaryName.ts';

/** Milliseconds after which an unfinished upload is taken for abandoned. */
export const abandonedAfter = 24 * 60 * 60 * 1000;

/** Milliseconds by which the times of a LIST may be off whose zone nobody knows. */
const widestZone = 26 * 60 * 60 * 1000;

/** Files of ours in a listing that no save will ever finish. One whose time is unknown may still be at work. */
export function abandonedUploads(entries: readonly RemoteEntry[], now: number): readonly RemoteEntry[] {
  return entries.filter((entry) => {
    const isOurs = entry.type === 'file' && isTemporaryName(entry.name);
    return isOurs && entry.modifiedAt > 0 && now - latestTime(entry) > abandonedAfter;
  });
}

function latestTime(entry: RemoteEntry): number {
  const isInUtc = entry.timeSource === 'facts' || entry.aheadOfUtc !== undefined;
  return timeInUtc(entry) + (isInUtc ? 0 : widestZone);
}
