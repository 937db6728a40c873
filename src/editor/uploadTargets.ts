import { serverOf, type SyncMapping } from '../remote/profile.ts';
import { joinPath } from '../remote/remotePath.ts';
import { readIgnoreRules } from '../sync/ignoreRules.ts';
import { liesInside } from '../sync/localFile.ts';
import type { SaveJob } from '../sync/saveJob.ts';
import type { StoredProfile } from './profileStore.ts';
import type { MappedHere, SyncPairs } from './sync/syncPairs.ts';

/** A local folder of the workspace: its address, and its path in the computer's notation. */
export interface LocalFolder {
  readonly address: string;
  readonly path: string;
}

/**
 * Where a local file is uploaded to: of several connections that map it, to the active one. Mappings of a folder's
 * settings count in that folder, those of a workspace in its first one. Those of the user's own settings count nowhere:
 * they would upload every project that is ever opened.
 * @param wants whether a mapping is for this occasion, where the file has that path in it
 */
export async function uploadTargets(
  pairs: Pick<SyncPairs, 'meantInside' | 'tellUndecided'>,
  localFile: string,
  wants: (mapping: SyncMapping, path: string) => boolean,
): Promise<SaveJob[]> {
  const { places, rivals } = pairs.meantInside(localFile);
  const wanted = places.filter(({ pair, path }) => wants(pair.mapping, path));
  const mapped = await Promise.all(wanted.map((place) => targetIn(place, localFile)));
  const targets = mapped.filter((target) => target !== undefined);
  if (rivals.length === 0) return targets;
  // Who is active is no question where nothing is to be sent.
  if (targets.length > 0) pairs.tellUndecided({ localFile, isGone: false });
  return [];
}

async function targetIn({ pair, path }: MappedHere, localFile: string): Promise<SaveJob | undefined> {
  const { profile, mapping, localFolder, apart } = pair;
  const rules = await readIgnoreRules(localFolder, mapping.ignore, apart);
  if (rules.ignores(path, false) || !(await liesInside(localFolder, localFile))) return undefined;
  return {
    connection: profile.name,
    server: serverOf(profile),
    localFile,
    remotePath: joinPath(mapping.remote, path),
  };
}

/** The folders of the workspace in which the mappings of a connection count. */
export function mappedFolders(
  source: StoredProfile['source'],
  folders: readonly LocalFolder[],
): readonly LocalFolder[] {
  switch (source.level) {
    case 'folder':
      return folders.filter(({ address }) => source.folders.includes(address));
    case 'workspace':
      return folders.slice(0, 1);
    case 'user':
    case 'mounted':
      return [];
  }
}
