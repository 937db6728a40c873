import { join, relative } from 'node:path';
import type { Disposable } from 'vscode';
import type { Clock } from '../../client/clock.ts';
import { RemoteError } from '../../remote/errors.ts';
import type { Profile, SyncMapping } from '../../remote/profile.ts';
import type { FolderSync } from '../../sync/folderSync.ts';
import { ignoreRules } from '../../sync/ignoreRules.ts';
import { innerPaths } from '../../sync/innerPaths.ts';
import { localFolderOf, mappedPath } from '../../sync/mapping.ts';
import { type Pair, pairKey } from '../../sync/pairKey.ts';
import type { PlanStep } from '../../sync/planStep.ts';
import type { ActiveProfile, UndecidedFile } from '../activeProfile.ts';
import type { Connections } from '../connections.ts';
import { Listeners } from '../listeners.ts';
import type { ProfileStore } from '../profileStore.ts';
import { type LocalFolder, mappedFolders } from '../uploadTargets.ts';
import { connectedFiles, type OnListed } from './connectedFiles.ts';
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
  /** What other mappings of the same login cover, relative to the folders of this one, which leaves it to them. */
  readonly apart: readonly string[];
}

/** A pair that a local file or folder belongs to, and its place in it. */
export interface MappedHere {
  readonly pair: SyncPair;
  /** Relative to the folders of the pair, with `/`; empty for these themselves. */
  readonly path: string;
}

/** Where a local file or folder belongs. */
export interface Meant {
  /** One at most, unless there are rivals; none where the active connection ignores it. */
  readonly places: readonly MappedHere[];
  /** The pairs that cover it, of several connections of which none is the active one. */
  readonly rivals: readonly SyncPair[];
}

/** What a sync has carried from one side to the other. */
export interface CarriedFile {
  /** Name of the connection. */
  readonly connection: string;
  readonly localFile: string;
  /** Whether neither side has it any more. */
  readonly isGone: boolean;
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
  /** Told of unfinished uploads that a comparison has come by. */
  readonly onListed?: OnListed;
}

/** All pairs of folders that the workspace's connections map, and the sync of each. */
export class SyncPairs implements Disposable {
  readonly #options: SyncPairsOptions;
  readonly #syncs = new Map<string, { pair: SyncPair; readonly sync: FolderSync }>();
  /** Told of every file or folder that a sync has carried over. */
  readonly onCarried = new Listeners<CarriedFile>();

  constructor(options: SyncPairsOptions) {
    this.#options = options;
  }

