import type { Duplex } from 'node:stream';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { DataConnection } from './dataConnection.ts';
import { aborted, FtpsError, refusal } from './errors.ts';
import { levelRefusal } from './levelRefusal.ts';
import type { Expectation } from './expectation.ts';
import type { Session } from './session.ts';
import { IdleWatch } from './idleWatch.ts';

/** Replies with which servers refuse a data connection that did not resume the session. C-17, C-25 */
const unresumedRefusals: ReadonlySet<number> = new Set([425, 450, 522]);

/** How long, in milliseconds, to wait for a 1xx before TLS is begun without it. C-33, C-34 */
const preliminaryPatience = 500;

export interface Transfer {
  readonly verb: 'LIST' | 'MLSD' | 'RETR' | 'STOR' | 'APPE';
  readonly argument?: string | undefined;
  /** Restart marker in bytes; sent as REST right before the command. C-41 */
  readonly offset?: number | undefined;
  /**
   * Moves the bytes; resolves when the data is over at this end, and reports each step to `moved`.
   * @throws FtpsError `dataConnection` when the connection broke; whatever else it throws is this end's own failure
   */
  readonly move: (stream: Duplex, moved: (bytes: number) => void, signal: AbortSignal) => Promise<void>;
}

/**
 * Runs one transfer on the session, which must be alone on it: opens the data connection, says the command, secures the
 * connection, moves the data, and is done when the data has ended AND the final reply is in, whichever comes first.
 * On failure the final reply may still be due: `control.quiet` tells when it is in. C-33 … C-39
 */
export async function runTransfer(session: Session, transfer: Transfer, signal?: AbortSignal): Promise<void> {
  const { verb, argument, offset } = transfer;
  if (offset !== undefined && !(Number.isSafeInteger(offset) && offset >= 0)) {
    throw new FtpsError('invalidArgument', 'transfer', `${offset} is no place in a file to continue from.`);
  }
  if (argument !== undefined) session.control.check(verb, argument);
  let command: Expectation | undefined;
  const connection = await DataConnection.open(session, signal);
  try {
    if (offset) await restart(session, offset, signal);
    command = session.control.begin(verb, argument, { step: 'transfer' });
    await moveData(session, connection, command, transfer, signal);
    command.arm();
    const reply = await command.final;
    if (!succeeded(reply)) throw transferRefusal(session, transfer, reply);
    if (downloads(transfer) && !connection.endedOrderly) throw truncation(transfer);
    connection.leave();
  } catch (error) {
    connection.destroy();
    // The server still owes a reply; it may not take long now that the data connection is gone. C-36
    command?.arm('close');
    throw error;
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
    const refused = error instanceof FtpsError && unresumedRefusals.has(error.reply?.code ?? 0);
    if (!refused || !untouched || !session.control.isOpen) throw error;
    session.log.debug(`repeating ${transfer.verb} after ${error.message}`);
    await runTransfer(session, transfer, signal);
  }
}

async function restart(session: Session, offset: number, signal?: AbortSignal): Promise<void> {
  const reply = await session.control.send('REST', String(offset), { step: 'transfer' });
  if (reply.code !== 350) throw refusal('transfer', 'to continue a transfer (REST)', reply);
  if (!signal?.aborted) return;
  // Servers keep the marker for whichever transfer comes next.
  await session.control.send('REST', '0', { step: 'transfer' });
  throw aborted('transfer', signal);
}

async function moveData(
  session: Session,
  connection: DataConnection,
  command: Expectation,
  transfer: Transfer,
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
  const onAbort = (): void => stop.abort(aborted('transfer', signal));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  // A final reply that is no success ends the waiting for data, wherever the transfer stands.
  command.final.then(
    (reply) => {
      if (!succeeded(reply)) stop.abort(transferRefusal(session, transfer, reply));
    },
    (error: unknown) => stop.abort(error),
  );
  const idle = new IdleWatch(session, (error) => stop.abort(error));
  try {
    await announced(session, command, broken);
    const stream = await Promise.race([connection.start(stop.signal), broken]);
    // A server that is merely slow has spoken by now.
    if (!command.isAnnounced) session.data.preliminaryFirst = false;
    command.suspend();
    idle.start();
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
    throw reply && !succeeded(reply) ? transferRefusal(session, transfer, reply) : error;
  } finally {
    idle.stop();
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
  return transfer.verb !== 'STOR' && transfer.verb !== 'APPE';
}

/**
 * Waits for the first word about the transfer. Some servers give none before TLS is up, so the wait is short, and not
 * repeated for a server that needed it. Never wait for the handshake before the command: that deadlocks. C-33, C-34
 */
async function announced(session: Session, command: Expectation, broken: Promise<never>): Promise<void> {
  if (!session.tls || session.protection === 'C' || !session.data.preliminaryFirst) return;
  let cancel = (): void => {};
  const patience = new Promise<void>((resolve) => {
    cancel = session.clock.after(preliminaryPatience, resolve);
  });
  try {
    await Promise.race([command.preliminary, patience, broken]);
  } finally {
    cancel();
  }
}

function transferRefusal(session: Session, transfer: Transfer, reply: Reply): FtpsError {
  return levelRefusal(session, reply) ?? refusal('transfer', transfer.verb, reply);
}

// C-38
function truncation(transfer: Transfer): FtpsError {
  return new FtpsError(
    'truncated',
    'transfer',
    `The data of ${transfer.verb} was cut short: the connection was closed without TLS's close_notify. Try again.`,
  );
}
