import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted, sessionRefusal } from './errors.ts';
import type { Session } from './session.ts';

/** USER, and as far as the server asks for them PASS and ACCT. C-19 @throws FtpsError `loginRefused` and the like */
export async function identify(session: Session): Promise<void> {
  const { user, password, login } = session.options;
  const options = { step: 'login', limit: 'login' } as const;
  let reply = await session.control.send('USER', user, options);
  if (reply.code === 331) {
    reply = await session.control.send('PASS', password, { ...options, secret: password });
  }
  if (reply.code === 332 && login?.account !== undefined) {
    reply = await session.control.send('ACCT', login.account, { ...options, secret: login.account });
  }
  if (reply.code >= 200 && reply.code < 300) return;
  throw loginRefusal(session, reply);
}

function loginRefusal(session: Session, reply: Reply): FtpsError {
  const said = quoted(reply);
  if (reply.code === 421) return sessionRefusal('login', reply);
  if (reply.code === 332) {
    const message = `The server asks for an account beside user and password: ${said}. Set "login": { "account" } in the profile.`;
    return new FtpsError('unsupported', 'login', message, { reply });
  }
  const hint =
    session.options.security === 'none'
      ? ' If they are right, the server may want TLS: set security to "explicit".'
      : '';
  const message = `The server refused the login: ${said}. Check user and password.${hint}`;
  return new FtpsError('loginRefused', 'login', message, { reply });
}
