import { Features } from '../protocol/features.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Security } from './connectOptions.ts';
import { FtpsError, quoted, type Step } from './errors.ts';
import type { Session } from './session.ts';

type LoginStep = 'auth' | 'user' | 'features' | 'utf8' | 'protection' | 'type';

/** What is said and when, as data: the steps of one group leave in one flight. C-13 */
type LoginScript = readonly (readonly LoginStep[])[];

const scripts: Record<Security, LoginScript> = {
  explicit: [['auth'], ['user'], ['features', 'utf8', 'protection', 'type']],
  // C-2: no AUTH, no PBSZ and no PROT; the server acts as if they had been said.
  implicit: [['user'], ['features', 'utf8', 'type']],
  none: [['user'], ['features', 'utf8', 'type']],
};

// C-5: for servers that do not assume P on their implicit port.
const implicitSayingProtection: LoginScript = [['user'], ['features', 'utf8', 'protection', 'type']];

/** Takes a fresh control connection, its greeting read, to the point where files can be asked for. */
export async function login(session: Session, signal?: AbortSignal): Promise<void> {
  const { security, implicitProt } = session.options;
  const script =
    security === 'implicit' && implicitProt === 'send' ? implicitSayingProtection : scripts[security];
  for (const group of script) {
    signal?.throwIfAborted();
    await together(group.map((step) => perform[step](session, signal)));
  }
}

/** Waits for all, so that no reply is left over, and then reports the first failure. */
async function together(steps: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(steps);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

const perform: Record<LoginStep, (session: Session, signal?: AbortSignal) => Promise<void>> = {
  auth: startTls,
  user: identify,
  features: askFeatures,
  utf8: askUtf8,
  protection: protectData,
  type: chooseBinary,
};

/** Puts TLS on the control connection and judges the certificate, before anything secret is said. */
export async function secureControl(session: Session, signal?: AbortSignal): Promise<void> {
  if (!session.tls) return;
  session.tls.acceptControl(await session.control.secure(session.tls, signal));
}

async function startTls(session: Session, signal?: AbortSignal): Promise<void> {
  const silentAfter = (reply: Reply): boolean => reply.code === 234; // C-10
  const options = { step: 'auth', silentAfter } as const;
  let reply = await session.control.send('AUTH', 'TLS', options); // C-8
  if (reply.code === 504) reply = await session.control.send('AUTH', 'SSL', options); // C-9
  if (reply.code !== 234) throw authRefusal(reply);
  await secureControl(session, signal);
}

// C-11: whatever the reason, nothing falls back to clear text by itself.
function authRefusal(reply: Reply): FtpsError {
  if (reply.code < 400) {
    const message = `The server answered AUTH with ${quoted(reply)}, which is not how TLS begins (234). No password was sent.`;
    return new FtpsError('protocol', 'auth', message, { reply });
  }
  const way =
    reply.code === 421 || reply.code === 431
      ? 'It says this is temporary: try again later.'
      : 'If it speaks TLS on a port of its own, set security to "implicit"; if it is a plain FTP server whose risk you accept, to "none".';
  return new FtpsError(
    'securityRefused',
    'auth',
    `The server refused to start TLS: ${quoted(reply)}. No password was sent. ${way}`,
    { reply },
  );
}

// C-19
async function identify(session: Session): Promise<void> {
  const { user, password } = session.options;
  const options = { step: 'login', limit: 'login' } as const;
  let reply = await session.control.send('USER', user, options);
  if (reply.code === 331) {
    reply = await session.control.send('PASS', password, { ...options, secret: password });
  }
  if (reply.code >= 200 && reply.code < 300) return;
  throw loginRefusal(session, reply);
}

function loginRefusal(session: Session, reply: Reply): FtpsError {
  const said = quoted(reply);
  if (reply.code === 421) {
    const message = `The server takes no more sessions now: ${said}. Close other connections to it, or try again later.`;
    return new FtpsError('tooManySessions', 'login', message, { reply });
  }
  if (reply.code === 332) {
    const message = `The server asks for an account beside user and password: ${said}. Accounts are not supported.`;
    return new FtpsError('unsupported', 'login', message, { reply });
  }
  const hint =
    session.options.security === 'none'
      ? ' If they are right, the server may want TLS: set security to "explicit".'
      : '';
  const message = `The server refused the login: ${said}. Check user and password.${hint}`;
  return new FtpsError('loginRefused', 'login', message, { reply });
}

// C-48: what the server could do before the login says nothing about after it, so it is asked here.
async function askFeatures(session: Session): Promise<void> {
  const reply = await session.control.send('FEAT', undefined, { step: 'features' });
  session.features = reply.code === 211 ? Features.parse(reply) : Features.none;
}

// C-49: some servers need to be told, and no answer to it means anything.
async function askUtf8(session: Session): Promise<void> {
  if (session.options.encoding === 'latin1') return;
  await session.control.send('OPTS', 'UTF8 ON', { step: 'features' });
}

// C-15, C-16: the explicit level is C until PROT P is answered by 200.
async function protectData(session: Session): Promise<void> {
  const step: Step = 'protection';
  const [, reply] = await Promise.all([
    session.control.send('PBSZ', '0', { step }),
    session.control.send('PROT', 'P', { step }),
  ]);
  if (reply.code !== 200) {
    const message = `The server refused to protect data connections (PROT P): ${quoted(reply)}. Files would travel in clear, so the connection was given up. Ask the server's operator to allow protected data.`;
    throw new FtpsError('securityRefused', step, message, { reply });
  }
  session.protection = 'P';
  session.protectionAssumed = false;
}

async function chooseBinary(session: Session): Promise<void> {
  await session.control.send('TYPE', 'I');
}
