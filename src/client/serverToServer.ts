import { formatPort, parsePasv } from '../protocol/address.ts';
import { replyClass } from '../protocol/reply.ts';
import { firstLine, FtpsError, refusal } from './errors.ts';
import type { Expectation } from './expectation.ts';
import { dropPrepared } from './preparedRoute.ts';
import { settleProtection } from './protection.ts';
import type { Session } from './session.ts';

/**
 * Has one server hand a file to another. Under level P neither of them would be the TLS client, so that is refused
 * before anything is said. Securing FTP with TLS §6, C-27. Must be alone on both sessions.
 * @throws FtpsError `unsupported` at level P
 */
export async function copyBetween(from: Session, path: string, to: Session, target: string): Promise<void> {
  for (const session of [from, to]) {
    if (session.tls && (session.protection === 'P' || session.protectionIsDue)) {
      const message =
        'Files cannot go from server to server while data is protected: neither could begin TLS.';
      throw new FtpsError('unsupported', 'transfer', message);
    }
    await settleProtection(session);
  }
  await Promise.all([dropPrepared(from), dropPrepared(to)]);
  from.control.check('RETR', path);
  to.control.check('STOR', target);
  const passive = await from.control.send('PASV');
  if (passive.code !== 227) throw refusal('dataConnect', 'a data connection', passive);
  // C-30: the port is the server's to choose, the address is not.
  const { port } = parsePasv(firstLine(passive));
  const active = await to.control.send('PORT', formatPort({ host: from.control.remoteAddress, port }));
  if (replyClass(active.code) !== 'completion') throw refusal('dataConnect', 'the data connection', active);
  const [stored, retrieved] = [to.control.begin('STOR', target), from.control.begin('RETR', path)];
  const outcomes = await Promise.allSettled([bothOrNone(stored, retrieved), bothOrNone(retrieved, stored)]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // What one server says goes before what becomes of the other, which waited for it.
  const told = failures.find((error) => error instanceof FtpsError && error.kind !== 'timeout');
  if (failures.length > 0) throw told ?? failures[0];
}

/** No limit runs while both are at it; once one has failed, the other will not wait for it for long. */
async function bothOrNone(half: Expectation, other: Expectation): Promise<void> {
  half.suspend();
  try {
    const reply = await half.final;
    if (replyClass(reply.code) !== 'completion') throw refusal('transfer', 'to hand over the file', reply);
  } catch (error) {
    other.arm('close');
    throw error;
  }
}
