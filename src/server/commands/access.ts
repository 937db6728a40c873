import { createHash, timingSafeEqual } from 'node:crypto';
import type { Session } from '../session.ts';
import type { Answer, CommandTable } from './command.ts';

/** Who is there, and goodbye. RFC 959 §4.1.1, RFC 7151 */
export const accessCommands: CommandTable = {
  USER: {
    needsArgument: true,
    run: (session, user) => {
      // S-17: no name travels in clear unless the server is told that it may.
      if (session.settings.requireTls && !session.channel.secured) return [530, 'Use AUTH TLS first.'];
      session.state.user = user;
      session.state.loggedIn = false;
      return [331, 'The password, please.'];
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
      await session.reinitialize();
      return undefined;
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

function logIn(session: Session, password: string): Answer {
  const { user } = session.state;
  if (user === undefined) return [503, 'USER comes before PASS.'];
  const expected = session.settings.users.get(user);
  // The same answer, after the same work, for a user that does not exist. RFC 2577 §7
  const same = equalTexts(password, expected ?? '');
  if (expected === undefined || !same) {
    session.state.user = undefined;
    return [530, 'The user or the password is wrong.'];
  }
  session.state.loggedIn = true;
  return [230, 'Logged in.'];
}

function equalTexts(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
