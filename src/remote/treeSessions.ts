import { RemoteError, throwIfCancelled, toRemoteError } from './errors.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { Deed } from './sessions.ts';
import type { SessionUse } from './treePorts.ts';

/** How often one deed is tried where trying again may help. */
const attempts = 3;

/**
 * The sessions of one piece of work on a tree: behind whatever the user does by hand, again where a session was lost,
 * and not at all any more once none is to be had.
 */
export class TreeSessions {
  readonly #sessions: SessionUse;
  readonly #signal: AbortSignal | undefined;
  #refusal: RemoteError | undefined;

  constructor(sessions: SessionUse, signal?: AbortSignal) {
    this.#sessions = sessions;
    this.#signal = signal;
  }

  /** Why no session was to be had; then all that is left of the work is given up. */
  get refusal(): RemoteError | undefined {
    return this.#refusal;
  }

  /** @param act may be called more than once, unless the deed changes something. @throws RemoteError */
  async use<Result>(
    deed: Deed,
    act: (client: RemoteClient) => Promise<Result>,
    signal: AbortSignal | undefined = this.#signal,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      throwIfCancelled(signal, deed.path);
      if (this.#refusal) throw this.#refusal;
      let own: unknown;
      const begin = async (client: RemoteClient): Promise<Result> => {
        try {
          return await act(client);
        } catch (error) {
          own = error;
          throw error;
        }
      };
      try {
        return await this.#sessions.use({ priority: 'background', ...deed }, begin, signal);
      } catch (error) {
        const failure = toRemoteError(error, deed.path, deed.operation);
        // Else there was no session, perhaps none any more.
        const isBegun = own !== undefined && (failure === own || failure.cause === own);
        const isOver = signal?.aborted || !failure.retryable || attempt >= attempts;
        if (!isOver && !(deed.changes && isBegun)) continue;
        if (isBegun || signal?.aborted) throw failure;
        // Many may have waited for one and the same attempt to connect.
        this.#refusal ??= failure;
        throw this.#refusal;
      }
    }
  }
}
