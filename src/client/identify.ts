import { type Reply, replyClass } from '../protocol/reply.ts';
import { FtpsError, quoted, sessionRefusal } from './errors.ts';
import type { Session } from './session.ts';

const options = { step: 'login', limit: 'login' } as const;

/** USER, and as far as the server asks for them PASS and ACCT. C-19 @throws FtpsError `loginRefused` and the like */
export async function identify(session: Session): Promise<void> {
  await provePerson(session, await giveName(session));
}

/** USER, whatever its answer. */
export function giveName({ control, options: { user } }: Session): Promise<Reply> {
  return control.send('USER', user, options);
}

/** What the answer to USER asks for: PASS, said within the call, and ACCT. C-19 @throws FtpsError */
export async function provePerson(session: Session, named: Reply): Promise<void> {
  const { control, traits } = session;
  const { password, login } = session.options;
  const asksForPassword = named.code === 331;
  let reply = asksForPassword
    ? await control.send('PASS', password, { ...options, secret: password })
    : named;
  const isPlain = asksForPassword && reply.code !== 332;
  if (reply.code === 332 && login?.account !== undefined) {
    reply = await control.send('ACCT', login.account, { ...options, secret: login.account });
  }
  if (replyClass(reply.code) !== 'completion') throw loginRefusal(session, reply);
  if (traits.loginInOneFlight !== false) traits.loginInOneFlight = isPlain ? true : undefined;
}

/**
 * The same where an earlier login has shown that the server asks for a password and nothing else: USER and PASS leave
 * within the call, and so may what follows. One that is refused refuses what follows too.
 * @throws FtpsError `protocol` when the server asks for anything else now; `loginRefused` and the like
 */
export async function identifyAtOnce(session: Session): Promise<void> {
  const { user, password } = session.options;
  const { control } = session;
  const named = control.send('USER', user, options);
  const said = control.send('PASS', password, { ...options, secret: password });
  said.catch(() => {});
  const reply = await named;
  if (replyClass(reply.code) === 'completion') throw otherDialogue(reply);
  if (reply.code !== 331) throw loginRefusal(session, reply);
  const answer = await said;
  if (answer.code === 332 || answer.code === 331) throw otherDialogue(answer);
  if (replyClass(answer.code) !== 'completion') throw loginRefusal(session, answer);
}

// C-19, C-20: what was said behind it was said to a server that wanted something else first.
function otherDialogue(reply: Reply): FtpsError {
  const message = `The server answered the login otherwise than before: ${quoted(reply)}. Connect again.`;
  return new FtpsError('protocol', 'login', message);
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
