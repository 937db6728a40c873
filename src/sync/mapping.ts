import type { SyncMapping } from '../remote/profile.ts';
import { pathsOf, pathWithin } from './placeIn.ts';

export interface MappedFile {
  readonly mapping: SyncMapping;
  /** Relative to the mapped folder, with `/`. */
  readonly path: string;
}

/**
 * Where a local file belongs, ignored or not. The mapping with the deepest local folder that covers it
 * decides alone.
 * @returns undefined when no mapping covers it
 */
export function mappedPath(
  mappings: readonly SyncMapping[],
  workspaceFolder: string,
  localFile: string,
): MappedFile | undefined {
  const path = pathWithin(workspaceFolder, localFile);
  if (path === undefined) return undefined;
  const mapping = deepestCovering(mappings, path);
  if (!mapping) return undefined;
  const below = mapping.local === '' ? path : path.slice(mapping.local.length + 1);
  return { mapping, path: below };
}

/** The local folder of a mapping, in the computer's own notation. */
export function localFolderOf(mapping: SyncMapping, workspaceFolder: string): string {
  return pathsOf(workspaceFolder).join(workspaceFolder, mapping.local);
}

function deepestCovering(mappings: readonly SyncMapping[], path: string): SyncMapping | undefined {
  return mappings
    .filter(({ local }) => local === '' || path.startsWith(`${local}/`))
    .toSorted((a, b) => b.local.length - a.local.length)[0];
}
