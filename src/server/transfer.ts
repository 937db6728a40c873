import { addAbortListener } from 'node:events';
import type { Socket } from 'node:net';
import type { Received } from './commandLines.ts';
import type { Answer } from './commands/command.ts';
import { DataConnection, type Direction, StalledError } from './dataConnection.ts';
import { errorCode, replyToFailure } from './folderError.ts';
import type { Session } from './session.ts';

export interface Transfer {
  readonly direction: Direction;
  /** The text of the preliminary reply. */
  readonly announcement: string;
  /** Moves the bytes. Files are opened here, and not before: S-15. */
  readonly run: (connection: DataConnection, signal: AbortSignal) => Promise<Answer>;
}

const WITHOUT_ADDRESS: Answer = [425, 'Use EPSV, PASV, EPRT or PORT first.'];
const NOT_OPENED: Answer = [425, 'The data connection was not opened.'];
const NO_HANDSHAKE: Answer = [522, 'The TLS handshake of the data connection failed.'];
const NOT_RESUMED: Answer = [
  522,
  'The data connection has to resume the TLS session of the control connection.',
];
const OTHER_CERTIFICATE: Answer = [
  522,
  'The data connection has to show the certificate of the control connection.',
];
const ABORTED: Answer = [426, 'The transfer was aborted.'];

/** S-13: the reply that a transfer gets before all else, if the session may not have one. */
export function refusal(session: Session): Answer | undefined {
  if (session.settings.requireProtection && session.state.protection === 'C') {
    return [521, 'Data connections have to be protected: PROT P.'];
  }
  return session.port.ready ? undefined : WITHOUT_ADDRESS;
}

/** One transfer, which nothing was to be said against, from its preliminary to its final reply. */
export async function transfer(session: Session, plan: Transfer): Promise<Answer> {
  await session.reply([150, plan.announcement]);
  const abort = new AbortController();
  const over = new AbortController();
  const [answer, aborted] = await Promise.all([
    perform(session, plan, abort.signal).finally(() => over.abort()),
    heed(session, abort, over.signal),
  ]);
  if (!aborted) return answer;
  // What was whole already stays so.
  await session.reply(answer[0] === 226 ? answer : ABORTED);
  return [226, 'Aborted.'];
}

/**
 * Answers what may interrupt a transfer, one after another, so that who reads no replies has to wait (S-23). Ends the
 * transfer on ABOR, which the answer tells, and when the client is gone.
 */
async function heed(session: Session, abort: AbortController, over: AbortSignal): Promise<boolean> {
  while (!over.aborted) {
    const next = await session.channel.next(interrupts, over);
    if (!next) break;
    if ('verb' in next && next.verb === 'ABOR') {
      abort.abort();
      return true;
    }
    await session.reply([211, 'A transfer is running.']);
  }
  if (session.channel.ended) abort.abort();
  return false;
}

/** S-24: during a transfer only ABOR, and STAT without a path, are answered at once. */
function interrupts(received: Received): boolean {
  if (!('verb' in received)) return false;
  return received.verb === 'ABOR' || (received.verb === 'STAT' && received.argument.trim() === '');
}

async function perform(session: Session, plan: Transfer, signal: AbortSignal): Promise<Answer> {
  const from = { host: session.channel.localAddress, port: session.settings.activePort };
  const socket = await session.port.open(from, session.limit('dataConnect'), signal);
  if (!socket) return NOT_OPENED;
  using _ = addAbortListener(signal, () => socket.destroy());
  try {
    const connection = await connected(session, socket, plan.direction);
    if (!connection) return NO_HANDSHAKE;
    const unacceptable = session.state.protection === 'P' ? judged(session, connection) : undefined;
    if (unacceptable) void connection.close();
    if (signal.aborted) return ABORTED;
    return unacceptable ?? (await plan.run(connection, signal));
  } catch (error) {
    socket.destroy();
    if (error instanceof StalledError) return [426, 'The data connection stood still for too long.'];
    return isConnectionFailure(error) ? [426, 'The data connection broke off.'] : replyToFailure(error);
  }
}

/** S-14: nothing when the handshake fails; the data connection is then gone. */
async function connected(
  session: Session,
  socket: Socket,
  direction: Direction,
): Promise<DataConnection | undefined> {
  const terms = {
    handshake: session.limit('handshake'),
    idle: session.limit('dataIdle'),
    close: session.limit('dataClose'),
    faults: session.faults,
  };
  if (session.state.protection === 'C') return DataConnection.clear(socket, terms);
  await session.faults.handshake('data', session.wait);
  try {
    return await DataConnection.secure(socket, session.dataIdentity, direction, terms);
  } catch {
    socket.destroy();
    return undefined;
  }
}

/** What is wrong with a data connection that is up. Who only guessed the port has neither session nor key. */
function judged(session: Session, connection: DataConnection): Answer | undefined {
  session.dataConnections += 1;
  if (connection.resumed) session.resumed += 1;
  // S-15
  else if (session.settings.requireSessionReuse) return NOT_RESUMED;
  // S-18
  const same = connection.certificate?.fingerprint256 === session.certificate?.fingerprint256;
  return same ? undefined : OTHER_CERTIFICATE;
}

/** Told apart from failures of the file system, which have replies of their own. */
function isConnectionFailure(error: unknown): boolean {
  return /^(ECONN|EPIPE|ETIMEDOUT|EPROTO|ERR_STREAM|ERR_SSL|ABORT_ERR)/.test(errorCode(error));
}
