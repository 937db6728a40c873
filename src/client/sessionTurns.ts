import { randomUUID } from 'node:crypto';
import { ProtocolError } from '../protocol/errors.ts';
import { openSession } from './connect.ts';
import { closedError } from './controlLoss.ts';
import { aborted, asFtpsError, FtpsError, type Step } from './errors.ts';
import { dropPrepared } from './preparedRoute.ts';
import { chooseProtection } from './protection.ts';
import type { DataCount, Session } from './session.ts';
import type { ServerTraits } from './serverTraits.ts';
import { unresumedRefusals } from './transferFailure.ts';
import { Turnstile } from './turnstile.ts';
import { unlessAborted } from './unlessAborted.ts';

/** What a turn is for, and whether it may be taken again on another session. */
export interface Turn {
  readonly step: Step;
  /** Whether nothing is spent yet of what the turn consumes. */
  readonly isUnspent: () => boolean;
}

/** Taken once, however it ends. */
export function once(step: Step): Turn {
  return { step, isUnspent: () => false };
}

/** How another session is told of, by what it is tried with. */
const manners = { 'TLSv1.2': ' with TLS 1.2', stepByStep: ' to go step by step', anew: '' } as const;

/**
 * Who may say something on the session, and when; and which session that is: one that the server does not bear is
 * replaced by another, of TLS 1.2 or slower, before anybody sees an error. C-25
 */
export class SessionTurns {
  /** Settles when the session is gone and not replaced: with the reason, or with undefined after a `quit`. */
  readonly closed: Promise<FtpsError | undefined>;
  /** How data connections fared on the sessions that were replaced. */
  readonly replaced: DataCount[] = [];
  /** Whoever wants turns of several takes that of the lowest first: otherwise two might wait for each other. */
  readonly rank = randomUUID();
  readonly #turnstile = new Turnstile();
  #session: Session;
  #isOver = false;
  #replacing: Promise<unknown> = Promise.resolve();
  #resolveClosed: (error: FtpsError | undefined) => void = () => {};

  constructor(session: Session) {
    this.#session = session;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#watch(session);
  }

  get session(): Session {
    return this.#session;
  }

  /** Ends the session in good order: QUIT, close_notify, FIN. Never rejects. C-57 */
  quit(): Promise<void> {
    this.#isOver = true;
    void dropPrepared(this.#session);
    return this.#session.control.quit();
  }

  /** Drops the connection at once. */
  destroy(): void {
    this.#isOver = true;
    this.#session.control.destroy();
  }

  /** Says something beside what others say. */
  async beside<T>(signal: AbortSignal | undefined, say: (session: Session) => Promise<T>): Promise<T> {
    const leave = await this.#enter('command', false, signal);
    const said = say(this.#session).catch(rethrow);
    said.then(leave, leave);
    return unlessAborted(said, 'command', signal);
  }

  /** Has the control connection to itself until every reply is in, even if the caller no longer waits for them. */
  async alone<T>(
    turn: Turn,
    signal: AbortSignal | undefined,
    act: (session: Session) => Promise<T>,
  ): Promise<T> {
    const leave = await this.#enter(turn.step, true, signal);
    const done = this.#actResumably(turn, signal, act).catch(rethrow);
    this.#replacing = done.catch(() => undefined);
    const quiet = (): Promise<void> => this.#session.control.quiet();
    void done.then(quiet, quiet).then(leave);
    return unlessAborted(done, turn.step, signal);
  }

  async #actResumably<T>(
    { isUnspent }: Turn,
    signal: AbortSignal | undefined,
    act: (session: Session) => Promise<T>,
  ): Promise<T> {
    const old = this.#session;
    try {
      return await act(old);
    } catch (error) {
      if (!(error instanceof FtpsError) || error.retryWith === undefined) throw error;
      const { retryWith } = error;
      if (retryWith === 'TLSv1.2') old.traits.boundToTls12 = true;
      if (signal?.aborted || this.#isOver || !isUnspent()) throw error;
      old.log.warn(`Connecting again${manners[retryWith]}, because: ${error.message}`);
      const again = async (): Promise<T> => act(await this.#replace(old, error, signal));
      switch (retryWith) {
        case 'TLSv1.2':
          return await seeWhetherItHelps(old.traits, 'boundToTls12', again, unresumedRefusals);
        case 'stepByStep':
          return await seeWhetherItHelps(old.traits, 'stepByStep', again);
        case 'anew':
          return await again();
      }
    }
  }

  async #replace(old: Session, refused: FtpsError, signal?: AbortSignal): Promise<Session> {
    const fresh = await this.#openInstead(old, signal).catch((error: unknown) => {
      // A server without TLS 1.2 has said all there is to say.
      throw error instanceof FtpsError && error.kind === 'tls' ? refused : error;
    });
    try {
      await keepPrivate(fresh, old);
      if (this.#isOver) throw closedError();
    } catch (error) {
      fresh.control.destroy();
      throw error;
    }
    this.#session = fresh;
    this.replaced.push(old.data);
    this.#watch(fresh);
    await old.control.quit();
    return fresh;
  }

  /** @throws FtpsError; where the server bears no session beside the old one, that is gone by then */
  async #openInstead(old: Session, signal?: AbortSignal): Promise<Session> {
    const options = { ...old.options, traits: old.traits };
    try {
      return await openSession(options, signal);
    } catch (error) {
      const needsRoom = error instanceof FtpsError && error.kind === 'tooManySessions';
      if (!needsRoom || this.#isOver || signal?.aborted) throw error;
      await old.control.quit();
      return await openSession(options, signal);
    }
  }

  #watch(session: Session): void {
    void session.control.closed.then(async (reason) => {
      // It may be about to be replaced.
      await this.#replacing;
      if (this.#session === session) this.#resolveClosed(reason);
    });
  }

  async #enter(step: Step, exclusive: boolean, signal?: AbortSignal): Promise<() => void> {
    try {
      return await this.#turnstile.enter(exclusive, signal);
    } catch {
      throw aborted(step, signal);
    }
  }
}

/** C-18: what was to travel in private does so on another session too, whatever the profile begins with. */
async function keepPrivate(fresh: Session, old: Session): Promise<void> {
  if (old.protection === 'P' && fresh.protection === 'C') await chooseProtection(fresh, 'P');
}

/**
 * Goes on like this with the server only where it has helped: otherwise it was something else.
 * @param refusals the answers that show that it has not; any other shows that it has
 */
async function seeWhetherItHelps<T>(
  traits: ServerTraits,
  trait: 'boundToTls12' | 'stepByStep',
  act: () => Promise<T>,
  refusals: ReadonlySet<number> = new Set(),
): Promise<T> {
  traits[trait] = true;
  try {
    return await act();
  } catch (error) {
    const code = error instanceof FtpsError ? error.reply?.code : undefined;
    if (code === undefined || refusals.has(code)) traits[trait] = false;
    throw error;
  }
}

function rethrow(error: unknown): never {
  throw error instanceof ProtocolError ? asFtpsError(error, 'command', 'its answer was read') : error;
}
