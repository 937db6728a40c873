import { serverOf } from '../remote/profile.ts';
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
  const server = serverOf(outer);
  const inner = [
    ...own.map(({ localFolder }) => pathWithin(outer.localFolder, localFolder)),
    ...all
      .filter((pair) => serverOf(pair) === server)
      .map(({ remoteFolder }) => remoteWithin(outer.remoteFolder, remoteFolder)),
  ];
  return [...new Set(inner.filter((path) => path !== undefined))];
}

function remoteWithin(folder: string, place: string): string | undefined {
  if (place === folder || !isInside(folder, place)) return undefined;
  return place.slice(folder === '/' ? 1 : folder.length + 1);
}
