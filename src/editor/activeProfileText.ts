import { isWithin } from '../sync/placeIn.ts';
import type { ActiveProfile } from './activeProfile.ts';
import { pairText } from './sync/pairText.ts';
import type { SyncPair } from './sync/syncPairs.ts';

/** What the status bar says of where files go. */
export interface ActiveProfileText {
  readonly text: string;
  readonly tooltip: string;
  /** Whether nothing is uploaded before the user has chosen. */
  readonly isUndecided: boolean;
}

/**
 * Where the file in the editor goes, and where none is open, or one that is not mapped, where files of this workspace
 * go. Made of the same settings as the uploads, so that what is shown is what is used.
 * @param all every pair of the workspace
 * @param ofFile those that the file in the editor belongs to
 * @returns undefined where there is nothing to say
 */
export function activeProfileText(
  all: readonly SyncPair[],
  ofFile: readonly SyncPair[],
  active: Pick<ActiveProfile, 'among'>,
): ActiveProfileText | undefined {
  const candidates = ofFile.length > 0 ? ofFile : all;
  const name = active.among(candidates);
  if (name === undefined) return ofFile.length > 0 || hasRivals(all) ? undecided(candidates) : undefined;
  const pairs = all.filter(({ profile }) => profile.name === name);
  const [first] = pairs;
  if (!first) return undefined;
  const lines = [`${name}: ${placeOf(first)}`, ...new Set(pairs.map(mappingText))];
  return { text: `FTPS: ${name}`, tooltip: lines.join('\n'), isUndecided: false };
}

/** How a connection is offered for choice. */
export function placeOf({ profile: { user, host, port } }: SyncPair): string {
  return `${user}@${host}:${port}`;
}

function undecided(candidates: readonly SyncPair[]): ActiveProfileText {
  const names = [...new Set(candidates.map(({ profile }) => profile.name))];
  const tooltip = `${names.join(', ')}: several connections map the same folder.\nNothing in it is uploaded on save before you choose one.`;
  return { text: 'FTPS: Choose Connection', tooltip, isUndecided: true };
}

function mappingText(pair: SyncPair): string {
  const { direction, onSave, watch } = pair.mapping;
  const when = watch ? 'on every change' : onSave ? 'on save' : 'not on save';
  return `${pairText(pair, direction)}, ${when}`;
}

/** Whether two connections map the same local files. */
function hasRivals(pairs: readonly SyncPair[]): boolean {
  return pairs.some((one) =>
    pairs.some(
      (other) => one.profile.name !== other.profile.name && isWithin(one.localFolder, other.localFolder),
    ),
  );
}
