import type { UploadedFile, VerifiedMove } from '../client/moveVerified.ts';
import type { Entry } from '../protocol/entry.ts';
import { isRefusal, RemoteError, toRemoteError } from './errors.ts';
import type { Leftovers } from './leftovers.ts';
import type { RemoteClient } from './remoteClient.ts';
import { baseName, joinPath, parentPath } from './remotePath.ts';
import type { SavePlace } from './savePlace.ts';
import type { Sessions } from './sessions.ts';
import { temporaryName } from './temporaryName.ts';

/** `swapped`: the old file was moved aside, because the server does not rename over an existing one. */
export type SaveMethod = 'created' | 'replaced' | 'swapped';

export interface Moved {
  readonly method: SaveMethod;
  readonly note?: string;
  /** What the server told of the upload before the move. */
  readonly uploaded: UploadedFile;
  /** What it told of the file afterwards. */
  readonly target?: Entry | undefined;
}

/** The server does not let the file be replaced as a whole; nothing has been changed. */
export class NoWayToReplace extends Error {
  override readonly name = 'NoWayToReplace';
  /** Completes "Written directly, because …". */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

interface MoveContext {
  readonly client: RemoteClient;
  readonly sessions: Sessions;
  readonly leftovers: Leftovers;
  readonly signal: AbortSignal | undefined;
}

const swapNote =
  'The server does not rename over an existing file: the old one was moved aside for a moment.';

/**
 * Verifies the upload and puts it in the place of the file. Once it is being renamed nothing is cancelled: half a move
 * is worse.
 * @throws what `move.verify` throws, and NoWayToReplace, with everything as it was before.
 */
export async function moveIntoPlace(
  context: MoveContext,
  temporary: string,
  place: SavePlace,
  move: VerifiedMove,
): Promise<Moved> {
  const outcome = await context.client.moveVerified(temporary, place.path, move, context.signal);
  const { uploaded } = outcome;
  const moved = { method: place.existing ? 'replaced' : 'created', uploaded } as const;
  switch (outcome.kind) {
    case 'moved':
      return { ...moved, target: outcome.target };
    case 'unknown':
      return finishOnAnotherSession(context, temporary, place, moved, outcome.error);
    case 'refused':
      if (!place.existing) throw new NoWayToReplace('the server renames nothing');
      return swap(context, temporary, place, uploaded);
    case 'unverified':
      throw new RemoteError('failed', place.path, `Cannot save ${place.path}. The upload was not verified.`);
  }
}

async function swap(
  context: MoveContext,
  temporary: string,
  place: SavePlace,
  uploaded: UploadedFile,
): Promise<Moved> {
  const { client, leftovers } = context;
  const moved = { method: 'swapped', note: swapNote, uploaded } as const;
  const aside = joinPath(parentPath(place.path), temporaryName(baseName(place.path)));
  try {
    await client.rename(place.path, aside);
  } catch (error) {
    if (isRefusal(error)) throw new NoWayToReplace('the server renames nothing');
    throw await backInPlace(context, aside, place.path, error);
  }
  try {
    await client.rename(temporary, place.path);
  } catch (error) {
    if (!isRefusal(error)) {
      return finishOnAnotherSession(context, temporary, place, moved, error, aside);
    }
    const failure = await backInPlace(context, aside, place.path, error);
    if (failure instanceof RemoteError) throw failure;
    throw new NoWayToReplace('the server does not let another file take its name');
  }
  await leftovers.remove(client, aside);
  return moved;
}

/**
 * The connection broke while the server was renaming, which it may or may not have done. Another session looks, and
 * finishes what was begun; the old file is deleted only when the new one has its name.
 */
async function finishOnAnotherSession(
  context: MoveContext,
  temporary: string,
  place: SavePlace,
  moved: Moved,
  cause: unknown,
  aside?: string,
): Promise<Moved> {
  if (context.client.isOpen) throw cause;
  try {
    return await context.sessions.use(
      { path: place.path, operation: 'save', changes: true },
      async (client) => {
        if (await client.stat(temporary)) await client.rename(temporary, place.path);
        if (aside !== undefined) await context.leftovers.remove(client, aside);
        return moved;
      },
    );
  } catch (error) {
    if (aside === undefined) throw cause;
    throw strandedAside(place.path, aside, error);
  }
}

/** Gives the old file its name again. @returns the error to report: the given one, or that the old file is elsewhere. */
async function backInPlace(
  context: MoveContext,
  aside: string,
  path: string,
  cause: unknown,
): Promise<unknown> {
  const restore = async (client: RemoteClient): Promise<void> => {
    if (await client.stat(aside)) await client.rename(aside, path);
  };
  try {
    if (context.client.isOpen) await restore(context.client);
    else await context.sessions.use({ path, operation: 'save', changes: true }, restore);
    return cause;
  } catch (error) {
    return strandedAside(path, aside, error);
  }
}

function strandedAside(path: string, aside: string, cause: unknown): RemoteError {
  const reason = toRemoteError(cause, path, 'save').message;
  return new RemoteError(
    'failed',
    path,
    `${reason} The old content of ${path} is in ${aside}: rename it back.`,
    {
      cause,
    },
  );
}
