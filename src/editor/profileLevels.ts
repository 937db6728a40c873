import { isDeepStrictEqual } from 'node:util';

/**
 * Where a profile is written, and so where it is edited and removed: several folders may define the same one.
 * `mounted`: remembered outside the workspace.
 */
export type ProfileSource =
  | { readonly level: 'user' | 'workspace' | 'mounted' }
  | { readonly level: 'folder'; readonly folders: readonly string[] };

/** Where a profile can be written. A folder by the text of its address. */
export type WriteLevel =
  | { readonly level: 'user' | 'workspace' }
  | { readonly level: 'folder'; readonly folder: string };

/** A profile as it is written, not yet validated. */
export interface WrittenProfile {
  readonly name: string;
  readonly value: unknown;
  readonly source: ProfileSource;
  /** Why it cannot be used whatever its value says. */
  readonly problem?: string;
}

/** The setting `ftps.profiles` at each level, as `inspect()` gives it. Folders by the text of their address. */
export interface SettingLevels {
  readonly user: unknown;
  readonly workspace: unknown;
  readonly folders: readonly { readonly folder: string; readonly value: unknown }[];
}

/** Profiles that are mounted as workspace folder, as they were written when they were mounted. */
export type MountedProfiles = Readonly<Record<string, unknown>>;

/**
 * Takes each profile whole from its highest level, so that a workspace cannot bend one field of a user's profile.
 * A mounted profile that came from a workspace ranks above the user's own of that name: the folder must not
 * change its server when the window that defined it is gone.
 */
export function gatherProfiles(levels: SettingLevels, mounted: MountedProfiles): WrittenProfile[] {
  const found = new Map<string, WrittenProfile>();
  const put = (values: unknown, source: ProfileSource) => {
    for (const [name, value] of entriesOf(values)) {
      found.set(name, aboveRival(found.get(name), { name, value, source }));
    }
  };
  put(levels.user, { level: 'user' });
  put(mounted, { level: 'mounted' });
  put(levels.workspace, { level: 'workspace' });
  for (const { folder, value } of levels.folders) put(value, { level: 'folder', folders: [folder] });
  return [...found.values()];
}

function entriesOf(values: unknown): [string, unknown][] {
  return typeof values === 'object' && values !== null && !Array.isArray(values)
    ? Object.entries(values)
    : [];
}

/** Two folders of one workspace have the same rank, so neither may silently win. */
function aboveRival(rival: WrittenProfile | undefined, profile: WrittenProfile): WrittenProfile {
  if (rival?.source.level !== 'folder' || profile.source.level !== 'folder') return profile;
  const folders = [...rival.source.folders, ...profile.source.folders];
  const both = { ...rival, source: { level: 'folder', folders } } as const;
  if (isDeepStrictEqual(rival.value, profile.value)) return both;
  return { ...both, problem: 'Two folders of this workspace define it differently. Rename one of them.' };
}

/** All places where a profile is written, which have to change together. */
export function writeLevels(source: ProfileSource): readonly WriteLevel[] {
  switch (source.level) {
    case 'user':
    case 'workspace':
      return [{ level: source.level }];
    case 'folder':
      return source.folders.map((folder) => ({ level: 'folder', folder }));
    case 'mounted':
      return [];
  }
}
