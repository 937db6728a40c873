import { isRefusal, RemoteError } from './errors.ts';
import type { FolderReader } from './folderReader.ts';
import { missing } from './folderReader.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry } from './remoteEntry.ts';

/** Deletions that may be under way at the same time on one session. */
const atOnce = 16;

interface Deletion {
  readonly client: RemoteClient;
  readonly folders: FolderReader;
  readonly signal: AbortSignal | undefined;
}

/**
 * Deletes a file, a link, or a folder with all that is in it. A link is deleted itself, never what it leads to; and
 * where a listing is not complete, nothing in that folder is deleted, because nobody knows what else is there.
 */
export async function deleteTree(
  folders: FolderReader,
  client: RemoteClient,
  path: string,
  recursive: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const entry = await folders.facts(client, path, signal);
  if (!entry) throw missing(path);
  const deletion = { client, folders, signal };
  if (entry.type === 'file' || entry.type === 'link') await client.deleteFile(path, signal);
  else if (recursive) await deleteEntry(deletion, entry);
  else if (entry.type === 'directory') await deleteEmptyFolder(deletion, path);
  else await client.deleteFile(path, signal);
}

async function deleteEntry(deletion: Deletion, entry: RemoteEntry): Promise<void> {
  const { client, signal } = deletion;
  if (entry.type === 'file' || entry.type === 'link') return client.deleteFile(entry.path, signal);
  // Where only MLSD said "folder", some servers mean what a link leads to. Deleting it as a file removes the link, and is
  // refused for a true folder.
  const isCertain = entry.type === 'directory' && entry.timeSource === 'list';
  if (!isCertain && (await deletedAsFile(deletion, entry.path))) return undefined;
  if (entry.type === 'unknown' && !(await isTrulyFolder(deletion, entry.path))) {
    const message = `Cannot delete ${entry.path}. The server does not say what it is and refuses to delete it as a file.`;
    throw new RemoteError('failed', entry.path, message);
  }
  return deleteFolder(deletion, entry.path);
}

async function deleteFolder(deletion: Deletion, path: string): Promise<void> {
  const { client, folders, signal } = deletion;
  const { listing, kinds } = await folders.readKinds(client, path, signal);
  if (!listing.complete) {
    const message = `Cannot delete ${path}. The server lists things in it that cannot be told (${listing.dropped.length}), so nothing in it was deleted. Delete it on the server itself.`;
    throw new RemoteError('failed', path, message);
  }
  const entries = withTrueKinds(listing.entries, kinds?.entries ?? []);
  const folderEntries = entries.filter(({ type }) => type !== 'file' && type !== 'link');
  const others = entries.filter(({ type }) => type === 'file' || type === 'link');
  for (const entry of folderEntries) await deleteEntry(deletion, entry);
  for (let start = 0; start < others.length; start += atOnce) {
    const batch = others.slice(start, start + atOnce).map((entry) => deleteEntry(deletion, entry));
    const failure = (await Promise.allSettled(batch)).find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }
  await client.removeDirectory(path, signal);
}

/**
 * Takes the names from the exact listing and the kinds from LIST. Links that the former leaves out, because they lead
 * nowhere, are added; other names that only LIST has may be misread, and are not touched.
 */
function withTrueKinds(
  entries: readonly RemoteEntry[],
  kinds: readonly RemoteEntry[],
): readonly RemoteEntry[] {
  const links = new Set(kinds.filter(({ type }) => type === 'link').map(({ path }) => path));
  const known = new Map(kinds.map((kind) => [kind.path, kind]));
  const named = entries.map((entry) => {
    const kind = known.get(entry.path);
    return links.has(entry.path) ? { ...entry, type: 'link' as const } : (kind ?? entry);
  });
  const names = new Set(entries.map(({ path }) => path));
  const hidden = kinds.filter(({ path, type }) => type === 'link' && !names.has(path));
  return [...named, ...hidden];
}

async function deleteEmptyFolder({ client, folders, signal }: Deletion, path: string): Promise<void> {
  try {
    await client.removeDirectory(path, signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { entries, complete } = await folders.readFolder(client, path, signal);
    if (entries.length === 0 && complete) throw error;
    throw new RemoteError('failed', path, `Cannot delete ${path}. The folder is not empty.`, {
      cause: error,
    });
  }
}

async function deletedAsFile({ client, signal }: Deletion, path: string): Promise<boolean> {
  try {
    await client.deleteFile(path, signal);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Only MLST says it; the other way of asking, CWD, follows links. */
async function isTrulyFolder({ client, signal }: Deletion, path: string): Promise<boolean> {
  if (!client.features.has('MLST')) return false;
  return (await client.stat(path, signal))?.type === 'directory';
}
