import { type Clock, systemClock } from '../client/clock.ts';
import { cancelled, isSilence, mayMeanTooManySessions, RemoteError } from './errors.ts';
import { IdleSessions, type RestingClient } from './idleSessions.ts';
import { type LearntLimit, SessionLimit } from './sessionLimit.ts';
import { type Priority, SessionQueue, type Waiter } from './sessionQueue.ts';

/** What the pool needs of a session. */
export interface PooledClient extends RestingClient {
  /** Resolves when the session is gone, with the reason. */
  readonly closed: Promise<unknown>;
  quit(): Promise<void>;
}

export interface SessionPoolOptions {
  /** Most sessions at the same time. */
  readonly limit?: number;
  /** Milliseconds after which an unused session is closed. */
  readonly idleTime?: number;
  /** Milliseconds between two signs of life of the one session that is kept while nothing is done; without, none is. */
  readonly keepAlive?: number | undefined;
  /** What the server showed to bear in an earlier run. */
  readonly learntLimit?: LearntLimit | undefined;
  /** Told what to remember of the server. */
  readonly onLimitLearnt?: (limit: LearntLimit | undefined) => void;
  readonly clock?: Clock;
  readonly log?: { debug(line: string): void };
}

/** A session for as long as it is needed; disposing hands it back. */
export interface BorrowedSession<Client> extends AsyncDisposable {
  readonly client: Client;
  /** Milliseconds since its last sign of life; undefined when it was opened just now. */
  readonly idleFor: number | undefined;
}

/**
 * Sessions with one server under one login, shared by all that is going on: opened side by side when work waits, kept
 * for a while, replaced when lost. What the server bears is learnt from its refusals. Each has a TLS cache of its own,
 * for the client makes one for each. C-58
 *
 * What the user waits for comes first, and one session is always left for it: background work never takes the last one
 * that the limit allows, and as soon as it wants more than the others, the last one is opened to lie ready.
 *
 * As long as no session is open, one attempt at a time is made, and its failure is the answer for everybody who waits:
 * a wrong password is sent once, not once for every folder that wants to be listed.
 */
export class SessionPool<Client extends PooledClient> {
  readonly #connect: (signal: AbortSignal) => Promise<Client>;
  readonly #log: { debug(line: string): void } | undefined;
  readonly #limit: SessionLimit;
  readonly #clock: Clock;
  readonly #queue = new SessionQueue<BorrowedSession<Client>>();
  readonly #openings = new Map<AbortController, Promise<void>>();
  /** Those at work, with the time at which each was last known to be alive before that. */
  readonly #busy = new Map<Client, number>();
  readonly #idle: IdleSessions<Client>;
  #isClosed = false;
  #cancelRetry: () => void = () => {};

