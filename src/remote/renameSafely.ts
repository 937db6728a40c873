import { deleteTreeOn } from './deleteTree.ts';
import { isRefusal, RemoteError, throwIfCancelled, toRemoteError } from './errors.ts';
import { foldedName } from './foldedName.ts';
import { type FolderReader, missing } from './folderReader.ts';
import type { Leftovers } from './leftovers.ts';
import type { RemoteClient } from './remoteClient.ts';
import { baseName, parentPath } from './remotePath.ts';
import type { Sessions } from './sessions.ts';
import { swapInto } from './swap.ts';

export interface RenameContext {
  readonly folders: FolderReader;
  readonly sessions: Sessions;
  readonly leftovers: Leftovers;
}

/** Renames; what is at the target is replaced only when the caller wants that, and is kept until the new one is there. */
export async function renameSafely(
  { folders, sessions, leftovers }: RenameContext,
  client: RemoteClient,
  from: string,
  to: string,
  overwrite: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const isTaken = await exists(folders, client, from, to, signal);
  if (isTaken && !overwrite) throw new RemoteError('exists', to, `${to} exists already.`);
  if (!isTaken) {
    await renameInto(client, from, to, signal);
    return;
  }
  if (!(await folders.facts(client, from, signal))) throw missing(from);
  throwIfCancelled(signal, from);
  const hasArrived = async (at: RemoteClient): Promise<boolean> => (await at.stat(to)) !== undefined;
  let left: RemoteError | undefined;
  const remove = async (at: RemoteClient, aside: string): Promise<void> => {
    try {
      await deleteTreeOn(at, folders, aside);
    } catch (error) {
      await leftovers.remove(at, aside);
      if (!leftovers.paths.includes(aside)) left = stillThere(from, to, aside, error);
    }
  };
  await swapInto({ from, to, operation: 'rename', client, sessions, hasArrived }, { remove });
  // The rename is done, whatever becomes of what it replaced.
  if (left) throw left;
}

function stillThere(from: string, to: string, aside: string, cause: unknown): RemoteError {
  const reason = toRemoteError(cause, aside, 'delete').message;
  const message = `${from} is ${to} now. What was there before is in ${aside}, since not all of it could be deleted: ${reason}`;
  return new RemoteError('failed', to, message, { cause });
}

/** A server may find the source itself under a name of other case or Unicode form: only the listing tells. */
async function exists(
  folders: FolderReader,
  client: RemoteClient,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<boolean> {
  if (foldedName(from) !== foldedName(to)) return (await folders.facts(client, to, signal)) !== undefined;
  const { byName } = await folders.readFolder(client, parentPath(to), signal);
  return byName.has(baseName(to));
}

async function renameInto(
  client: RemoteClient,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await client.rename(from, to, signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const folder = parentPath(to);
    if (folder !== '/' && !(await client.stat(folder))) throw missing(folder);
    throw error;
  }
}
