import { join } from 'node:path';
import type { Clock } from '../../client/clock.ts';
import { FolderSync } from '../../sync/folderSync.ts';
import type { Connections } from '../connections.ts';
import { connectedFiles } from '../sync/connectedFiles.ts';
import type { SyncLimits, SyncPairs } from '../sync/syncPairs.ts';
import type { MappingPlace } from './localCopyPlace.ts';
import type { Target } from './remotePick.ts';

export interface LocalCopySyncOptions {
  readonly pairs: Pick<SyncPairs, 'coveredInside'>;
  readonly connections: Pick<Connections, 'get'>;
  /** A folder of the product's own, outside of every workspace. */
  readonly storage: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits: SyncLimits;
}

/**
 * The sync that will keep a local copy in step, which so knows both sides from the beginning.
 * @param place where the mapping will be written
 */
export function localCopySync(
  { pairs, connections, storage, clock, limits }: LocalCopySyncOptions,
  { connection, path }: Target,
  localFolder: string,
  place: MappingPlace['kind'],
): FolderSync {
  const { name, host, port, user } = connection.profile;
  const pair = { host, port, user, remoteFolder: path, localFolder };
  return new FolderSync({
    pair,
    files: connectedFiles(() => connections.get(name)),
    ignore: [],
    apart: pairs.coveredInside(pair, name, place === 'workspace'),
    storage: join(storage, 'sync'),
    now: () => clock.now(),
    ...limits,
  });
}
