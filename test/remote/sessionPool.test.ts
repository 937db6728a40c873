import { beforeEach, describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import { type BorrowedSession, SessionPool } from '../../src/remote/sessionPool.ts';
import type { Priority } from '../../src/remote/sessionQueue.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeHost, type FakeSession, settle } from './support/fakeSession.ts';

const tooMany = new FtpsError('tooManySessions', 'login', 'Too many.');
const refusedLogin = new FtpsError('loginRefused', 'login', 'Refused.');
const unreachable = new FtpsError('unreachable', 'connect', 'No route.');

let host: FakeHost;
let clock: FakeClock;
let pool: SessionPool<FakeSession>;

beforeEach(() => {
  host = new FakeHost();
  clock = new FakeClock();
  pool = new SessionPool(host.connect, { limit: 3, idleTime: 60_000, clock });
});

interface Borrowing {
  session?: BorrowedSession<FakeSession>;
  error?: unknown;
}

/** Borrows; says when it was granted or what refused it. */
function ask(signal?: AbortSignal, priority?: Priority): Borrowing {
  const request: Borrowing = {};
  const run = async () => {
    try {
      request.session = await pool.borrow(priority, signal);
    } catch (error) {
      request.error = error;
    }
  };
  void run();
  return request;
}

async function giveBack(request: Borrowing): Promise<void> {
  await request.session?.[Symbol.asyncDispose]();
  await settle();
}

/** One open session, idle. */
async function warmUp(): Promise<void> {
  const first = ask();
  host.attempt(1).accept();
  await settle();
  await giveBack(first);
}

describe('the session pool', () => {
  it('opens a session when work comes and reuses it when it is returned', async () => {
    await warmUp();
    clock.advance(5000);
    const second = ask();
    await settle();
    expect(second.session?.client.number).toBe(1);
    expect(second.session?.idleFor).toBe(5000);
    expect(host.attempts).toHaveLength(1);
  });

  it('opens the first session alone, so that a wrong password is sent once and not once per waiter', async () => {
    const requests = [ask(), ask(), ask()];
    expect(host.attempts).toHaveLength(1);
    host.attempt(1).refuse(refusedLogin);
    await settle();
    expect(requests.map((request) => request.error)).toEqual([refusedLogin, refusedLogin, refusedLogin]);
    expect(host.attempts).toHaveLength(1);
  });

  it('opens more sessions side by side once the first stands, up to its limit', async () => {
    const requests = [ask(), ask(), ask(), ask()];
    host.attempt(1).accept();
    await settle();
    expect(host.attempts).toHaveLength(3);
    host.attempt(2).accept();
    host.attempt(3).accept();
    await settle();
    expect(requests.filter((request) => request.session)).toHaveLength(3);
    expect(requests[3]?.session).toBeUndefined();
  });

  it('serves those who wait in the order in which they came', async () => {
    const requests = [ask(), ask(), ask(), ask(), ask()];
    host.attempt(1).accept();
    await settle();
    host.attempt(2).accept();
    host.attempt(3).accept();
    await settle();
    await giveBack(requests[1] ?? {});
    expect(requests[3]?.session?.client.number).toBe(2);
    expect(requests[4]?.session).toBeUndefined();
    await giveBack(requests[0] ?? {});
    expect(requests[4]?.session?.client.number).toBe(1);
  });

  it.each([tooMany, refusedLogin])(
    'learns from %s that no more sessions are borne, and waits for a free one',
    async (refusal) => {
      const [first, second] = [ask(), ask()];
      host.attempt(1).accept();
      await settle();
      host.attempt(2).refuse(refusal);
      await settle();
      expect(pool.limit).toBe(1);
      expect(second.error).toBeUndefined();
      await giveBack(first);
      expect(second.session?.client.number).toBe(1);
      expect(host.attempts).toHaveLength(2);
    },
  );

  it('believes a learnt limit for a while, and then tries one session more', async () => {
    const [first, second] = [ask(), ask()];
    host.attempt(1).accept();
    await settle();
    host.attempt(2).refuse(tooMany);
    await settle();
    expect([pool.limit, host.attempts.length]).toEqual([1, 2]);
    clock.advance(600_000);
    const third = ask();
    expect([pool.limit, host.attempts.length]).toEqual([2, 3]);
    host.attempt(3).accept();
    await settle();
    expect([first, second, third].map(({ session }) => session?.client.number)).toEqual([1, 2, undefined]);
    expect(pool.limit).toBe(3);
  });

  it('refuses only the one who caused a connection that failed for another reason', async () => {
    const [first, second, third] = [ask(), ask(), ask()];
    host.attempt(1).accept();
    await settle();
    host.attempt(2).refuse(unreachable);
    await settle();
    expect(second.error).toBe(unreachable);
    expect(third.error).toBeUndefined();
    await giveBack(first);
    expect(third.session?.client.number).toBe(1);
  });

  it('never asks again and again for those whom another session served meanwhile', async () => {
    const [first, second] = [ask(), ask()];
    host.attempt(1).accept();
    await settle();
    await giveBack(first);
    expect(second.session?.client.number).toBe(1);
    host.attempt(2).refuse(unreachable);
    await settle();
    expect(host.attempts).toHaveLength(2);
  });

  it('replaces a session that the server ended while it lay idle', async () => {
    await warmUp();
    host.sessions[0]?.lose();
    await settle();
    const next = ask();
    host.attempt(2).accept();
    await settle();
    expect(next.session?.client.number).toBe(2);
    expect(next.session?.idleFor).toBeUndefined();
  });

  it('drops all that rested as long as one that turned out to be dead in silence, and none that rested less', async () => {
    const borrowed = [ask(), ask(), ask()];
    for (const number of [1, 2, 3]) {
      await settle();
      host.attempt(number).accept();
    }
    await settle();
    const [first, second, third] = borrowed;
    if (!first || !second || !third) throw new Error('three sessions');
    await giveBack(first);
    await giveBack(second);
    clock.advance(10_000);
    const user = ask();
    await settle();
    await giveBack(third);
    user.session?.client.lose(new FtpsError('timeout', 'command', 'No sign of life.'));
    await settle();
    expect(host.sessions.map(({ ended }) => ended)).toEqual(['destroyed', 'lost', undefined]);
    const another = ask();
    await settle();
    expect(another.session?.client.number).toBe(3);
  });

  it('opens another session for those who wait when one is lost at work', async () => {
    pool = new SessionPool(host.connect, { limit: 1, clock });
    const [first, second] = [ask(), ask()];
    host.attempt(1).accept();
    await settle();
    first.session?.client.lose();
    await settle();
    host.attempt(2).accept();
    await settle();
    expect(second.session?.client.number).toBe(2);
    await giveBack(first);
    expect(second.session?.client.isOpen).toBe(true);
  });

  it('closes a session that nobody needed for its idle time', async () => {
    await warmUp();
    expect(clock.pending()).toEqual([60_000]);
    clock.advance(59_999);
    expect(host.sessions[0]?.ended).toBeUndefined();
    clock.advance(1);
    expect(host.sessions[0]?.ended).toBe('quit');
  });

  it('lets background work have all sessions but one, and opens that one to lie ready for the user', async () => {
    const trees = [1, 2, 3, 4].map(() => ask(undefined, 'background'));
    for (const number of [1, 2, 3]) {
      host.attempt(number).accept();
      await settle();
    }
    expect(trees.map(({ session }) => session?.client.number)).toEqual([1, 2, undefined, undefined]);
    const user = ask();
    await settle();
    expect(user.session?.client.number).toBe(3);
  });

  it('with one session alone serves the user between two pieces of background work', async () => {
    pool = new SessionPool(host.connect, { limit: 1, clock });
    const [one, two] = [ask(undefined, 'background'), ask(undefined, 'background')];
    host.attempt(1).accept();
    await settle();
    const user = ask();
    await giveBack(one);
    expect([two.session, user.session?.client.number]).toEqual([undefined, 1]);
    await giveBack(user);
    expect(two.session?.client.number).toBe(1);
  });

  it('fails no background work because another session could not be opened, and does not insist', async () => {
    const [one, two] = [ask(undefined, 'background'), ask(undefined, 'background')];
    host.attempt(1).accept();
    await settle();
    host.attempt(2).refuse(unreachable);
    await settle();
    expect([two.error, pool.limit, host.attempts.length]).toEqual([undefined, 1, 2]);
    await giveBack(one);
    expect(two.session?.client.number).toBe(1);
    clock.advance(30_000);
    expect(pool.limit).toBe(3);
  });

  it('opens one more for the user though another could not be opened for background work', async () => {
    await warmUp();
    const long = ask(undefined, 'background');
    const waiting = ask(undefined, 'background');
    await settle();
    host.attempt(2).refuse(unreachable);
    await settle();
    expect(pool.limit).toBe(1);
    const user = ask();
    await settle();
    host.attempt(3).accept();
    await settle();
    expect(user.session?.client.number).toBe(2);
    expect([long.session?.client.number, waiting]).toEqual([1, {}]);
  });

  it.each([
    ['half a minute for background work, when one could not be opened', unreachable, 'background', 30_000],
    ['ten minutes for everybody, when the server bears no more', tooMany, 'interactive', 600_000],
  ] as const)('tries again after %s, though nobody gives one back', async (_, error, priority, time) => {
    await warmUp();
    ask(undefined, 'background');
    const waiting = ask(undefined, priority);
    await settle();
    host.attempt(2).refuse(error);
    await settle();
    clock.advance(time - 1);
    await settle();
    expect(host.attempts).toHaveLength(2);
    clock.advance(1);
    await settle();
    host.attempt(3).accept();
    await settle();
    expect(priority === 'interactive' ? waiting.session?.client.number : pool.limit).toBe(
      priority === 'interactive' ? 2 : 3,
    );
  });

  it('waits for no time to pass when nobody waits for a session', async () => {
    await warmUp();
    const controller = new AbortController();
    ask();
    ask(controller.signal);
    await settle();
    host.attempt(2).refuse(tooMany);
    await settle();
    expect(clock.pending()).toEqual([600_000]);
    controller.abort();
    await settle();
    expect(clock.pending()).toEqual([]);
  });

  it('begins with the limit that the server showed in an earlier run, and tells what it learns', async () => {
    const told: unknown[] = [];
    const learntLimit = { sessions: 2, at: clock.now() - 1000 };
    const onLimitLearnt = (limit: unknown) => told.push(limit);
    pool = new SessionPool(host.connect, { limit: 3, clock, learntLimit, onLimitLearnt });
    const [first] = [ask(), ask(), ask()];
    host.attempt(1).accept();
    await settle();
    expect([host.attempts.length, told]).toEqual([2, []]);
    host.attempt(2).refuse(tooMany);
    await settle();
    expect(told).toEqual([{ sessions: 1, at: clock.now() }]);
    await giveBack(first);
  });

  it('stops connecting when the only one who waits gives up', async () => {
    const controller = new AbortController();
    const request = ask(controller.signal);
    controller.abort();
    await settle();
    expect(request.error).toMatchObject({ kind: 'cancelled' });
    expect(host.attempt(1).signal.aborted).toBe(true);
  });

  it('goes on connecting as long as somebody else waits for it, and stops with the last one', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    ask(one.signal);
    ask(two.signal);
    one.abort();
    await settle();
    expect(host.attempt(1).signal.aborted).toBe(false);
    two.abort();
    await settle();
    expect(host.attempt(1).signal.aborted).toBe(true);
  });

  it('starts anew for one who comes while an attempt is being given up', async () => {
    const controller = new AbortController();
    ask(controller.signal);
    controller.abort();
    const next = ask();
    await settle();
    host.attempt(2).accept();
    await settle();
    expect(next.session?.client.number).toBe(1);
  });

  it('ends everything when it is closed, and nobody is left waiting', async () => {
    pool = new SessionPool(host.connect, { limit: 2, clock });
    const [busy, idle, waiting] = [ask(), ask(), ask()];
    host.attempt(1).accept();
    await settle();
    host.attempt(2).accept();
    await settle();
    await giveBack(waiting);
    await pool.close();
    await settle();
    expect(host.sessions.every((session) => !session.isOpen)).toBe(true);
    expect(waiting.error).toMatchObject({ kind: 'unavailable' });
    await giveBack(busy);
    await giveBack(idle);
    await expect(pool.borrow()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(clock.pending()).toEqual([]);
  });

  it('ends a session that is still being opened when it is closed', async () => {
    const request = ask();
    await pool.close();
    expect(host.attempt(1).signal.aborted).toBe(true);
    expect(request.error).toMatchObject({ kind: 'unavailable' });
  });
});
