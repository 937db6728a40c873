import type { Duplex } from 'node:stream';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { DataConnection } from './dataConnection.ts';
import { aborted, FtpsError, refusal } from './errors.ts';
import type { Expectation } from './expectation.ts';
import { IdleWatch } from './idleWatch.ts';
import { interrupt } from './interrupt.ts';
import { keepAlive } from './keepAlive.ts';
import { settleProtection } from './protection.ts';
import { lineBreak } from './pump.ts';
import type { Session } from './session.ts';
import { judgeCut, transferRefusal, unresumedRefusals } from './transferFailure.ts';

/** How long, in milliseconds, to wait for a word of the server before going on without it. C-33, C-34 */
const serverPatience = 500;

export interface Transfer {
  readonly verb: 'LIST' | 'MLSD' | 'RETR' | 'STOR' | 'APPE' | 'STOU';
  readonly argument?: string | undefined;
  /** Restart marker in bytes; sent as REST right before the command. C-41 */
  readonly offset?: number | undefined;
  /** Bytes that have come in this transfer. */
  readonly received?: () => number;
  /**
   * Moves the bytes; resolves when the data is over at this end, and reports each step to `moved`.
   * @throws FtpsError `dataConnection` when the connection broke; whatever else it throws is this end's own failure
   */
  readonly move: (stream: Duplex, moved: (bytes: number) => void, signal: AbortSignal) => Promise<void>;
}

/** What the server said of a transfer that succeeded. */
interface TransferReplies {
  readonly preliminary: Reply | undefined;
  readonly final: Reply;
}

/**
 * Runs one transfer on the session, which must be alone on it: opens the data connection, says the command, secures the
 * connection, moves the data, and is done when the data has ended AND the final reply is in, whichever comes first.
 * On failure the final reply may still be due: `control.quiet` tells when it is in. C-33 … C-39
 */
export async function runTransfer(
  session: Session,
  transfer: Transfer,
  signal?: AbortSignal,
): Promise<TransferReplies> {
  const { verb, argument, offset } = transfer;
  if (offset !== undefined && !(Number.isSafeInteger(offset) && offset >= 0)) {
    throw new FtpsError('invalidArgument', 'transfer', `${offset} is no place in a file to continue from.`);
  }
  if (argument !== undefined) session.control.check(verb, argument);
  await settleProtection(session);
  const connection = await openConnection(session, signal);
  let command: Expectation | undefined;
  let interruption: Promise<void> | undefined;
  try {
    // C-18: the level may have changed since the port was asked for.
    await settleProtection(session);
    if (offset) await restart(session, offset, signal);
    const said = session.control.begin(verb, argument, { step: 'transfer' });
    command = said;
    const onAbort = (): void => {
      interruption = interrupt(session, said);
    };
    await moveData(session, connection, said, transfer, onAbort, signal);
    said.arm();
    const final = await said.final;
    if (!succeeded(final)) throw transferRefusal(session, transfer, final, connection);
    if (downloads(transfer) && !connection.endedOrderly) await judgeCut(session, transfer);
    connection.leave();
    if (connection.isUnresumed) session.traits.bearsUnresumed = true;
    return { preliminary: await said.preliminary, final };
  } catch (error) {
    connection.destroy();
    // The server still owes a reply; it may not take long now that the data connection is gone. C-36
    if (interruption) await interruption;
    else command?.arm('close');
    if (offset && command?.isSettled && !command.isAnnounced) await forgetMarker(session);
    throw error;
  }
}

async function openConnection(session: Session, signal?: AbortSignal): Promise<DataConnection> {
  session.isOpeningData = true;
  try {
    return await DataConnection.open(session, signal);
  } finally {
    session.isOpeningData = false;
  }
}

/**
 * Runs a transfer that may be said twice, and says it once more when its data connection was refused before a byte had
 * moved: by then a newer session to resume is at hand. C-17, C-25
 */
export async function runRepeatable(
  session: Session,
  transfer: Transfer,
  signal?: AbortSignal,
): Promise<void> {
  let untouched = true;
  const watched: Transfer = {
    ...transfer,
    move: (stream, moved, stop) =>
      transfer.move(
        stream,
        (bytes) => {
          untouched = false;
          moved(bytes);
        },
        stop,
      ),
  };
  try {
    await runTransfer(session, watched, signal);
  } catch (error) {
    if (!mayComeOfResumption(error) || !untouched || !session.control.isOpen) throw error;
    session.log.debug(`repeating ${transfer.verb} after ${error.message}`);
    await runTransfer(session, transfer, signal).catch((again: unknown) => {
      // Some servers drop the session with such a refusal: that is what has to be told.
      throw again instanceof FtpsError && again.kind === 'closed' ? error : again;
    });
  }
}

function mayComeOfResumption(error: unknown): error is FtpsError {
  if (!(error instanceof FtpsError) || !unresumedRefusals.has(error.reply?.code ?? 0)) return false;
  // C-31: before the transfer, 522 is about the address family, and a transient refusal was asked about again.
  return error.step === 'transfer';
}

