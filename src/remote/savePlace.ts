import { RemoteError } from './errors.ts';
import { type FolderReader, type KnownEntry, missing } from './folderReader.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { walkLink } from './walkLink.ts';

export interface SaveOptions {
  readonly create: boolean;
  readonly overwrite: boolean;
  /** Told the bytes sent so far. */
  readonly onProgress?: (bytes: number) => void;
  /**
   * Told what is to be replaced before the upload, and once more right before the replacement where it has changed
   * meanwhile; what it throws keeps it from being replaced.
   */
  readonly approve?: (existing: RemoteEntry | undefined) => void;
  /** Permissions of a file that is not there yet, such as 0o600; one that is there keeps its own. */
  readonly mode?: number;
}

/** Where a save really goes. */
export interface SavePlace {
  /** The path to replace: behind links, where they could be followed. */
  readonly path: string;
  readonly existing: KnownEntry | undefined;
  /** Why the file cannot be replaced as a whole; absent where it can. */
  readonly onlyDirectly?: string;
}

/** Finds the file that a save is to replace, and refuses what the caller does not want replaced. */
export async function findSavePlace(
  folders: FolderReader,
  client: RemoteClient,
  path: string,
  options: SaveOptions,
  signal?: AbortSignal,
): Promise<SavePlace> {
  const existing = await folders.facts(client, path, signal);
  if (!existing && !options.create) throw missing(path);
  if (existing && !options.overwrite) throw new RemoteError('exists', path, `${path} exists already.`);
  refuseFolder(existing, path);
  const isLink = existing?.type === 'link';
  const place = isLink ? await behindLink(folders, client, existing, signal) : placeOf(path, existing);
  options.approve?.(place.existing);
  return place;
}

function placeOf(path: string, existing: KnownEntry | undefined): SavePlace {
  if (existing?.type !== 'unknown') return { path, existing };
  return { path, existing, onlyDirectly: 'it is neither a plain file nor a folder' };
}

/** A save goes through a link, never over it: what is replaced is the file behind. */
async function behindLink(
  folders: FolderReader,
  client: RemoteClient,
  link: RemoteEntry,
  signal?: AbortSignal,
): Promise<SavePlace> {
  const target = await walkLink(link, {
    ask: (path) => folders.facts(client, path, signal),
    kindOf: (folder) => folders.kinds.of(client, folder, signal),
  });
  refuseFolder(target, link.path);
  if (target) return placeOf(target.path, target);
  return {
    path: link.path,
    existing: link,
    onlyDirectly: 'it is a symbolic link whose target cannot be reached by its name',
  };
}

function refuseFolder(entry: RemoteEntry | undefined, path: string): void {
  if (entry?.type !== 'directory') return;
  throw new RemoteError('isADirectory', path, `Cannot save ${path}. It is a folder.`);
}
