import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from 'vscode';
import type { Clock } from '../../client/clock.ts';
import { RemoteError } from '../../remote/errors.ts';
import type { Profile, SyncMapping } from '../../remote/profile.ts';
import type { FolderSync } from '../../sync/folderSync.ts';
import { localFolderOf, remotePathFor } from '../../sync/mapping.ts';
import { type Pair, pairKey } from '../../sync/pairKey.ts';
import type { ActiveProfile } from '../activeProfile.ts';
import type { Connections } from '../connections.ts';
import type { ProfileStore } from '../profileStore.ts';
import { type LocalFolder, mappedFolder } from '../uploadTargets.ts';
import { connectedFiles } from './connectedFiles.ts';
import { MarkingSync } from './markingSync.ts';
import type { SyncMarks } from './syncMarks.ts';

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
  readonly active: ActiveProfile;
  readonly marks: SyncMarks;
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
  readonly #syncs = new Map<string, { readonly ignore: readonly string[]; readonly sync: FolderSync }>();

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

  /**
   * The pair that a local file is sent to unasked, with its path in it: of several connections the active one. While
   * nobody has chosen there is none, and who is to choose is told.
   */
  activeOf(localFile: string): ReturnType<SyncPairs['of']> {
    const { active } = this.#options;
    const found = this.of(localFile);
    const meant = active.meantOf(found);
    if (found.length > 0 && meant.length === 0) active.onUndecided.tell(localFile);
    return meant;
  }

  /** The same folders behind the same login as the settings have them now; undefined when they have them no more. */
  present(pair: SyncPair): SyncPair | undefined {
    return this.#find(keyOf(pair));
  }

  /** The same object for the same pair, so that two syncs of it never cross. */
  sync(pair: SyncPair): FolderSync {
    const { connections, marks, storage, clock, limits } = this.#options;
    const key = keyOf(pair);
    const { ignore } = pair.mapping;
    const known = this.#syncs.get(key);
    if (known && isDeepStrictEqual(known.ignore, ignore)) return known.sync;
    void known?.sync[Symbol.asyncDispose]();
    const options = {
      pair: foldersOf(pair),
      // A connection of that name may lead elsewhere by now, where nothing of this pair may go.
      files: connectedFiles(() => {
        const present = this.#find(key);
        if (!present) throw gone(pair);
        return connections.get(present.profile.name);
      }),
      ignore,
      storage: join(storage, 'sync'),
      now: () => clock.now(),
      ...limits(),
    };
    const sync = new MarkingSync(options, marks, pair);
    this.#syncs.set(key, { ignore, sync });
    return sync;
  }

  dispose(): void {
    for (const { sync } of this.#syncs.values()) void sync[Symbol.asyncDispose]();
  }

  #find(key: string): SyncPair | undefined {
    return this.all().find((pair) => keyOf(pair) === key);
  }
}

function foldersOf({ profile, mapping, localFolder }: SyncPair): Pair {
  const { host, port, user } = profile;
  return { host, port, user, remoteFolder: mapping.remote, localFolder };
}

function keyOf(pair: SyncPair): string {
  return pairKey(foldersOf(pair));
}

function gone({ profile, mapping }: SyncPair): RemoteError {
  const message = `The settings no longer map a folder to ${mapping.remote} on ${profile.host}, so nothing is done there.`;
  return new RemoteError('failed', mapping.remote, message);
}
