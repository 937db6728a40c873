import { isRefusal, type Operation, RemoteError, toRemoteError } from './errors.ts';
import type { RemoteClient } from './remoteClient.ts';
import { baseName, joinPath, parentPath } from './remotePath.ts';
import type { Deed } from './sessions.ts';
import { temporaryName } from './temporaryName.ts';

type SwapClient = Pick<RemoteClient, 'isOpen' | 'rename' | 'stat'>;

/** One thing that gets the name of another. */
export interface Swap<Client extends SwapClient = RemoteClient> {
  readonly from: string;
  readonly to: string;
  readonly operation: Operation;
  readonly client: Client;
  readonly sessions: {
    use<Result>(deed: Deed, act: (client: Client) => Promise<Result>): Promise<Result>;
    pause(milliseconds: number): Promise<void>;
  };
  /** Whether it has its new name, asked when nothing has the old one any more. */
  readonly hasArrived: (client: Client) => Promise<boolean>;
}

/** Milliseconds between looks for what a lost session has moved aside: a busy server may do it late. */
const laterLooks = [250, 1000];

interface SwapEnds<Client> {
  /** Takes away what had the name before. Must not reject. */
  readonly remove: (client: Client, aside: string) => Promise<void>;
  /** What to throw when the server refuses to rename the `old` one, or the `new` one; all is as it was then. */
  readonly refused?: (which: 'old' | 'new', error: unknown) => unknown;
}

/**
 * Moves aside what has the name, gives the name to the other, and removes the former. Nothing is cancelled: half of it
 * is worse. Where the connection breaks, another session finishes it or puts the old one back.
 * @throws RemoteError that names where the old one is, when neither can be done
 */
export async function swapInto<Client extends SwapClient>(
  swap: Swap<Client>,
  { remove, refused = (_, error) => error }: SwapEnds<Client>,
): Promise<void> {
  const { client, from, to } = swap;
  const aside = joinPath(parentPath(to), temporaryName(baseName(to)));
  try {
    await client.rename(to, aside);
  } catch (error) {
    throw isRefusal(error) ? refused('old', error) : await backInPlace(swap, aside, error);
  }
  try {
    await client.rename(from, to);
  } catch (error) {
    if (client.isOpen) {
      const failure = await backInPlace(swap, aside, error);
      throw failure === error && isRefusal(error) ? refused('new', error) : failure;
    }
    return finishElsewhere(swap, error, aside, remove);
  }
  await remove(client, aside);
}

/**
 * The connection broke while the server was renaming, which it may or may not have done. Another session looks, and
 * finishes what was begun; what was moved aside is removed only when the new one has its name.
 */
export async function finishElsewhere<Client extends SwapClient>(
  swap: Swap<Client>,
  cause: unknown,
  aside?: string,
  remove?: SwapEnds<Client>['remove'],
): Promise<void> {
  const { client, sessions, from, to, operation, hasArrived } = swap;
  if (client.isOpen) throw cause;
  try {
    await sessions.use({ path: to, operation, changes: true }, async (other) => {
      if (await other.stat(from)) await renameUnlessDone(swap, other);
      else if (!(await hasArrived(other))) throw cause;
      if (aside !== undefined) await remove?.(other, aside);
    });
  } catch (error) {
    throw aside === undefined ? cause : stranded(swap, aside, error);
  }
}

/** The lost session's rename may be done only after this one has looked. */
async function renameUnlessDone<Client extends SwapClient>(
  { from, to, hasArrived }: Swap<Client>,
  client: Client,
): Promise<void> {
  try {
    await client.rename(from, to);
  } catch (error) {
    if (!isRefusal(error) || !(await hasArrived(client))) throw error;
  }
}

/** Gives the old one its name again. @returns the error to report: the given one, or that the old one is elsewhere. */
async function backInPlace<Client extends SwapClient>(
  swap: Swap<Client>,
  aside: string,
  cause: unknown,
): Promise<unknown> {
  const { client, sessions, to, operation } = swap;
  const restore = async (at: Client): Promise<boolean> => {
    if (!(await at.stat(aside))) return false;
    await at.rename(aside, to);
    return true;
  };
  const deed = { path: to, operation, changes: true };
  try {
    if (client.isOpen) {
      await restore(client);
      return cause;
    }
    // The lost session's rename may be done only after this one has looked.
    for (const pause of [0, ...laterLooks]) {
      if (pause > 0) await sessions.pause(pause);
      if (await sessions.use(deed, restore)) break;
    }
    return cause;
  } catch (error) {
    return stranded(swap, aside, error);
  }
}

function stranded(
  { to, operation }: Pick<Swap, 'to' | 'operation'>,
  aside: string,
  cause: unknown,
): RemoteError {
  const reason = toRemoteError(cause, to, operation).message;
  const message = `${reason} What was in ${to} is in ${aside} now: rename it back.`;
  return new RemoteError('failed', to, message, { cause });
}
