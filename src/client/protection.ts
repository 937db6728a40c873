import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted } from './errors.ts';
import { adviceFor } from './quirks.ts';
import { replyInTurn } from './replyInTurn.ts';
import type { Protection, Session } from './session.ts';

const step = 'protection';

/** Refusals that are about the moment, not about protection as such. C-14 */
const untimely: ReadonlySet<number> = new Set([503, 530, 550]);

/** PBSZ 0 and PROT P before the login; a server that wants them after it will be asked again then. C-13, C-14 */
export async function protectDataEarly(session: Session): Promise<void> {
  const reply = await sayLevel(session, 'P');
  if (reply.code !== 200 && !untimely.has(reply.code)) acceptClearOrThrow(session, reply);
}

/** PBSZ 0 and PROT P, unless level P is agreed already. C-15, C-16 */
export async function protectData(session: Session): Promise<void> {
  session.protectionIsDue = false;
  if (session.protection === 'P' && !session.protectionAssumed) return;
  const reply = replyInTurn(session, 'PROT', await sayLevel(session, 'P'));
  if (reply.code !== 200) acceptClearOrThrow(session, reply);
}

/**
 * The user's own choice of the level, at any time. C-3, C-18
 * @throws FtpsError `securityRefused` when the server keeps the level it has
 */
export async function chooseProtection(session: Session, level: Protection): Promise<void> {
  if (!session.tls) {
    throw new FtpsError('unsupported', step, 'Data cannot be protected on a connection without TLS.');
  }
  // C-28: RFC 4217 §12.3 allows neither PBSZ nor PROT behind CCC.
  if (!session.control.isSecured) {
    const message = 'The level of protection cannot change any more: the command channel was cleared (CCC).';
    throw new FtpsError('unsupported', step, message);
  }
  const reply = await sayLevel(session, level);
  if (reply.code === 200) return;
  const message = `The server refused the level of protection (PROT ${level}): ${quoted(reply)}. It stays as it was (${session.protection}).`;
  throw new FtpsError('securityRefused', step, message, { reply });
}

/** Says what is due before the first transfer (C-13), and lets no data travel in clear that must not. C-18 */
export async function settleProtection(session: Session): Promise<void> {
  if (session.protectionIsDue) await protectData(session);
  await session.protectionChange;
  const { tls, protection, options } = session;
  if (!tls || protection === 'P' || options.requireProtectedData === false) return;
  const never =
    options.login?.protection === 'never' ? ' The profile says "login": { "protection": "never" }.' : '';
  const message = `Nothing was transferred: data would travel in clear (PROT C).${never} ${adviceFor('clearDataOnly')}`;
  throw new FtpsError('securityRefused', step, message);
}

async function sayLevel(session: Session, level: Protection): Promise<Reply> {
  const { control } = session;
  // C-15: PBSZ comes first, and what it is answered means nothing.
  const size = session.bufferSizeIsSaid ? undefined : control.send('PBSZ', '0', { step });
  session.bufferSizeIsSaid = true;
  const [reply] = await Promise.all([control.send('PROT', level, { step }), size]);
  if (reply.code === 200) {
    session.protection = level;
    session.protectionAssumed = false;
    session.protectionIsDue = false;
  } else {
    session.bufferSizeIsSaid = false;
  }
  return reply;
}

// C-16: whatever PROT is answered but 200, the level stays; C-18: whether that will do is the user's to say.
function acceptClearOrThrow(session: Session, reply: Reply): void {
  if (session.options.requireProtectedData === false) {
    session.log.warn(`Data travels in clear: PROT P was refused by ${quoted(reply)}.`);
    return;
  }
  const message = `The server refused to protect data connections (PROT P): ${quoted(reply)}. Files would travel in clear, so the connection was given up. Ask the server's operator to allow protected data. ${adviceFor('protectionTiming')} ${adviceFor('clearDataOnly')}`;
  throw new FtpsError('securityRefused', step, message, { reply });
}
