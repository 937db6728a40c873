import { type Clock, systemClock } from '../client/clock.ts';
import {
  type Found,
  isAmbiguousRefusal,
  isLoss,
  type Operation,
  throwIfCancelled,
  toRemoteError,
} from './errors.ts';
import type { RemoteClient } from './remoteClient.ts';
import { untilAborted } from './requests.ts';
import type { BorrowedSession } from './sessionPool.ts';
import type { Priority } from './sessionQueue.ts';

/** Where sessions come from: the session pool. */
export interface SessionSource {
  borrow(priority?: Priority, signal?: AbortSignal): Promise<BorrowedSession<RemoteClient>>;
  close(): Promise<void>;
}

/** What somebody wants to do on the server; named in the error when it fails. */
export interface Deed {
  readonly path: string;
  readonly operation: Operation;
  /** A deed that changes something is never said twice. */
  readonly changes?: boolean;
  /**
   * `interactive` by default. One of `background` keeps its session to the end, so it should be short, a file for
   * example: what the user does gets its turn between two of them.
   */
  readonly priority?: Priority;
}

/** Milliseconds of idleness after which a session that turns out to be gone is taken to have been gone before. */
const perhapsGoneAfter = 1000;

/** Milliseconds of idleness after which a session is asked for a sign of life before it changes anything. */
const doubtfulAfter = 5000;

/** Does deeds on sessions of the pool; an idle session that the server has ended meanwhile goes unnoticed. */
export class Sessions {
  readonly #pool: SessionSource;
  readonly #clock: Pick<Clock, 'after'>;

  constructor(pool: SessionSource, clock: Pick<Clock, 'after'> = systemClock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** For what the server may still be about to do. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(milliseconds, resolve));
  }

  /**
   * @param act must not use other sessions while it has this one: with one session allowed, it would wait for itself.
   *   Where it changes nothing it may be called again on another session, because the first one was lost
   * @throws RemoteError
   */
  async use<Result>(
    deed: Deed,
    act: (client: RemoteClient) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    let mayRepeat = true;
    for (;;) {
      throwIfCancelled(signal, deed.path);
      await using session = await this.#borrow(deed, signal);
      const { client, idleFor } = session;
      const isDoubtful = deed.changes && idleFor !== undefined && idleFor > doubtfulAfter;
      if (isDoubtful && !(await untilAborted(isAlive(client), deed.path, signal))) continue;
      try {
        return await act(client);
      } catch (error) {
        // The server may end an idle session at any time; a question can simply be asked again on another one.
        const isGone = !client.isOpen && !signal?.aborted && !deed.changes;
        if (isGone && idleFor !== undefined && idleFor > perhapsGoneAfter) continue;
        // One that breaks off at work may not have borne the haste; what it did not bear, the next one is spared.
        if (isGone && mayRepeat && isLoss(error)) {
          mayRepeat = false;
          continue;
        }
        throw await explained(client, error, deed);
      }
    }
  }

  async #borrow(deed: Deed, signal?: AbortSignal): Promise<BorrowedSession<RemoteClient>> {
    try {
      return await this.#pool.borrow(deed.priority, signal);
    } catch (error) {
      throw toRemoteError(error, deed.path, 'connect for');
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** A 550 does not say why; a look at the path does. */
export async function explained(client: RemoteClient, error: unknown, deed: Deed): Promise<Error> {
  const found = isAmbiguousRefusal(error) && client.isOpen ? await look(client, deed.path) : 'unknown';
  return toRemoteError(error, deed.path, deed.operation, found);
}

async function look(client: RemoteClient, path: string): Promise<Found> {
  try {
    const entry = await client.stat(path);
    if (!entry) return 'nothing';
    return entry.type === 'directory' || entry.type === 'file' ? entry.type : 'unknown';
  } catch {
    return 'unknown';
  }
}

async function isAlive(client: RemoteClient): Promise<boolean> {
  try {
    await client.noop();
  } catch {
    client.destroy();
  }
  return client.isOpen;
}
