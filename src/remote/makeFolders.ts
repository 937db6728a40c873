import { FtpsError } from '../client/errors.ts';
import { isRefusal, RemoteError, toRemoteError } from './errors.ts';
import { foldedName } from './foldedName.ts';
import type { RemoteClient } from './remoteClient.ts';
import { flightLength, inParts } from './sideBySide.ts';
import type { TreePorts } from './treePorts.ts';
import type { TreeSessions } from './treeSessions.ts';

/** What is in a folder that files are about to be written into. */
export interface FolderContent {
  /** Whether it may hold something under the name, which then must be saved with regard to what is there. */
  mayHold(name: string): boolean;
}

interface PlannedFolder {
  readonly path: string;
}

interface MadeFolder extends PlannedFolder {
  /** Why the server did not make it: most often it is there already. An `invalidArgument` was not even asked for. */
  readonly refusal: Error | undefined;
}

/**
 * Makes folders, each behind the one that it lies in, many in one flight. A folder that is refused may be there
 * already, which is fine.
 */
export async function makeFolders<Folder extends PlannedFolder>(
  sessions: TreeSessions,
  folders: readonly Folder[],
): Promise<readonly (Folder & MadeFolder)[]> {
  const made: (Folder & MadeFolder)[] = [];
  for (const some of inParts(folders, flightLength)) {
    // Said again on another session, it finds them there.
    const deed = { path: some[0]?.path ?? '/', operation: 'create' } as const;
    const make = (client: RemoteClient) =>
      Promise.all(some.map(async (folder) => ({ ...folder, refusal: await refusalOf(client, folder.path) })));
    made.push(...(await sessions.use(deed, make)));
  }
  return made;
}

/** Undefined where the folder was made. */
async function refusalOf(client: RemoteClient, path: string): Promise<Error | undefined> {
  if (path === '/') return new Error('It is there.');
  try {
    await client.createDirectory(path);
    return undefined;
  } catch (error) {
    if (!isRefusal(error) && !isUnsayable(error)) throw error;
    return error;
  }
}

/** Whether it has a name that no command can carry to this server. */
function isUnsayable(error: unknown): error is FtpsError {
  return error instanceof FtpsError && error.kind === 'invalidArgument';
}

/** Looks what is in the folder, unless it was made just now. @throws RemoteError where it is not there after all */
export async function contentOf(
  ports: Pick<TreePorts, 'folders' | 'createDirectory'>,
  sessions: TreeSessions,
  { path, refusal }: MadeFolder,
  signal?: AbortSignal,
): Promise<FolderContent> {
  if (!refusal) return { mayHold: () => false };
  if (isUnsayable(refusal)) throw toRemoteError(refusal, path, 'create');
  try {
    return await sessions.use({ path, operation: 'list' }, async (client) => {
      const { listing, kinds } = await ports.folders.readKinds(client, path, signal);
      if (!listing.complete || !kinds?.complete) return { mayHold: () => true };
      // Servers may take names that differ by case or by composition for one and the same.
      const names = new Set([...listing.entries, ...kinds.entries].map(({ name }) => foldedName(name)));
      const isUnseen = (name: string): boolean =>
        name.startsWith('.') && !listing.showsHidden && !kinds.showsHidden;
      return { mayHold: (name) => isUnseen(name) || names.has(foldedName(name)) };
    });
  } catch (error) {
    if (!(error instanceof RemoteError) || error.kind !== 'notFound') throw error;
    // Said alone, the refusal is explained.
    await ports.createDirectory(path, signal);
    return { mayHold: () => false };
  }
}
