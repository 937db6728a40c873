import { createHash, timingSafeEqual } from 'node:crypto';
import type { Session } from '../session.ts';
import type { Answer, CommandTable } from './command.ts';

const NOT_IN_CLEAR: Answer = [530, 'Use AUTH TLS first.'];

/** Who is there, and goodbye. RFC 959 §4.1.1, RFC 7151 */
export const accessCommands: CommandTable = {
  USER: {
    needsArgument: true,
    run: (session, user) => {
      // S-17: no name travels in clear unless the server is told that it may.
      if (session.settings.requireTls && !session.channel.secured) return NOT_IN_CLEAR;
      session.state.user = user;
      session.state.loggedIn = knownByCertificate(session, user);
      return session.state.loggedIn ? [232, 'Your certificate is enough.'] : [331, 'The password, please.'];
    },
  },
  PASS: { run: logIn },
  ACCT: { run: () => [202, 'No account is needed.'] },
  HOST: {
    needsArgument: true,
    run: (session) =>
      session.state.user === undefined
        ? [220, 'All hosts are served alike.']
        : [503, 'HOST comes before USER.'],
  },
  REIN: {
    run: async (session) => {
      // S-4: the reply travels inside TLS, which is taken off behind it.
      await session.reply([220, 'Start again.']);
      const answer = await session.reinitialize();
      if (answer?.[0] === 421) session.leave();
      return answer;
    },
  },
  QUIT: {
    run: (session) => {
      session.leave();
      return [221, 'Goodbye.'];
    },
  },
  NOOP: { run: () => [200, 'Still here.'] },
};

/** S-17: the TLS handshake has proven who it is. A name that nobody has is treated as any other. */
function knownByCertificate(session: Session, user: string): boolean {
  const { clients, settings } = session.surroundings;
  return session.channel.secured && settings.users.has(user) && clients.suffices(session.certificate, user);
}

async function logIn(session: Session, password: string): Promise<Answer> {
  const { user } = session.state;
  if (user === undefined) return [503, 'USER comes before PASS.'];
  if (session.settings.requireTls && !session.channel.secured) return NOT_IN_CLEAR;
  const expected = session.settings.users.get(user);
  // The same answer, after the same work, for a user that does not exist. RFC 2577 §7
  const same = equalTexts(password, expected ?? '');
  if (expected === undefined || !same) {
    session.state.user = undefined;
    session.state.loggedIn = false;
    return refuse(session);
  }
  session.state.loggedIn = true;
  return [230, 'Logged in.'];
}

/** S-22: each further guess takes twice as long as the one before, and there are not many. RFC 2577 §5 */
async function refuse(session: Session): Promise<Answer> {
  const { loginAttempts, loginDelay } = session.surroundings.limits;
  session.failedLogins += 1;
  if (session.failedLogins > 1) await session.wait(loginDelay * 2 ** (session.failedLogins - 2));
  if (session.failedLogins < loginAttempts) return [530, 'The user or the password is wrong.'];
  session.leave();
  return [421, 'Too many wrong passwords; goodbye.'];
}

function equalTexts(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
