import { isRefusal, RemoteError } from './errors.ts';
import { type FolderReader, missing } from './folderReader.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry } from './remoteEntry.ts';

/** Deletions that may be under way at the same time on one session. */
const atOnce = 16;

interface Deletion {
  readonly client: RemoteClient;
  readonly folders: FolderReader;
  readonly signal: AbortSignal | undefined;
}

/** What is to be deleted, found before anything is. */
interface Plan {
  /** Files and links. */
  readonly leaves: string[];
  /** Each behind those that are in it. */
  readonly folders: string[];
  /** Perhaps folders, perhaps links to some: the server has not said for certain. */
  readonly doubtful: RemoteEntry[];
}

/**
 * Deletes a file, a link, or a folder with all that is in it. A link is deleted itself, never what it leads to; and as
 * long as a listing is not complete, nothing is deleted, because nobody knows what else is there.
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
  if (isLeaf(entry)) await client.deleteFile(path, signal);
  else if (recursive) await deleteEntries(deletion, [entry]);
  else if (entry.type === 'directory') await deleteEmptyFolder(deletion, path);
  else await client.deleteFile(path, signal);
}

async function deleteEntries(deletion: Deletion, entries: readonly RemoteEntry[]): Promise<void> {
  const { client, signal } = deletion;
  const plan: Plan = { leaves: [], folders: [], doubtful: [] };
  for (const entry of entries) await planEntry(deletion, entry, plan);
  for (const entry of plan.doubtful) await deleteDoubtful(deletion, entry);
  await inBatches(plan.leaves, (path) => client.deleteFile(path, signal));
  await inBatches(plan.folders, (path) => client.removeDirectory(path, signal));
}

async function planEntry(deletion: Deletion, entry: RemoteEntry, plan: Plan): Promise<void> {
  if (isLeaf(entry)) plan.leaves.push(entry.path);
  // Where only MLSD said "folder", some servers mean what a link leads to.
  else if (entry.type === 'directory' && entry.timeSource === 'list')
    await planFolder(deletion, entry.path, plan);
  else plan.doubtful.push(entry);
}

async function planFolder(deletion: Deletion, path: string, plan: Plan): Promise<void> {
  for (const entry of await contents(deletion, path)) await planEntry(deletion, entry, plan);
  plan.folders.push(path);
}

/** Deleting it as a file removes a link, and is refused for a true folder. */
async function deleteDoubtful(deletion: Deletion, entry: RemoteEntry): Promise<void> {
  const { client, signal } = deletion;
  try {
    await client.deleteFile(entry.path, signal);
    return;
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  if (entry.type === 'unknown' && !(await isTrulyFolder(deletion, entry.path))) {
    const message = `Cannot delete ${entry.path}. The server does not say what it is and refuses to delete it as a file.`;
    throw new RemoteError('failed', entry.path, message);
  }
  await deleteEntries(deletion, await contents(deletion, entry.path));
  await client.removeDirectory(entry.path, signal);
}

/** @throws RemoteError where the server lists something that cannot be told. */
async function contents(
  { client, folders, signal }: Deletion,
  path: string,
): Promise<readonly RemoteEntry[]> {
  const { listing, kinds } = await folders.readKinds(client, path, signal);
  if (listing.complete) return withTrueKinds(listing.entries, kinds?.entries ?? []);
  const count = listing.dropped.length;
  const message = `Cannot delete ${path}. The server lists things in it that cannot be told (${count}), so nothing in it was deleted. Delete it on the server itself.`;
  throw new RemoteError('failed', path, message);
}

/**
 * Takes the names from the exact listing and the kinds from LIST. Links that the former leaves out, because they lead
 * nowhere, are added; other names that only LIST has may be misread, and are not touched.
 */
function withTrueKinds(
  entries: readonly RemoteEntry[],
  kinds: readonly RemoteEntry[],
): readonly RemoteEntry[] {
  const links = kinds.filter(({ type }) => type === 'link');
  const linkPaths = new Set(links.map(({ path }) => path));
  const known = new Map(kinds.map((kind) => [kind.path, kind]));
  const named = entries.map((entry) => {
    if (linkPaths.has(entry.path)) return { ...entry, type: 'link' as const };
    return known.get(entry.path) ?? entry;
  });
  const names = new Set(entries.map(({ path }) => path));
  return [...named, ...links.filter(({ path }) => !names.has(path))];
}

async function inBatches(paths: readonly string[], act: (path: string) => Promise<void>): Promise<void> {
  for (let start = 0; start < paths.length; start += atOnce) {
    const results = await Promise.allSettled(paths.slice(start, start + atOnce).map(act));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }
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

/** Only MLST says it; the other way of asking, CWD, follows links. */
async function isTrulyFolder({ client, signal }: Deletion, path: string): Promise<boolean> {
  if (!client.features.has('MLST')) return false;
  return (await client.stat(path, signal))?.type === 'directory';
}

function isLeaf({ type }: RemoteEntry): boolean {
  return type === 'file' || type === 'link';
}
