import { isInside } from '../remote/remotePath.ts';
import type { Pair } from './pairKey.ts';
import { pathWithin } from './placeIn.ts';

/**
 * What lies in the folders of a pair and belongs to others, relative to its folders. Of the mappings of one connection
 * the one with the deepest local folder decides alone; and what any connection has put into a folder on the server is
 * not what an outer one takes for superfluous.
 * @param own the pairs of the same connection: another one may well carry a part of what this one carries whole
 * @param all of every connection
 */
export function innerPaths(outer: Pair, own: readonly Pair[], all: readonly Pair[]): readonly string[] {
  const inner = [
    ...own.map(({ localFolder }) => pathWithin(outer.localFolder, localFolder)),
    ...all
      .filter((pair) => isSameLogin(pair, outer))
      .map(({ remoteFolder }) => remoteWithin(outer.remoteFolder, remoteFolder)),
  ];
  return [...new Set(inner.filter((path) => path !== undefined))];
}

function isSameLogin(one: Pair, other: Pair): boolean {
  const isSameHost = one.host.toLowerCase() === other.host.toLowerCase();
  return isSameHost && one.port === other.port && one.user === other.user;
}

function remoteWithin(folder: string, place: string): string | undefined {
  if (place === folder || !isInside(folder, place)) return undefined;
  return place.slice(folder === '/' ? 1 : folder.length + 1);
}
