import type { Socket } from 'node:net';
import { type Reply, replyClass } from '../protocol/reply.ts';
import type { DataRoute } from './dataRoute.ts';
import { aborted, FtpsError, quoted, reasonOf, refusal } from './errors.ts';
import type { Expectation } from './expectation.ts';
import { dialPassive, isPassive, namedAddress, passiveCommand } from './passiveRoute.ts';
import { pipelines } from './pipelining.ts';
import type { Session } from './session.ts';

const step = 'dataConnect';

/** How long, in milliseconds, an opened connection waits for a transfer before it is given up. */
const longestRest = 8_000;

/** The reply that each command hopes for; no other command is answered so. */
const hopedFor = { EPSV: 229, PASV: 227 } as const;

/** By which a transfer fails, and no passive command is refused. RFC 959 §4.2.1 */
const ofTransfersOnly: ReadonlySet<number> = new Set([426, 451, 452, 551, 552, 553]);

/**
 * Asks for a passive port before a transfer needs it, and opens its TCP connection when the reply is in; at most one a
 * session. The command is written before this returns, so that it leaves with others in one flight. Never rejects: a
 * transfer that finds nothing prepared asks by itself.
 */
export function prepareRoute(session: Session): Promise<void> {
  if (session.prepared !== undefined || !mayPrepare(session)) return Promise.resolve();
  const route = new PreparedRoute(session);
  session.prepared = route;
  return route.opening;
}

/**
 * The same right behind a transfer command, on a server that reads it only when the transfer is over.
 * @returns the reply that is due
 */
export function prepareBehind(session: Session, transfer: Expectation): Expectation | undefined {
  if (session.prepared !== undefined || !mayPrepare(session)) return undefined;
  session.prepared = new PreparedRoute(session, transfer);
  return session.prepared.asked;
}

/** Whether a reply to a transfer may have been meant for the passive command behind it. */
export function mayRefusePort({ code }: Reply): boolean {
  return code >= 400 && !ofTransfersOnly.has(code);
}

/** Hands over what is prepared, when it can still be used; whoever takes it uses it at once or abandons it. */
export async function takePrepared(session: Session, signal?: AbortSignal): Promise<DataRoute | undefined> {
  const route = session.prepared;
  if (route === undefined) return undefined;
  signal?.addEventListener('abort', route.drop, { once: true });
  try {
    await route.opening;
  } finally {
    signal?.removeEventListener('abort', route.drop);
  }
  if (session.prepared === route) session.prepared = undefined;
  if (signal?.aborted) throw aborted('dataConnect', signal);
  return route.take();
}

/** Lets go of what is prepared, once the reply that is due of it is in. For what must find the session in order. */
export async function dropPrepared(session: Session): Promise<void> {
  const route = session.prepared;
  session.prepared = undefined;
  route?.drop();
  await route?.opening;
}

function mayPrepare(session: Session): boolean {
  const { control, traits } = session;
  return pipelines(session) && traits.preparedBearable && control.isOpen && isPassive(session);
}

/** A passive data connection that is asked for, or open, and that no transfer has taken. */
export class PreparedRoute {
  /** Settles when it is open, or will never be. */
  readonly opening: Promise<void>;
  readonly asked: Expectation;
  readonly #session: Session;
  readonly #behind: Expectation | undefined;
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #silence: FtpsError | undefined;
  #stopResting = (): void => {};

  /** @param behind the transfer that is running, if any: its turn lasts until this is answered too */
  constructor(session: Session, behind?: Expectation) {
    this.#session = session;
    this.#behind = behind;
    const verb = passiveCommand(session);
    const ownCodes = new Set([hopedFor[verb]]);
    this.asked = session.control.begin(verb, undefined, {
      step,
      ownCodes,
      isAhead: behind === undefined,
    });
    this.opening = this.#open(hopedFor[verb]).catch((error: unknown) => {
      session.log.debug(`no data connection is prepared: ${reasonOf(error)}`);
      if (error instanceof FtpsError && error.limit === 'dataConnect') this.#silence = error;
      this.drop();
    });
  }

  /**
   * The connection, unless the server has closed it meanwhile, or said something on it that nobody asked for.
   * @throws FtpsError `timeout` when nobody answers there: whoever waited for that need not do so again
   */
  take(): DataRoute | undefined {
    const socket = this.#socket;
    if (this.#silence) throw this.#silence;
    if (this.#stop.signal.aborted || socket === undefined) return undefined;
    this.#stopResting();
    // Nobody may speak on it before the transfer command is said.
    if (socket.readableLength > 0) {
      this.drop();
      return undefined;
    }
    for (const event of ends) socket.off(event, this.drop);
    return { connected: async () => socket, abandon: () => void socket.destroy(), isPrepared: true };
  }

  /** Closes it; the server's end of it is replaced when the next port is asked for. */
  readonly drop = (): void => {
    this.#stop.abort();
    this.#stopResting();
    this.#socket?.destroy();
    if (this.#session.prepared === this) this.#session.prepared = undefined;
  };

  async #open(hoped: number): Promise<void> {
    const session = this.#session;
    const reply = await this.asked.final;
    await this.#judge(reply, hoped);
    session.hasRested = false;
    this.#stop.signal.throwIfAborted();
    const socket = await dialPassive(session, namedAddress(session, reply), this.#stop.signal);
    this.#socket = socket;
    if (this.#stop.signal.aborted) return this.drop();
    for (const event of ends) socket.on(event, this.drop);
    this.#stopResting = session.clock.after(longestRest, this.#giveUp);
  }

  async #judge(reply: Reply, hoped: number): Promise<void> {
    // Behind a transfer that was interrupted, anything may come. C-40
    if (this.#behind) this.#stop.signal.throwIfAborted();
    const { control, traits } = this.#session;
    if (reply.code !== hoped) {
      // C-53: a reply of something else, which came late, leaves none for what is said next.
      const isStray = ['completion', 'intermediate'].includes(replyClass(reply.code));
      const before = isStray ? await this.#behind?.final : undefined;
      const isOfTransfer = before !== undefined && mayRefusePort(before);
      if (isStray && !isOfTransfer) control.destroy(strayReply(reply));
      throw refusal(step, 'a data connection ahead', reply);
    }
    // It was read while data moved: the port that the running transfer has may be gone with it.
    if (!this.#behind || !this.asked.hasOvertaken) return;
    traits.sequential = false;
    throw strayReply(reply);
  }

  readonly #giveUp = (): void => {
    this.#session.hasRested = true;
    this.drop();
  };
}

function strayReply(reply: Reply): FtpsError {
  const message = `The server answered out of turn: ${quoted(reply)}.`;
  return new FtpsError('protocol', step, message, { reply });
}

const ends = ['end', 'error', 'close'] as const;
