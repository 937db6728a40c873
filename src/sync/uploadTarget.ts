import type { SyncMapping } from '../remote/profile.ts';
import { readIgnoreRules } from './ignoreRules.ts';
import { liesInside } from './localFile.ts';
import { localFolderOf, type MappedFile, remotePathFor } from './mapping.ts';

/**
 * Where a local file is to be uploaded; undefined when it is not to leave this computer.
 * @param apart what belongs to other pairs, relative to the mapped folder
 */
export async function uploadTarget(
  mappings: readonly SyncMapping[],
  workspaceFolder: string,
  localFile: string,
  apart: readonly string[] = [],
): Promise<MappedFile | undefined> {
  const mapped = remotePathFor(mappings, workspaceFolder, localFile);
  if (!mapped) return undefined;
  const folder = localFolderOf(mapped.mapping, workspaceFolder);
  const rules = await readIgnoreRules(folder, mapped.mapping.ignore, apart);
  if (rules.ignores(mapped.path, false)) return undefined;
  return (await liesInside(folder, localFile)) ? mapped : undefined;
}
