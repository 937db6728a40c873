import { formatPort, parsePasv } from '../protocol/address.ts';
import { replyClass } from '../protocol/reply.ts';
import { aborted, firstLine, FtpsError, refusal } from './errors.ts';
import type { Expectation } from './expectation.ts';
import { interrupt } from './interrupt.ts';
import { dropPrepared } from './preparedRoute.ts';
import { settleProtection } from './protection.ts';
import type { Session } from './session.ts';
import { once, type SessionTurns } from './sessionTurns.ts';

/** Milliseconds that two servers get for a file: what moves between them is not seen here. */
const longestCopy = 24 * 60 * 60 * 1000;

/** `copyBetween`, alone on both sessions, until all is said of it. */
export async function copyInTurn(
  from: SessionTurns,
  path: string,
  to: SessionTurns,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const turn = once('transfer');
  const [first, second] = from.rank < to.rank ? [from, to] : [to, from];
  let copying: Promise<void> = Promise.resolve();
  const copy = (): Promise<void> => {
    copying = copyBetween(from.session, path, to.session, target, signal);
    return copying;
  };
  return first.alone(turn, signal, async () => {
    try {
      await second.alone(turn, signal, copy);
    } finally {
      await copying.catch(() => undefined);
    }
  });
}

/**
 * Has one server hand a file to another. Under level P neither of them would be the TLS client, so that is refused
 * before anything is said. Securing FTP with TLS §6, C-27. Must be alone on both sessions.
 * @throws FtpsError `unsupported` at level P
 */
async function copyBetween(
  from: Session,
  path: string,
  to: Session,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
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
  if (signal?.aborted) throw aborted('transfer', signal);
  const [stored, retrieved] = [to.control.begin('STOR', target), from.control.begin('RETR', path)];
  const interruptions: Promise<void>[] = [];
  const onAbort = (): void => void interruptions.push(interrupt(from, retrieved), interrupt(to, stored));
  signal?.addEventListener('abort', onAbort, { once: true });
  const stopTimer = from.clock.after(longestCopy, () => {
    for (const { control } of [from, to]) control.destroy(endless());
  });
  const outcomes = await Promise.allSettled([
    bothOrNone(stored, retrieved, signal),
    bothOrNone(retrieved, stored, signal),
  ]);
  stopTimer();
  signal?.removeEventListener('abort', onAbort);
  await Promise.all(interruptions);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // What one server says goes before what becomes of the other, which waited for it.
  const told = failures.find((error) => error instanceof FtpsError && error.kind !== 'timeout');
  if (failures.length > 0) throw told ?? failures[0];
}

/** C-54: no limit runs while both are at it; once one is done or has failed, the other will not take long. */
async function bothOrNone(half: Expectation, other: Expectation, signal?: AbortSignal): Promise<void> {
  try {
    await half.preliminary;
    if (other.isSettled) half.arm('dataIdle');
    else if (!signal?.aborted) half.suspend();
    const reply = await half.final;
    if (replyClass(reply.code) !== 'completion') throw refusal('transfer', 'to hand over the file', reply);
    other.arm('dataIdle');
  } catch (error) {
    other.arm('close');
    throw error;
  }
}

function endless(): FtpsError {
  const message = 'The servers have not handed over the file within a day. Try again.';
  return new FtpsError('timeout', 'transfer', message, { limit: 'dataIdle' });
}
