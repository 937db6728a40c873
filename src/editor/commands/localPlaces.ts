import { relative } from 'node:path';
import type { ActiveProfile } from '../activeProfile.ts';
import type { SyncPair, SyncPairs } from '../sync/syncPairs.ts';

/** A local file or folder, and the pair of folders that it belongs to. */
export interface LocalPlace {
  /** Absolute, in the computer's own notation. */
  readonly localPath: string;
  readonly pair: SyncPair;
  /** Relative to the folders of the pair, with `/`; empty for these themselves. */
  readonly path: string;
}

/** What some local files and folders belong to. */
export interface LocalPlaces {
  readonly places: readonly LocalPlace[];
  /** What belongs to no pair. */
  readonly outside: readonly string[];
  /** Of what belongs to several connections, of which none is the active one: their pairs. */
  readonly undecided: readonly SyncPair[];
}

/** Finds the pair of each local path: of several connections that of the active one. */
export function localPlaces(
  localPaths: readonly string[],
  pairs: Pick<SyncPairs, 'all' | 'of'>,
  active: Pick<ActiveProfile, 'meantOf'>,
): LocalPlaces {
  const places: LocalPlace[] = [];
  const outside: string[] = [];
  const undecided: SyncPair[] = [];
  for (const localPath of withoutInner(localPaths)) {
    const found = pairsOf(localPath, pairs);
    const [meant] = active.meantOf(found);
    if (meant) places.push({ localPath, ...meant });
    else if (found.length === 0) outside.push(localPath);
    else undecided.push(...found.map(({ pair }) => pair));
  }
  return { places, outside, undecided };
}

/** A mapped folder itself belongs to its pair too, before it belongs to one around it. */
function pairsOf(localPath: string, pairs: Pick<SyncPairs, 'all' | 'of'>): ReturnType<SyncPairs['of']> {
  const whole = pairs
    .all()
    .filter(({ localFolder }) => relative(localFolder, localPath) === '')
    .map((pair) => ({ pair, path: '' }));
  const around = pairs
    .of(localPath)
    .filter(({ pair }) => !whole.some((inner) => inner.pair.profile.name === pair.profile.name));
  return [...whole, ...around];
}

/** What lies in another selected folder is part of that folder. */
function withoutInner(localPaths: readonly string[]): readonly string[] {
  const unique = [...new Set(localPaths)];
  return unique.filter(
    (path) =>
      !unique.some((other) => {
        const inner = relative(other, path);
        return inner !== '' && !/^(?:\.\.(?:[/\\]|$)|[A-Za-z]:|[/\\])/.test(inner);
      }),
  );
}
