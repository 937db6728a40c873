import type { SyncMapping } from '../remote/profile.ts';
import { liesInside } from './localFile.ts';
import { localFolderOf, type MappedFile, remotePathFor } from './mapping.ts';

/** Where a local file that was just saved is to be uploaded; undefined when it is not to be. */
export async function uploadTarget(
  mappings: readonly SyncMapping[],
  workspaceFolder: string,
  localFile: string,
): Promise<MappedFile | undefined> {
  const mapped = remotePathFor(mappings, workspaceFolder, localFile);
  if (!mapped?.mapping.onSave) return undefined;
  const folder = localFolderOf(mapped.mapping, workspaceFolder);
  return (await liesInside(folder, localFile)) ? mapped : undefined;
}
