import { uploadTarget } from '../sync/uploadTarget.ts';
import type { StoredProfile } from './profileStore.ts';

/** A local folder of the workspace: its address, and its path in the computer's notation. */
export interface LocalFolder {
  readonly address: string;
  readonly path: string;
}

export interface UploadTarget {
  readonly connection: string;
  readonly remotePath: string;
}

/**
 * Where a saved file is uploaded to. Mappings of a folder's settings count in that folder, those of a workspace in its
 * first one. Those of the user's own settings count nowhere: they would upload every project that is ever opened.
 */
export async function uploadTargets(
  profiles: readonly StoredProfile[],
  folders: readonly LocalFolder[],
  localFile: string,
): Promise<UploadTarget[]> {
  const targets = await Promise.all(
    profiles.map(async ({ result, source }) => {
      const folder = result.ok ? mappedFolder(source, folders) : undefined;
      if (!result.ok || !folder) return undefined;
      const mapped = await uploadTarget(result.profile.sync, folder.path, localFile);
      return mapped && { connection: result.name, remotePath: mapped.remotePath };
    }),
  );
  return targets.filter((target) => target !== undefined);
}

/** The folder of the workspace in which the mappings of a connection count. */
export function mappedFolder(
  source: StoredProfile['source'],
  folders: readonly LocalFolder[],
): LocalFolder | undefined {
  switch (source.level) {
    case 'folder':
      return folders.find(({ address }) => address === source.folder);
    case 'workspace':
      return folders[0];
    case 'user':
    case 'mounted':
      return undefined;
  }
}
