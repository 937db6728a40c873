import { pathWithin } from '../../sync/placeIn.ts';
import type { MappedHere, SyncPair, SyncPairs } from '../sync/syncPairs.ts';

/** A local file or folder, and where it belongs. */
export interface LocalPlace extends MappedHere {
  /** Absolute, in the computer's own notation. */
  readonly localPath: string;
}

/** What some local files and folders belong to. */
export interface LocalPlaces {
  readonly places: readonly LocalPlace[];
  /** What belongs to no pair, or is ignored by the one that is meant. */
  readonly outside: readonly string[];
  /** Of what belongs to several connections, of which none is the active one: their pairs. */
  readonly undecided: readonly SyncPair[];
}

/** Finds the pair of each local path: of several connections that of the active one. */
export function localPlaces(localPaths: readonly string[], pairs: Pick<SyncPairs, 'meant'>): LocalPlaces {
  const places: LocalPlace[] = [];
  const outside: string[] = [];
  const undecided: SyncPair[] = [];
  for (const localPath of withoutInner(localPaths)) {
    const { places: found, rivals } = pairs.meant(localPath);
    if (found.length === 0) outside.push(localPath);
    else if (rivals.length > 0) undecided.push(...rivals);
    else places.push(...found.map((place) => ({ localPath, ...place })));
  }
  return { places, outside, undecided };
}

/** What lies in another selected folder is part of that folder. */
function withoutInner(localPaths: readonly string[]): readonly string[] {
  const unique = [...new Set(localPaths)];
  return unique.filter((path) => !unique.some((other) => pathWithin(other, path) !== undefined));
}
