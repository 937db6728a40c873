import { isInside } from '../remote/remotePath.ts';
import type { Pair } from './pairKey.ts';
import { pathWithin } from './placeIn.ts';

/**
 * What lies in the folders of a pair and belongs to others, since their folder here or on the server is inside: relative
 * to the folders of the pair. The deepest decides alone, so that nothing goes to two places, and what one pair has put
 * on the server is not what another one takes for superfluous.
 */
export function innerPaths(outer: Pair, pairs: readonly Pair[]): readonly string[] {
  const inner = pairs
    .filter((pair) => isSameLogin(pair, outer))
    .flatMap(({ localFolder, remoteFolder }) => [
      pathWithin(outer.localFolder, localFolder),
      remoteWithin(outer.remoteFolder, remoteFolder),
    ]);
  return [...new Set(inner.filter((path) => path !== undefined))];
}

/** Another server may well have what this one has: staging and production. */
function isSameLogin(one: Pair, other: Pair): boolean {
  const isSameHost = one.host.toLowerCase() === other.host.toLowerCase();
  return isSameHost && one.port === other.port && one.user === other.user;
}

function remoteWithin(folder: string, place: string): string | undefined {
  if (place === folder || !isInside(folder, place)) return undefined;
  return place.slice(folder === '/' ? 1 : folder.length + 1);
}
