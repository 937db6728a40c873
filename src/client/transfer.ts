import type { Duplex } from 'node:stream';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { DataConnection } from './dataConnection.ts';
import { aborted, FtpsError, reasonOf, refusal } from './errors.ts';
import type { Expectation } from './expectation.ts';
import { announced, borne, briefly, helloLeavesEarly } from './firstWord.ts';
import { IdleWatch } from './idleWatch.ts';
import { interrupt } from './interrupt.ts';
import { keepAlive } from './keepAlive.ts';
import { pipelines } from './pipelining.ts';
import { dropPrepared, prepareRoute } from './preparedRoute.ts';
import { settleProtection } from './protection.ts';
import { type SaidTransfer, sayTransfer } from './saidTransfer.ts';
import type { Session } from './session.ts';
import { type Attempt, blame, isAhead, newAttempt, remedyFor } from './transferDoubt.ts';
import { judgeCut, transferRefusal, unresumedRefusals } from './transferFailure.ts';

export interface Transfer {
  readonly verb: 'LIST' | 'MLSD' | 'RETR' | 'STOR' | 'APPE' | 'STOU';
  readonly argument?: string | undefined;
  /** Restart marker in bytes; sent as REST right before the command. C-41 */
  readonly offset?: number | undefined;
  /** Says what leaves right before the command, in one piece with it; what it throws is the failure of the transfer. */
  readonly lead?: () => void;
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
 * What the server does not bear ahead of its word is done again step by step, as long as nothing has moved.
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
  const attempt = newAttempt(!pipelines(session));
  try {
    const replies = await runOnce(session, transfer, attempt, signal);
    if (isAhead(attempt)) session.traits.aheadProven = true;
    void prepareRoute(session);
    return replies;
  } catch (error) {
    const remedy = signal?.aborted ? undefined : remedyFor(session, attempt, error);
    if (remedy !== 'here') throw remedy ?? error;
    session.log.debug(`saying ${verb} again, step by step, after ${reasonOf(error)}`);
    const replies = await runOnce(session, transfer, newAttempt(true), signal);
    blame(session, attempt);
    return replies;
  }
}

async function runOnce(
  session: Session,
  transfer: Transfer,
  attempt: Attempt,
  signal?: AbortSignal,
): Promise<TransferReplies> {
  const { offset } = transfer;
  await settleProtection(session);
  const connection = await openConnection(session, attempt, signal);
  attempt.connection = connection;
  let said: SaidTransfer | undefined;
  let interruption: Promise<void> | undefined;
  try {
    // C-18: the level may have changed since the port was asked for.
    await settleProtection(session);
    if (offset) await restart(session, offset, signal);
    attempt.helloIsEarly = !attempt.isBare && connection.isToBeSecured && helloLeavesEarly(session);
    said = sayTransfer(session, transfer, attempt.isBare);
    const { command } = said;
    const onAbort = (): void => {
      // ABOR may be answered before what is due behind the transfer, or instead.
      void dropPrepared(session);
      interruption = interrupt(session, command);
    };
    await moveData(session, said, transfer, attempt, connection, onAbort, signal);
    said.arm();
    const final = await said.final;
    if (!succeeded(final)) throw transferRefusal(session, transfer, final, connection);
    if (downloads(transfer) && !connection.endedOrderly) await judgeCut(session, transfer, attempt.bytes);
    connection.leave();
    if (connection.isUnresumed) session.traits.bearsUnresumed = true;
    return { preliminary: await command.preliminary, final };
  } catch (error) {
    connection.destroy(error);
    // The server still owes a reply; it may not take long now that the data connection is gone. C-36
    said?.arm('close');
    await interruption;
    if (offset && said) await forgetMarker(session, said.command);
    throw error;
  }
}

async function openConnection(
  session: Session,
  attempt: Attempt,
  signal?: AbortSignal,
): Promise<DataConnection> {
  session.isOpeningData = true;
  attempt.isAskedAhead = !attempt.isBare && session.prepared !== undefined;
  try {
    if (attempt.isBare) await dropPrepared(session);
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
): Promise<TransferReplies> {
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
    return await runTransfer(session, watched, signal);
  } catch (error) {
    if (!mayComeOfResumption(error) || !untouched || !session.control.isOpen) throw error;
    session.log.debug(`repeating ${transfer.verb} after ${error.message}`);
    return runTransfer(session, transfer, signal).catch((again: unknown) => {
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

/** Servers keep the marker of a transfer that they refuse, however late, for whichever comes next. C-41 */
async function forgetMarker({ control }: Session, said?: Expectation): Promise<void> {
  const isUsed = (await said?.preliminary) !== undefined;
  if (!isUsed && control.isOpen) await control.send('REST', '0', { step: 'transfer' }).catch(() => undefined);
}

async function moveData(
  session: Session,
  said: SaidTransfer,
  transfer: Transfer,
  attempt: Attempt,
  connection: DataConnection,
  onInterrupt: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const { command } = said;
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
  said.final.then(
    (reply) => {
      if (!succeeded(reply)) stop.abort(transferRefusal(session, transfer, reply, connection));
    },
    (error: unknown) => stop.abort(error),
  );
  const isUpload = !downloads(transfer);
  const idle = new IdleWatch(session, (error) => stop.abort(error));
  const moved = (bytes: number): void => {
    attempt.bytes += bytes;
    attempt.isTouched = true;
    idle.moved();
  };
  let stopKeepAlive = (): void => {};
  try {
    if (!attempt.helloIsEarly) await announced(session, command, broken);
    // From here on the data connection is watched instead. C-54
    command.suspend();
    const stream = await Promise.race([
      connection.start(downloads(transfer) ? 'reading' : 'writing', stop.signal),
      broken,
    ]);
    // What can be read only once is not touched before the server takes it.
    if (attempt.helloIsEarly && isUpload) await announced(session, command, broken);
    // A server that is merely slow has spoken by now.
    const wasAwaited = connection.isSecured && (isUpload || !attempt.helloIsEarly);
    if (wasAwaited && !command.isAnnounced) session.traits.preliminaryFirst = false;
    idle.start();
    stopKeepAlive = keepAlive(session);
    if (isUpload) await borne(session, connection, said, stream, broken);
    stop.signal.throwIfAborted();
    attempt.isTouched ||= isUpload;
    await Promise.race([transfer.move(stream, moved, stop.signal), broken]);
    if (isUpload) idle.written(attempt.bytes);
    // C-39: what is written may take long to arrive; the time limit of the reply does not run before it has.
    await Promise.race([connection.peerEnded, said.final, broken]);
  } catch (error) {
    connection.destroy();
    if (stop.signal.aborted) throw stop.signal.reason;
    if (!isLineBreak(error)) throw error;
    // When the peer's data end breaks, its reply tells why, if it is on its way; the connection's error does not.
    said.arm('close');
    const due = said.final.catch(() => undefined);
    // Of a server that took the ClientHello amiss, none comes.
    const isAmiss = attempt.helloIsEarly && !connection.isSecured;
    const reply = await (isAmiss ? briefly(session, due) : due);
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
