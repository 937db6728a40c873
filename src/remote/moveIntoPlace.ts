import type { UploadedFile, VerifiedMove } from '../client/moveVerified.ts';
import type { Entry } from '../protocol/entry.ts';
import { RemoteError } from './errors.ts';
import type { Leftovers } from './leftovers.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { SavePlace } from './savePlace.ts';
import type { Sessions } from './sessions.ts';
import { finishElsewhere, type Swap, swapInto } from './swap.ts';

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
      await finishElsewhere(swapOf(context, temporary, place, uploaded), outcome.error);
      return moved;
    case 'refused':
      if (!place.existing) throw new NoWayToReplace('the server renames nothing');
      await swap(context, temporary, place, uploaded);
      return { method: 'swapped', note: swapNote, uploaded };
    case 'unverified':
      throw new RemoteError('failed', place.path, `Cannot save ${place.path}. The upload was not verified.`);
  }
}

function swap(
  context: MoveContext,
  temporary: string,
  place: SavePlace,
  uploaded: UploadedFile,
): Promise<void> {
  return swapInto(swapOf(context, temporary, place, uploaded), {
    remove: (client, aside) => context.leftovers.remove(client, aside),
    refused: (which) =>
      new NoWayToReplace(
        which === 'old' ? 'the server renames nothing' : 'the server does not let another file take its name',
      ),
  });
}

function swapOf(
  { client, sessions }: MoveContext,
  temporary: string,
  { path }: SavePlace,
  { facts }: UploadedFile,
): Swap {
  const hasArrived = async (at: RemoteClient): Promise<boolean> => {
    const stored = await at.stat(path);
    return stored !== undefined && (facts?.size === undefined || (stored.size ?? facts.size) === facts.size);
  };
  return { from: temporary, to: path, operation: 'save', client, sessions, hasArrived };
}
