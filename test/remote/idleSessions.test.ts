import { beforeEach, describe, expect, it } from 'vitest';
import { IdleSessions } from '../../src/remote/idleSessions.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeSession, settle } from './support/fakeSession.ts';

const idleTime = 120_000;

let clock: FakeClock;
let isReserve = false;

beforeEach(() => {
  clock = new FakeClock();
  isReserve = false;
});

function resting(count: number, keepAlive?: number) {
  const idle = new IdleSessions<FakeSession>({
    idleTime,
    keepAlive,
    clock,
    isReserve: () => isReserve,
    end: (session) => void session.quit(),
  });
  const sessions = Array.from({ length: count }, (_, index) => new FakeSession(index + 1));
  for (const session of sessions) idle.add(session);
  return { idle, sessions };
}

async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await settle();
}

describe('sessions at rest', () => {
  it('are used again newest first, with the time that each has rested, and never one that is gone', () => {
    const { idle, sessions } = resting(3);
    clock.advance(7000);
    sessions[2]?.lose();
    expect(idle.take()).toEqual({ client: sessions[1], idleFor: 7000 });
    expect(idle.take()?.client).toBe(sessions[0]);
    expect([idle.take(), clock.pending()]).toEqual([undefined, []]);
  });

  it('are ended after their idle time, all of them, where none is to be kept alive', async () => {
    const { idle, sessions } = resting(2);
    await pass(idleTime);
    expect(sessions.map(({ ended, noops }) => [ended, noops])).toEqual([
      ['quit', 0],
      ['quit', 0],
    ]);
    expect(idle.size).toBe(0);
  });

  it.each([45_000, 150_000])(
    'are kept alive every %i ms where the profile wants it, but only one; the others end',
    async (keepAlive) => {
      const { idle, sessions } = resting(3, keepAlive);
      for (let silence = 0; silence < 4; silence++) await pass(keepAlive);
      expect(sessions.map(({ ended }) => ended)).toEqual(['quit', 'quit', undefined]);
      expect(sessions.map(({ noops }) => noops)).toEqual([0, 0, 4]);
      expect(idle.take()).toEqual({ client: sessions[2], idleFor: 0 });
      expect(clock.pending()).toEqual([]);
    },
  );

  it('leave the place of the one kept alive to the next when it is used', async () => {
    const { idle, sessions } = resting(2, 45_000);
    await pass(45_000);
    idle.take();
    await pass(idleTime - 45_000);
    expect(sessions.map(({ ended, noops }) => [ended, noops])).toEqual([
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  it('that give no sign of life when asked are given up', async () => {
    const { sessions } = resting(1, 45_000);
    const [session] = sessions;
    if (session) session.noop = () => Promise.reject(new Error('421'));
    await pass(45_000);
    expect([session?.ended, clock.pending()]).toEqual(['destroyed', []]);
  });

  it('that are taken while they are asked for a sign of life are not put to rest by its answer', async () => {
    const { idle } = resting(1, 45_000);
    clock.advance(45_000);
    expect(idle.take()?.idleFor).toBe(45_000);
    await settle();
    expect([idle.size, clock.pending()]).toEqual([0, []]);
  });

  it('are not ended while somebody may need one at any moment', async () => {
    const { idle } = resting(1);
    isReserve = true;
    await pass(idleTime);
    expect(idle.size).toBe(1);
    isReserve = false;
    await pass(idleTime);
    expect(idle.size).toBe(0);
  });

  it.each([undefined, 45_000])(
    'are ended, not used again, behind a sleep that outlasted them',
    (keepAlive) => {
      const { idle, sessions } = resting(2, keepAlive);
      clock.sleep(idleTime + 1);
      expect(idle.take()).toBeUndefined();
      expect(sessions.map(({ ended }) => ended)).toEqual(['quit', 'quit']);
    },
  );

  it('are used again behind a short sleep, and however long they were kept in reserve', () => {
    const { idle, sessions } = resting(2);
    clock.sleep(idleTime);
    expect(idle.take()?.client).toBe(sessions[1]);
    isReserve = true;
    clock.advance(3 * idleTime + 1);
    expect(idle.take()?.client).toBe(sessions[0]);
  });
});
