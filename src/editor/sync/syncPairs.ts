import { join } from 'node:path';
import type { Disposable } from 'vscode';
import type { Clock } from '../../client/clock.ts';
import type { Profile, SyncMapping } from '../../remote/profile.ts';
import { FolderSync } from '../../sync/folderSync.ts';
import { localFolderOf, remotePathFor } from '../../sync/mapping.ts';
import { pairKey } from '../../sync/pairKey.ts';
import type { Connections } from '../connections.ts';
import type { ProfileStore } from '../profileStore.ts';
import { type LocalFolder, mappedFolder } from '../uploadTargets.ts';
import { connectedFiles } from './connectedFiles.ts';

/** One mapping of a connection in a folder of the workspace. */
export interface SyncPair {
  readonly profile: Profile;
  readonly mapping: SyncMapping;
  /** Absolute, in the computer's own notation. */
  readonly localFolder: string;
  /** The folder of the workspace that it lies in. */
  readonly workspaceFolder: string;
}

export interface SyncLimits {
  /** Bytes that are kept for an undo. */
  readonly snapshotLimit: number;
  /** Bytes of the largest file that is read to find out whether it has changed. */
  readonly compareLimit: number;
}

export interface SyncPairsOptions {
  readonly profiles: Pick<ProfileStore, 'all'>;
  readonly connections: Pick<Connections, 'get'>;
  /** The folders of the workspace that are on this computer. */
  readonly folders: () => readonly LocalFolder[];
  /** A folder outside of every workspace. */
  readonly storage: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits: () => SyncLimits;
}

/** All pairs of folders that the workspace's connections map, and the sync of each. */
export class SyncPairs implements Disposable {
  readonly #options: SyncPairsOptions;
  readonly #syncs = new Map<string, FolderSync>();

  constructor(options: SyncPairsOptions) {
    this.#options = options;
  }

  all(): readonly SyncPair[] {
    const folders = this.#options.folders();
    return this.#options.profiles.all().flatMap(({ result, source }) => {
      const folder = result.ok ? mappedFolder(source, folders) : undefined;
      if (!result.ok || !folder) return [];
      const { profile } = result;
      return profile.sync.map((mapping) => ({
        profile,
        mapping,
        localFolder: localFolderOf(mapping, folder.path),
        workspaceFolder: folder.path,
      }));
    });
  }

  /** The pairs that a local file belongs to, one a connection at most, with its path in each. */
  of(localFile: string): readonly { readonly pair: SyncPair; readonly path: string }[] {
    return this.all().flatMap((pair) => {
      const { profile, workspaceFolder, mapping } = pair;
      const mapped = remotePathFor(profile.sync, workspaceFolder, localFile);
      return mapped?.mapping === mapping ? [{ pair, path: mapped.path }] : [];
    });
  }

  /** The same object for the same pair, so that two syncs of it never cross. */
  sync(pair: SyncPair): FolderSync {
    const { connections, storage, clock, limits } = this.#options;
    const { host, port, user, name } = pair.profile;
    const folders = { host, port, user, remoteFolder: pair.mapping.remote, localFolder: pair.localFolder };
    const key = [name, pairKey(folders), ...pair.mapping.ignore].join('\n');
    const known = this.#syncs.get(key);
    if (known) return known;
    const sync = new FolderSync({
      pair: folders,
      files: connectedFiles(() => connections.get(name)),
      ignore: pair.mapping.ignore,
      storage: join(storage, 'sync'),
      now: () => clock.now(),
      ...limits(),
    });
    this.#syncs.set(key, sync);
    return sync;
  }

  dispose(): void {
    for (const sync of this.#syncs.values()) void sync[Symbol.asyncDispose]();
  }
}