  all(): readonly SyncPair[] {
    const folders = this.#options.folders();
    const pairs = this.#options.profiles.all().flatMap(({ result, source }) => {
      if (!result.ok) return [];
      const { profile } = result;
      return mappedFolders(source, folders).flatMap(({ path }) =>
        profile.sync.map((mapping) => ({
          profile,
          mapping,
          localFolder: localFolderOf(mapping, path),
          workspaceFolder: path,
        })),
      );
    });
    const all = pairs.map(foldersOf);
    return pairs.map((pair) => {
      const own = pairs.filter(({ profile }) => profile === pair.profile).map(foldersOf);
      return { ...pair, apart: innerPaths(foldersOf(pair), own, all) };
    });
  }

  /** The pairs that a local file belongs to, one a connection at most, with its path in each. */
  of(localFile: string): readonly MappedHere[] {
    return covering(this.all(), localFile).filter(isCarried);
  }

  /** Where a local file or folder belongs: of several connections to the active one. */
  meant(localPath: string): Meant {
    const all = this.all();
    const whole = all.filter(({ localFolder }) => relative(localFolder, localPath) === '');
    const around = covering(all, localPath).filter(
      ({ pair }) => !whole.some(({ profile }) => profile.name === pair.profile.name),
    );
    const found = [...whole.map((pair) => ({ pair, path: '' })), ...around];
    const pairs = found.map(({ pair }) => pair);
    // A connection that ignores the file is meant all the same: it does not go to another one instead.
    const name = this.#options.active.among(pairs);
    const places = found.filter(isCarried);
    if (name === undefined) return { places, rivals: places.length > 0 ? pairs : [] };
    return { places: places.filter(({ pair }) => pair.profile.name === name).slice(0, 1), rivals: [] };
  }

  /** As `meant`, of what lies in mapped folders: these themselves are no file of theirs, whatever has their place. */
  meantInside(localPath: string): Meant {
    const { places, rivals } = this.meant(localPath);
    return { places: places.filter(({ path }) => path !== ''), rivals };
  }

  /**
   * What other mappings cover in folders that are about to be mapped, relative to them.
   * @param connection its name
   * @param isCounted whether the new mapping counts in this workspace: on a server it leaves alone only what others
   * cover that count beside it
   */
  coveredInside(pair: Pair, connection: string, isCounted: boolean): readonly string[] {
    const all = this.all();
    const own = all.filter(({ profile }) => profile.name === connection);
    return innerPaths(pair, own.map(foldersOf), isCounted ? all.map(foldersOf) : []);
  }

  /** To be called when a change is not carried over because nobody has chosen the connection. */
  tellUndecided(change: UndecidedFile): void {
    this.#options.active.onUndecided.tell(change);
  }

  /** The same folders behind the same login as the settings have them now; undefined when they have them no more. */
  present(pair: SyncPair): SyncPair | undefined {
    return this.#find(keyOf(pair));
  }

  /**
   * The same object for the same pair, so that two syncs of it never cross. It follows the settings: what a change of
   * them finds under way goes on.
   */
  sync(pair: SyncPair): FolderSync {
    const key = keyOf(pair);
    const known = this.#syncs.get(key);
    if (!known) return this.#begin(key, pair);
    known.pair = pair;
    return known.sync;
  }

  dispose(): void {
    for (const { sync } of this.#syncs.values()) void sync[Symbol.asyncDispose]();
  }

  #begin(key: string, pair: SyncPair): FolderSync {
    const { connections, marks, storage, clock, limits, onListed } = this.#options;
    const present = (): SyncPair => this.#syncs.get(key)?.pair ?? pair;
    const options = {
      pair: foldersOf(pair),
      // A connection of that name may lead elsewhere by now, where nothing of this pair may go.
      files: connectedFiles(() => {
        const found = this.#find(key);
        if (!found) throw gone(pair);
        return connections.get(found.profile.name);
      }, onListed),
      get ignore() {
        return present().mapping.ignore;
      },
      get apart() {
        return present().apart;
      },
      storage: join(storage, 'sync'),
      now: () => clock.now(),
      get snapshotLimit() {
        return limits().snapshotLimit;
      },
      get compareLimit() {
        return limits().compareLimit;
      },
    };
    const onCarried = ({ path, action }: PlanStep): void =>
      this.onCarried.tell({
        connection: present().profile.name,
        localFile: join(pair.localFolder, ...path.split('/')),
        isGone: action === 'deleteLocal' || action === 'deleteRemote',
      });
    const sync = new MarkingSync(options, marks, pair, onCarried);
    this.#syncs.set(key, { pair, sync });
    return sync;
  }

  #find(key: string): SyncPair | undefined {
    return this.all().find((pair) => keyOf(pair) === key);
  }
}

function covering(pairs: readonly SyncPair[], localFile: string): readonly MappedHere[] {
  const found = pairs.flatMap((pair) => {
    const mapped = mappedPath(pair.profile.sync, pair.workspaceFolder, localFile);
    return mapped?.mapping === pair.mapping ? [{ pair, path: mapped.path }] : [];
  });
  return found.filter(({ pair }) => !found.some((other) => isInner(other.pair, pair)));
}

function isCarried({ pair, path }: MappedHere): boolean {
  return path === '' || !ignoreRules(pair.mapping.ignore).ignores(path, false);
}

function foldersOf({ profile, mapping, localFolder }: Omit<SyncPair, 'apart' | 'workspaceFolder'>): Pair {
  const { host, port, user } = profile;
  return { host, port, user, remoteFolder: mapping.remote, localFolder };
}

/** Whether, of two folders around a file that the same connection maps, the first one lies in the other. */
function isInner(inner: SyncPair, outer: SyncPair): boolean {
  return inner.profile === outer.profile && inner.localFolder.length > outer.localFolder.length;
}

function keyOf(pair: SyncPair): string {
  return pairKey(foldersOf(pair));
}

function gone({ profile, mapping }: SyncPair): RemoteError {
  const message = `The settings no longer map a folder to ${mapping.remote} on ${profile.host}, so nothing is done there.`;
  return new RemoteError('failed', mapping.remote, message);
}