async function restart(session: Session, offset: number, signal?: AbortSignal): Promise<void> {
  const reply = await session.control.send('REST', String(offset), { step: 'transfer' });
  if (reply.code !== 350) throw refusal('transfer', 'to continue a transfer (REST)', reply);
  if (!signal?.aborted) return;
  await forgetMarker(session);
  throw aborted('transfer', signal);
}

/** Servers keep the marker of a refused transfer for whichever comes next. C-41 */
async function forgetMarker({ control }: Session): Promise<void> {
  if (control.isOpen) await control.send('REST', '0', { step: 'transfer' }).catch(() => undefined);
}

async function moveData(
  session: Session,
  connection: DataConnection,
  command: Expectation,
  transfer: Transfer,
  onInterrupt: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const broken = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => {
      connection.destroy();
      reject(stop.signal.reason);
    });
  });
  broken.catch(() => {});
  const onAbort = (): void => {
    // C-40: ABOR goes first, then the data stops.
    onInterrupt();
    stop.abort(aborted('transfer', signal));
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  // A final reply that is no success ends the waiting for data, wherever the transfer stands.
  command.final.then(
    (reply) => {
      if (!succeeded(reply)) stop.abort(transferRefusal(session, transfer, reply, connection));
    },
    (error: unknown) => stop.abort(error),
  );
  const idle = new IdleWatch(session, (error) => stop.abort(error));
  let stopKeepAlive = (): void => {};
  try {
    await announced(session, command, broken);
    // From here on the data connection is watched instead. C-54
    command.suspend();
    const stream = await Promise.race([connection.start(downloads(transfer) ? 'reading' : 'writing', stop.signal), broken]);
    // A server that is merely slow has spoken by now.
    if (!command.isAnnounced) session.traits.preliminaryFirst = false;
    idle.start();
    stopKeepAlive = keepAlive(session);
    if (!downloads(transfer)) await borne(session, connection, command, stream, broken);
    stop.signal.throwIfAborted();
    await Promise.race([transfer.move(stream, idle.moved, stop.signal), broken]);
    // C-39: what is written may take long to arrive; the time limit of the reply does not run before it has.
    await Promise.race([connection.peerEnded, command.final, broken]);
  } catch (error) {
    connection.destroy();
    if (stop.signal.aborted) throw stop.signal.reason;
    if (!isLineBreak(error)) throw error;
    // When the peer's data end breaks, its reply tells why, if it is on its way; the connection's error does not.
    command.arm('close');
    const reply = await command.final.catch(() => undefined);
    throw reply && !succeeded(reply) ? transferRefusal(session, transfer, reply, connection) : error;
  } finally {
    idle.stop();
    stopKeepAlive();
    signal?.removeEventListener('abort', onAbort);
  }
}

function isLineBreak(error: unknown): boolean {
  return error instanceof FtpsError && (error.kind === 'tls' || error.kind === 'dataConnection');
}

function succeeded(reply: Reply): boolean {
  return replyClass(reply.code) === 'completion';
}

function downloads(transfer: Transfer): boolean {
  return transfer.verb === 'RETR' || transfer.verb === 'LIST' || transfer.verb === 'MLSD';
}

/**
 * Waits for the first word about the transfer. Some servers give none before TLS is up, so the wait is short, and not
 * repeated for a server that needed it. Never wait for the handshake before the command: that deadlocks. C-33, C-34
 */
async function announced(session: Session, command: Expectation, broken: Promise<never>): Promise<void> {
  const { preliminaryReply = 'auto' } = session.options;
  if (!session.tls || session.protection === 'C' || preliminaryReply === 'ignored') return;
  if (preliminaryReply === 'auto' && !session.traits.preliminaryFirst) return;
  await briefly(session, Promise.race([command.preliminary, broken]));
}

/**
 * A full handshake may be what the server refuses next: what can be read only once is not touched before that. Some
 * servers end the data connection first, and wait for its end at this side before they say why. C-25
 */
async function borne(
  session: Session,
  connection: DataConnection,
  command: Expectation,
  stream: Duplex,
  broken: Promise<never>,
): Promise<void> {
  const { traits, tls } = session;
  if (!connection.isUnresumed || traits.bearsUnresumed || !tls?.mayFallBack) return;
  let isOver = false;
  const over = connection.peerEnded.then(() => {
    isOver = true;
  });
  stream.resume();
  await briefly(session, Promise.race([command.final, over, broken]));
  if (!isOver) return;
  stream.end();
  command.arm('close');
  await Promise.race([command.final, broken]);
  // It would take nothing for the whole: next time nobody waits.
  traits.bearsUnresumed = true;
  throw lineBreak(new Error('the server closed it before anything was sent'));
}

async function briefly(session: Session, awaited: Promise<unknown>): Promise<void> {
  let cancel = (): void => {};
  const patience = new Promise<void>((resolve) => {
    cancel = session.clock.after(serverPatience, resolve);
  });
  try {
    await Promise.race([awaited, patience]);
  } finally {
    cancel();
  }
}
