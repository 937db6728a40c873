import type { Clock } from '../client/clock.ts';

/** What resting asks of a session. */
export interface RestingClient {
  readonly isOpen: boolean;
  noop(): Promise<void>;
  destroy(): void;
}

interface IdleSessionsOptions<Client> {
  /** Milliseconds after which an unused session is ended. */
  readonly idleTime: number;
  /** Milliseconds between two signs of life of the one session that is kept; without, none is kept. */
  readonly keepAlive: number | undefined;
  readonly clock: Clock;
  /** Whether somebody may need one at any moment, so that none is ended. */
  readonly isReserve: () => boolean;
  readonly end: (client: Client) => void;
}

interface IdleSession<Client> {
  readonly client: Client;
  /** When the server last spoke. */
  since: number;
  /** When it is looked after next. */
  due: number;
  cancelAlarm: () => void;
}

/** The sessions that nobody uses just now: the one used last is the first to be used again, and the one kept alive. */
export class IdleSessions<Client extends RestingClient> {
  readonly #options: IdleSessionsOptions<Client>;
  #sessions: IdleSession<Client>[] = [];

  constructor(options: IdleSessionsOptions<Client>) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.length;
  }

  add(client: Client): void {
    const since = this.#options.clock.now();
    const session = { client, since, due: since, cancelAlarm: () => {} };
    this.#sessions.push(session);
    this.#arm(session);
  }

  /** @returns one that is open as far as is known, with the milliseconds since it gave its last sign of life */
  take(): { readonly client: Client; readonly idleFor: number } | undefined {
    for (;;) {
      const session = this.#sessions.pop();
      session?.cancelAlarm();
      if (!session) return undefined;
      const { client, since } = session;
      if (!client.isOpen) continue;
      if (!this.#isForgotten(session)) return { client, idleFor: this.#options.clock.now() - since };
      this.#options.end(client);
    }
  }

  /** Drops those that were last heard of at this time or before: one that had rested so long was dead. */
  dropOlder(since: number): void {
    for (const session of this.#sessions.filter((one) => one.since <= since)) {
      this.remove(session.client);
      session.client.destroy();
    }
  }

  remove(client: Client): void {
    for (const session of this.#sessions) if (session.client === client) session.cancelAlarm();
    this.#sessions = this.#sessions.filter((session) => session.client !== client);
  }

  clear(): Client[] {
    const sessions = this.#sessions.splice(0);
    for (const { cancelAlarm } of sessions) cancelAlarm();
    return sessions.map(({ client }) => client);
  }

  /** While a computer sleeps its clock goes on, but no alarm rings: what has rested so long is hardly there any more. */
  #isForgotten({ since, due }: IdleSession<Client>): boolean {
    const { clock, idleTime } = this.#options;
    return clock.now() > due && clock.now() - since > idleTime;
  }

  #arm(session: IdleSession<Client>): void {
    const { clock, idleTime, keepAlive } = this.#options;
    const silentFor = clock.now() - session.since;
    const limits = keepAlive === undefined ? [idleTime] : [idleTime, keepAlive];
    const ahead = limits.map((limit) => limit - silentFor).filter((left) => left > 0);
    const next = ahead.length > 0 ? Math.min(...ahead) : idleTime;
    session.due = clock.now() + next;
    session.cancelAlarm = clock.after(next, () => this.#due(session));
  }

  #due(session: IdleSession<Client>): void {
    const { clock, idleTime, keepAlive, isReserve, end } = this.#options;
    const silentFor = clock.now() - session.since;
    const isKept = keepAlive !== undefined && this.#sessions.at(-1) === session;
    if (isKept && silentFor >= keepAlive) {
      void this.#touch(session);
    } else if (!isKept && silentFor >= idleTime && !isReserve()) {
      this.remove(session.client);
      end(session.client);
    } else this.#arm(session);
  }

  /** One that gives no sign of life is gone; the next need opens another. */
  async #touch(session: IdleSession<Client>): Promise<void> {
    try {
      await session.client.noop();
    } catch {
      session.client.destroy();
      return;
    }
    if (!this.#sessions.includes(session)) return;
    session.since = this.#options.clock.now();
    this.#arm(session);
  }
}