  constructor(connect: (signal: AbortSignal) => Promise<Client>, options: SessionPoolOptions = {}) {
    const { limit = 4, idleTime = 120_000, keepAlive, clock = systemClock } = options;
    this.#connect = connect;
    this.#log = options.log;
    this.#clock = clock;
    this.#limit = new SessionLimit({
      wanted: limit,
      learnt: options.learntLimit,
      onLearnt: options.onLimitLearnt,
      clock,
    });
    this.#idle = new IdleSessions({
      idleTime,
      keepAlive,
      clock,
      isReserve: () => this.#queue.length > 0,
      end: (client) => void this.#quit(client),
    });
  }

  /** Most sessions that the pool would have open now: what was asked for, or what the server showed to bear. */
  get limit(): number {
    return this.#limit.current;
  }

  /** @throws RemoteError `cancelled` by the signal; else what connecting threw. */
  async borrow(priority: Priority = 'interactive', signal?: AbortSignal): Promise<BorrowedSession<Client>> {
    if (this.#isClosed) throw disconnected();
    if (signal?.aborted) throw cancelled('/', signal.reason);
    const granted = this.#queue.wait(priority, signal, (left) => {
      this.#dropSurplusOpening(left, signal?.reason);
      this.#armRetry();
    });
    this.#serve();
    return granted;
  }

  /** Ends every session, also those at work, and refuses everybody who waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.refuseAll(disconnected());
    this.#armRetry();
    const openings = [...this.#openings.values()];
    for (const opening of this.#openings.keys()) opening.abort(disconnected());
    for (const client of this.#busy.keys()) client.destroy();
    await Promise.all([...openings, ...this.#idle.clear().map((client) => this.#quit(client))]);
  }

  get #open(): number {
    return this.#busy.size + this.#idle.size;
  }

  #serve(): void {
    for (;;) {
      const waiter = this.#queue.first;
      const session = waiter && this.#mayTake(waiter) ? this.#idle.take() : undefined;
      if (!waiter || !session) break;
      this.#grant(waiter, session.client, session.idleFor);
    }
    while (this.#mayOpen()) this.#openOne();
    this.#armRetry();
  }

  /** Whoever waits for a limit to be over need not wait until somebody gives a session back as well. */
  #armRetry(): void {
    this.#cancelRetry();
    const wait = this.#queue.length > 0 ? this.#limit.risesIn : undefined;
    this.#cancelRetry = wait === undefined ? () => {} : this.#clock.after(wait, () => this.#serve());
  }

  #mayTake({ priority }: Waiter<BorrowedSession<Client>>): boolean {
    return priority === 'interactive' || this.#busy.size < Math.max(1, this.limit - 1);
  }

  #mayOpen(): boolean {
    if (this.#isClosed || this.#queue.length <= this.#openings.size) return false;
    if (this.#open === 0) return this.#openings.size === 0;
    const isForUser = this.#nextOwner?.priority === 'interactive';
    return this.#open + this.#openings.size < (isForUser ? this.#limit.forUser : this.limit);
  }

  /** The first of those for whom no session is being opened. */
  get #nextOwner(): Waiter<BorrowedSession<Client>> | undefined {
    return this.#queue.find(({ opening: own }) => !own || !this.#openings.has(own));
  }

  #openOne(): void {
    const opening = new AbortController();
    const owner = this.#nextOwner;
    if (owner) owner.opening = opening;
    const settled = this.#connect(opening.signal).then(
      (client) => this.#opened(opening, client),
      (error: unknown) => this.#failed(opening, owner, error),
    );
    this.#openings.set(opening, settled);
  }

  /** Nobody waits any more for one of the sessions that are being opened. */
  #dropSurplusOpening(left: Waiter<BorrowedSession<Client>>, reason: unknown): void {
    const live = [...this.#openings.keys()].filter((opening) => !opening.signal.aborted);
    if (live.length <= this.#queue.length) return;
    const own = live.find((opening) => opening === left.opening);
    (own ?? live.at(-1))?.abort(reason);
  }

  #opened(opening: AbortController, client: Client): void {
    this.#openings.delete(opening);
    if (this.#isClosed) {
      client.destroy();
      return;
    }
    void client.closed.then((reason) => this.#lost(client, reason));
    const waiter = this.#queue.first;
    if (waiter && this.#mayTake(waiter)) this.#grant(waiter, client, undefined);
    else this.#idle.add(client);
    this.#limit.bore(this.#open);
    this.#serve();
  }

  #failed(
    opening: AbortController,
    owner: Waiter<BorrowedSession<Client>> | undefined,
    error: unknown,
  ): void {
    this.#openings.delete(opening);
    const open = this.#open;
    if (opening.signal.aborted) {
      // Given up by the pool itself: no answer for those who still wait.
    } else if (open > 0 && mayMeanTooManySessions(error)) {
      this.#limit.refused(open);
      this.#log?.debug(`The server bears no more than ${open} sessions at the same time.`);
    } else if (open > 0 && owner?.priority === 'background') {
      this.#limit.failed(open);
      this.#log?.debug(`Another session could not be opened: ${String(error)}`);
    } else if (open > 0 || this.#openings.size > 0) {
      if (owner && this.#queue.remove(owner)) owner.refuse(error);
    } else this.#queue.refuseAll(error);
    this.#serve();
  }

  #grant(waiter: Waiter<BorrowedSession<Client>>, client: Client, idleFor: number | undefined): void {
    this.#queue.remove(waiter);
    this.#busy.set(client, this.#clock.now() - (idleFor ?? 0));
    let returned = false;
    waiter.grant({
      client,
      idleFor,
      [Symbol.asyncDispose]: async () => {
        if (returned) return;
        returned = true;
        if (!this.#busy.delete(client)) return;
        if (client.isOpen && !this.#isClosed) this.#idle.add(client);
        this.#serve();
      },
    });
  }

  #lost(client: Client, reason: unknown): void {
    const since = this.#busy.get(client);
    this.#busy.delete(client);
    // After a sleep or a change of the network all that rested are dead, and each would keep somebody waiting.
    if (since !== undefined && isSilence(reason)) this.#idle.dropOlder(since);
    this.#idle.remove(client);
    this.#serve();
  }

  async #quit(client: Client): Promise<void> {
    try {
      await client.quit();
    } catch (error) {
      this.#log?.debug(`A session did not end in order: ${String(error)}`);
      client.destroy();
    }
  }
}

function disconnected(): RemoteError {
  return new RemoteError('unavailable', '/', 'The connection was closed. Connect again.', {
    retryable: true,
  });
}
