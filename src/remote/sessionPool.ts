import { type Clock, systemClock } from '../client/clock.ts';
import { cancelled, mayMeanTooManySessions, RemoteError } from './errors.ts';

/** What the pool needs of a session. */
export interface PooledClient {
  readonly isOpen: boolean;
  /** Resolves when the session is gone. */
  readonly closed: Promise<unknown>;
  quit(): Promise<void>;
  destroy(): void;
}

export interface SessionPoolOptions {
  /** Most sessions at the same time. */
  readonly limit?: number;
  /** Milliseconds after which an unused session is closed. */
  readonly idleTime?: number;
  /** Milliseconds for which a limit that the server showed is believed. */
  readonly learntLimitTime?: number;
  readonly clock?: Clock;
  readonly log?: { debug(line: string): void };
}

/** A session for as long as it is needed; disposing hands it back. */
export interface BorrowedSession<Client> extends AsyncDisposable {
  readonly client: Client;
  /** Milliseconds for which it lay idle before; undefined when it was opened just now. */
  readonly idleFor: number | undefined;
}

interface Waiter<Client> {
  readonly grant: (session: BorrowedSession<Client>) => void;
  readonly refuse: (error: unknown) => void;
  opening?: AbortController;
}

interface IdleSession<Client> {
  readonly client: Client;
  readonly since: number;
  readonly cancelAlarm: () => void;
}

/**
 * Sessions with one server under one login, shared by all that is going on: first come, first served; opened when work
 * waits, kept for a while, replaced when lost. What the server bears is learnt from its refusals.
 *
 * As long as no session is open, one attempt at a time is made, and its failure is the answer for everybody who waits:
 * a wrong password is sent once, not once for every folder that wants to be listed.
 */
export class SessionPool<Client extends PooledClient> {
  readonly #connect: (signal: AbortSignal) => Promise<Client>;
  readonly #options: SessionPoolOptions;
  readonly #clock: Clock;
  readonly #waiters: Waiter<Client>[] = [];
  readonly #openings = new Map<AbortController, Promise<void>>();
  readonly #busy = new Set<Client>();
  #idle: IdleSession<Client>[] = [];
  #learnt: { readonly limit: number; readonly at: number } | undefined;
  #isClosed = false;

  constructor(connect: (signal: AbortSignal) => Promise<Client>, options: SessionPoolOptions = {}) {
    this.#connect = connect;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Most sessions that the pool would have open now: what was asked for, or what the server showed to bear. */
  get limit(): number {
    const wanted = this.#options.limit ?? 4;
    const trusted = this.#options.learntLimitTime ?? 300_000;
    if (!this.#learnt || this.#clock.now() - this.#learnt.at >= trusted) return wanted;
    return Math.min(wanted, this.#learnt.limit);
  }

  /** @throws RemoteError `cancelled` by the signal; else what connecting threw. */
  async borrow(signal?: AbortSignal): Promise<BorrowedSession<Client>> {
    if (this.#isClosed) throw disconnected();
    if (signal?.aborted) throw cancelled('/', signal.reason);
    return new Promise((resolve, reject) => {
      const waiter: Waiter<Client> = {
        grant: (session) => {
          signal?.removeEventListener('abort', leave);
          resolve(session);
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        this.#dropSurplusOpening(waiter, signal?.reason);
        reject(cancelled('/', signal?.reason));
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  /** Ends every session, also those at work, and refuses everybody who waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(disconnected());
    const openings = [...this.#openings.values()];
    for (const opening of this.#openings.keys()) opening.abort(disconnected());
    for (const client of this.#busy) client.destroy();
    const idle = this.#idle.splice(0);
    for (const session of idle) session.cancelAlarm();
    await Promise.all([...openings, ...idle.map((session) => this.#quit(session.client))]);
  }

  get #open(): number {
    return this.#busy.size + this.#idle.length;
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const session = this.#idle.pop();
      if (!session) break;
      session.cancelAlarm();
      if (session.client.isOpen) this.#grant(session.client, this.#clock.now() - session.since);
    }
    while (this.#mayOpen()) this.#openOne();
  }

  #mayOpen(): boolean {
    if (this.#isClosed || this.#waiters.length <= this.#openings.size) return false;
    if (this.#open === 0) return this.#openings.size === 0;
    return this.#open + this.#openings.size < this.limit;
  }

  #openOne(): void {
    const opening = new AbortController();
    const owner = this.#waiters.find(({ opening: own }) => !own || !this.#openings.has(own));
    if (owner) owner.opening = opening;
    const settled = this.#connect(opening.signal).then(
      (client) => this.#opened(opening, client),
      (error: unknown) => this.#failed(opening, owner, error),
    );
    this.#openings.set(opening, settled);
  }

  /** Nobody waits any more for one of the sessions that are being opened. */
  #dropSurplusOpening(left: Waiter<Client>, reason: unknown): void {
    const live = [...this.#openings.keys()].filter((opening) => !opening.signal.aborted);
    if (live.length <= this.#waiters.length) return;
    const own = live.find((opening) => opening === left.opening);
    (own ?? live.at(-1))?.abort(reason);
  }

  #opened(opening: AbortController, client: Client): void {
    this.#openings.delete(opening);
    if (this.#isClosed) {
      client.destroy();
      return;
    }
    void client.closed.then(() => this.#lost(client));
    if (this.#waiters.length > 0) this.#grant(client, undefined);
    else this.#rest(client);
    this.#serve();
  }

  #failed(opening: AbortController, owner: Waiter<Client> | undefined, error: unknown): void {
    this.#openings.delete(opening);
    if (this.#open > 0 && mayMeanTooManySessions(error)) {
      this.#learnt = { limit: this.#open, at: this.#clock.now() };
      this.#options.log?.debug(`The server bears no more than ${this.#open} sessions at the same time.`);
    } else if (this.#open > 0 || this.#openings.size > 0 || opening.signal.aborted) {
      const index = this.#waiters.findIndex((waiter) => waiter === owner);
      if (index >= 0) this.#waiters.splice(index, 1)[0]?.refuse(error);
    } else {
      for (const waiter of this.#waiters.splice(0)) waiter.refuse(error);
    }
    this.#serve();
  }

  #grant(client: Client, idleFor: number | undefined): void {
    const waiter = this.#waiters.shift();
    if (!waiter) return;
    this.#busy.add(client);
    let returned = false;
    waiter.grant({
      client,
      idleFor,
      [Symbol.asyncDispose]: async () => {
        if (returned) return;
        returned = true;
        if (!this.#busy.delete(client)) return;
        if (client.isOpen && !this.#isClosed) this.#rest(client);
        this.#serve();
      },
    });
  }

  #rest(client: Client): void {
    const cancelAlarm = this.#clock.after(this.#options.idleTime ?? 120_000, () => {
      this.#idle = this.#idle.filter((session) => session.client !== client);
      void this.#quit(client);
    });
    this.#idle.push({ client, since: this.#clock.now(), cancelAlarm });
  }

  #lost(client: Client): void {
    this.#busy.delete(client);
    const session = this.#idle.find((candidate) => candidate.client === client);
    session?.cancelAlarm();
    this.#idle = this.#idle.filter((candidate) => candidate !== session);
    this.#serve();
  }

  async #quit(client: Client): Promise<void> {
    try {
      await client.quit();
    } catch (error) {
      this.#options.log?.debug(`A session did not end in order: ${String(error)}`);
      client.destroy();
    }
  }
}

function disconnected(): RemoteError {
  return new RemoteError('unavailable', '/', 'The connection was closed. Connect again.', {
    retryable: true,
  });
}
