import type { SyncMapping } from '../remote/profile.ts';
import { joinPath } from '../remote/remotePath.ts';
import { ignoreRules } from './ignoreRules.ts';
import { pathsOf, pathWithin } from './placeIn.ts';

export interface MappedFile {
  readonly remotePath: string;
  readonly mapping: SyncMapping;
  /** Relative to the mapped folder, with `/`. */
  readonly path: string;
}

/**
 * Where a local file belongs on the server. The mapping with the deepest local folder that covers it decides alone.
 * @returns undefined when no mapping covers it, or when it is ignored.
 */
export function remotePathFor(
  mappings: readonly SyncMapping[],
  workspaceFolder: string,
  localFile: string,
): MappedFile | undefined {
  const mapped = mappedPath(mappings, workspaceFolder, localFile);
  return mapped && !ignoreRules(mapped.mapping.ignore).ignores(mapped.path, false) ? mapped : undefined;
}

/** The same, also of a file that is ignored. */
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
  return { remotePath: joinPath(mapping.remote, below), mapping, path: below };
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
