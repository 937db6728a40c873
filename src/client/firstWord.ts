import type { Duplex } from 'node:stream';
import type { DataConnection } from './dataConnection.ts';
import type { Expectation } from './expectation.ts';
import { pipelines } from './pipelining.ts';
import { lineBreak } from './pump.ts';
import type { Session } from './session.ts';

/** How long, in milliseconds, to wait for a word of the server before going on without it. C-33, C-34 */
const serverPatience = 500;

/**
 * Whether the TLS handshake of a data connection leaves in one flight with the transfer command, behind it, instead of
 * waiting for the server's first word. C-33
 */
export function helloLeavesEarly(session: Session): boolean {
  const { preliminaryReply = 'auto' } = session.options;
  return preliminaryReply === 'auto' && pipelines(session) && session.traits.clientHelloEarly;
}

/**
 * Waits for the first word about the transfer. Some servers give none before TLS is up, so the wait is short, and not
 * repeated for a server that needed it. Never wait for the handshake before the command: that deadlocks. C-33, C-34
 */
export async function announced(
  session: Session,
  command: Expectation,
  broken: Promise<never>,
): Promise<void> {
  const { preliminaryReply = 'auto' } = session.options;
  if (!session.tls || session.protection === 'C' || preliminaryReply === 'ignored') return;
  if (preliminaryReply === 'auto' && !session.traits.preliminaryFirst) return;
  await briefly(session, Promise.race([command.preliminary, broken]));
}

/**
 * A full handshake may be what the server refuses next: what can be read only once is not touched before that. Some
 * servers end the data connection first, and wait for its end at this side before they say why. C-25
 */
export async function borne(
  session: Session,
  connection: DataConnection,
  command: Pick<Expectation, 'final' | 'arm'>,
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

/** Waits for what the server will have done soon, if at all. @returns undefined when it was not */
export async function briefly<T>(session: Session, awaited: Promise<T>): Promise<T | undefined> {
  let cancel = (): void => {};
  const patience = new Promise<undefined>((resolve) => {
    cancel = session.clock.after(serverPatience, () => resolve(undefined));
  });
  try {
    return await Promise.race([awaited, patience]);
  } finally {
    cancel();
  }
}
