import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted } from './errors.ts';
import { adviceFor } from './quirks.ts';
import type { Session } from './session.ts';

type Mechanism = 'TLS' | 'SSL';

/** Puts TLS on the control connection and judges the certificate, before anything secret is said. */
export async function secureControl(session: Session, signal?: AbortSignal): Promise<void> {
  if (!session.tls) return;
  session.tls.acceptControl(await session.control.secure(session.tls, signal));
}

/** AUTH, 234, TLS. @throws FtpsError `securityRefused` for a server that will not */
export async function startTls(session: Session, signal?: AbortSignal): Promise<void> {
  const silentAfter = (reply: Reply): boolean => reply.code === 234; // C-10
  const options = { step: 'auth', silentAfter } as const;
  const [first, second] = mechanisms(session);
  let reply = await session.control.send('AUTH', first, options);
  if (reply.code === 504 && second) reply = await session.control.send('AUTH', second, options);
  if (reply.code !== 234) throw authRefusal(reply);
  await secureControl(session, signal);
}

// C-8, C-9: both words mean the same, and some servers know only one of them.
function mechanisms({ options, features }: Session): readonly [Mechanism, Mechanism?] {
  const { authMechanism = 'auto' } = options.login ?? {};
  if (authMechanism !== 'auto') return [authMechanism];
  const listed = features.parameters('AUTH');
  const sslOnly = listed.includes('SSL') && !listed.includes('TLS') && !listed.includes('TLS-C');
  return sslOnly ? ['SSL', 'TLS'] : ['TLS', 'SSL'];
}

// C-11: whatever the reason, nothing falls back to clear text by itself.
function authRefusal(reply: Reply): FtpsError {
  if (reply.code < 400) {
    const message = `The server answered AUTH with ${quoted(reply)}, which is not how TLS begins (234). No password was sent.`;
    return new FtpsError('protocol', 'auth', message, { reply });
  }
  const message = `The server refused to start TLS: ${quoted(reply)}. No password was sent. ${wayOut(reply)}`;
  return new FtpsError('securityRefused', 'auth', message, { reply });
}

/** RFC 2228 §3, RFC 4217 §4.1 */
function wayOut({ code }: Reply): string {
  const elsewhere = 'If it speaks TLS on a port of its own, set security to "implicit"';
  switch (code) {
    case 421:
    case 431:
      return 'It says this is temporary: try again later.';
    case 504:
      return `It does not know this mechanism. ${adviceFor('authMechanism')} ${elsewhere}.`;
    case 503:
    case 530:
    case 550:
      return `It may want other commands first: see "login": { "beforeAuth" } in the profile. ${elsewhere}.`;
    case 533:
    case 534:
    case 535:
      return `Its policy forbids it: ask its operator. ${elsewhere}.`;
    default:
      return `${elsewhere}; if it is a plain FTP server whose risk you accept, to "none".`;
  }
}
