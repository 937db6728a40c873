import type { Reply } from '../protocol/reply.ts';
import type { DataConnection } from './dataConnection.ts';
import { FtpsError, quoted, refusal } from './errors.ts';
import { sizeOf } from './fileFacts.ts';
import { levelRefusal } from './levelRefusal.ts';
import { adviceFor } from './quirks.ts';
import type { Session } from './session.ts';
import type { Transfer } from './transfer.ts';

/** Replies with which servers refuse a data connection that did not resume the session. C-17, C-25 */
export const unresumedRefusals: ReadonlySet<number> = new Set([425, 450, 522]);

/** The error for a transfer that the server refused, at any moment of it. */
export function transferRefusal(
  session: Session,
  { verb }: Transfer,
  reply: Reply,
  connection: DataConnection,
): FtpsError {
  const level = levelRefusal(session, reply);
  if (level) return level;
  // A server that was seen to bear it means something else.
  const mayMeanIt = connection.isUnresumed && !session.traits.bearsUnresumed;
  if (!mayMeanIt || !unresumedRefusals.has(reply.code)) return refusal('transfer', verb, reply);
  const hint = `The data connection did not resume the TLS session. ${adviceFor('unresumedTls13')}`;
  return new FtpsError('refused', 'transfer', `The server refused ${verb}: ${quoted(reply)}. ${hint}`, {
    reply,
    retryWith: session.tls?.mayFallBack ? 'TLSv1.2' : undefined,
  });
}

/**
 * A download whose end no close_notify confirms was cut, unless the user knows that this server never says it, and
 * what came is not less than SIZE tells. C-38
 * @param bytes that have come
 * @throws FtpsError `truncated`
 */
export async function judgeCut(session: Session, transfer: Transfer, bytes: number): Promise<void> {
  if (session.options.truncation !== 'ignore') {
    const message = `The data of ${transfer.verb} was cut short: the connection was closed without TLS's close_notify. Try again. ${adviceFor('missingCloseNotify')}`;
    throw new FtpsError('truncated', 'transfer', message);
  }
  const { verb, argument, offset = 0 } = transfer;
  if (verb !== 'RETR' || argument === undefined) return;
  const size = sizeOf(await session.control.send('SIZE', argument));
  const got = offset + bytes;
  if (size === undefined || got >= size) return;
  const message = `The data of RETR was cut short: ${got} of ${size} bytes have come. Try again.`;
  throw new FtpsError('truncated', 'transfer', message);
}
