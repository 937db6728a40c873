import type { Duplex } from 'node:stream';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { DataConnection } from './dataConnection.ts';
import { aborted, asFtpsError, FtpsError, refusal } from './errors.ts';
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
  /** Moves the bytes; resolves when the data is over at this end, and reports each step to `moved`. */
  readonly move: (stream: Duplex, moved: (bytes: number) => void, signal: AbortSignal) => Promise<void>;
}

/**
 * Runs one transfer on the session, alone: opens the data connection, says the command, secures the connection, moves
 * the data, and is done when the data has ended AND the final reply is in, whichever comes first. C-33 … C-39
 * @param release called once the control connection is free again, which may be after the promise has settled.
 */
export async function runTransfer(
  session: Session,
  transfer: Transfer,
  release: () => void,
  signal?: AbortSignal,
): Promise<void> {
  let command: Expectation | undefined;
  let connection: DataConnection | undefined;
  try {
    connection = await DataConnection.open(session, signal);
    if (transfer.offset) await restart(session, transfer.offset);
    command = session.control.begin(transfer.verb, transfer.argument, { step: 'transfer' });
    await moveData(session, connection, command, transfer, signal);
    command.arm();
    const reply = await command.final;
    if (replyClass(reply.code) !== 'completion') throw transferRefusal(session, transfer, reply);
    if (!connection.endedOrderly) throw truncation(transfer);
  } catch (error) {
    connection?.destroy();
    // The server still owes a reply; it may not take long now that the data connection is gone. C-36
    command?.arm('close');
    throw asFtpsError(error, 'transfer', `${transfer.verb} was under way`);
  } finally {
    if (command) void command.final.then(release, release);
    else release();
  }
}

/**
 * Runs a transfer that may be said twice, and says it once more when its data connection was refused before a byte had
 * moved: by then a newer session to resume is at hand. C-17, C-25
 */
export async function runRepeatable(
  session: Session,
  transfer: Transfer,
  enter: () => Promise<() => void>,
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
    await runTransfer(session, watched, await enter(), signal);
  } catch (error) {
    const refused = error instanceof FtpsError && unresumedRefusals.has(error.reply?.code ?? 0);
    if (!refused || !untouched || !session.control.isOpen) throw error;
    session.log.debug(`repeating ${transfer.verb} after ${error.message}`);
    await runTransfer(session, transfer, await enter(), signal);
  }
}

async function restart(session: Session, offset: number): Promise<void> {
  const reply = await session.control.send('REST', String(offset), { step: 'transfer' });
  if (reply.code !== 350) throw refusal('transfer', 'to continue a transfer (REST)', reply);
}

async function moveData(
  session: Session,
  connection: DataConnection,
  command: Expectation,
  transfer: Transfer,
  signal?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(aborted('transfer', signal));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  // A final reply that is no success ends the waiting for data, wherever the transfer stands.
  command.final.then(
    (reply) => {
      if (reply.code >= 400) stop.abort(transferRefusal(session, transfer, reply));
    },
    (error: unknown) => stop.abort(error),
  );
  const idle = new IdleWatch(session, (error) => stop.abort(error));
  const broken = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => {
      connection.destroy();
      reject(stop.signal.reason);
    });
  });
  try {
    await Promise.race([announced(session, command), broken]);
    const stream = await Promise.race([connection.start(stop.signal), broken]);
    command.suspend();
    idle.start();
    await Promise.race([transfer.move(stream, idle.moved, stop.signal), broken]);
  } catch (error) {
    // When the peer's data end breaks, its reply tells why, if it is on its way; the connection's error does not.
    connection.destroy();
    if (stop.signal.aborted) throw stop.signal.reason;
    command.arm('close');
    const reply = await command.final.catch(() => undefined);
    throw reply && reply.code >= 400 ? transferRefusal(session, transfer, reply) : error;
  } finally {
    idle.stop();
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Waits for the first word about the transfer. Some servers give none before TLS is up, so the wait is short, and not
 * repeated for a server that needed it. Never wait for the handshake before the command: that deadlocks. C-33, C-34
 */
async function announced(session: Session, command: Expectation): Promise<void> {
  if (!session.tls || session.protection === 'C' || !session.data.preliminaryFirst) return;
  let cancel = (): void => {};
  const patience = new Promise<void>((resolve) => {
    cancel = session.clock.after(preliminaryPatience, () => {
      session.data.preliminaryFirst = false;
      resolve();
    });
  });
  await Promise.race([command.preliminary, patience]);
  cancel();
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
