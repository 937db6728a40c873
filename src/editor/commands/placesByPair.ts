import { pairName } from '../sync/pairName.ts';
import type { SyncPair } from '../sync/syncPairs.ts';
import type { LocalPlace } from './localPlaces.ts';

/** What of some local files and folders belongs to one pair. */
export interface PairPlaces {
  readonly pair: SyncPair;
  readonly places: readonly LocalPlace[];
}

/** Puts together what belongs to the same pair, so that one question can be about all of it. */
export function placesByPair(places: readonly LocalPlace[]): readonly PairPlaces[] {
  const found = new Map<string, { readonly pair: SyncPair; readonly places: LocalPlace[] }>();
  for (const place of places) {
    const key = pairName(place.pair);
    const known = found.get(key);
    if (known) known.places.push(place);
    else found.set(key, { pair: place.pair, places: [place] });
  }
  return [...found.values()];
}
