import { describe, expect, it } from 'vitest';
import { defaultTimeouts, type TimeoutName } from '../../src/client/connectOptions.ts';
import { Deadlines } from '../../src/client/deadline.ts';
import { failureOf } from './dialogue.ts';
import { limits, WatchedClock } from './watchedClock.ts';

const never = new Promise<never>(() => {});

function bench() {
  const clock = new WatchedClock();
  let givenUp = 0;
  const giveUp = (): void => {
    givenUp += 1;
  };
  const wait = { limit: 'reply', step: 'command', what: 'a reply', giveUp } as const;
  return { clock, deadlines: new Deadlines(clock, limits), wait, givenUp: () => givenUp };
}

describe('a time limit', () => {
  it('C-54: lets work settle that is done before, and leaves no timer', async () => {
    const { clock, deadlines, wait, givenUp } = bench();
    expect(await deadlines.bound(Promise.resolve(5), wait)).toBe(5);
    await expect(deadlines.bound(Promise.reject(new Error('no')), wait)).rejects.toThrow('no');
    expect(clock.pending()).toEqual([]);
    expect(givenUp()).toBe(0);
  });

  it('C-54: ends work that is not, and gives up what was waited for before it says so', async () => {
    const { clock, deadlines, wait, givenUp } = bench();
    const failure = failureOf(deadlines.bound(never, wait));
    clock.pass('reply');
    expect(givenUp()).toBe(1);
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'reply', step: 'command' });
    expect(clock.pending()).toEqual([]);
  });

  it('ends with the signal too, even with one that was aborted before', async () => {
    const { clock, deadlines, wait, givenUp } = bench();
    const abort = new AbortController();
    const failure = failureOf(deadlines.bound(never, { ...wait, signal: abort.signal }));
    abort.abort();
    expect(await failure).toMatchObject({ kind: 'aborted', step: 'command' });
    expect(await failureOf(deadlines.bound(never, { ...wait, signal: abort.signal }))).toMatchObject({
      kind: 'aborted',
    });
    expect(givenUp()).toBe(2);
    expect(clock.pending()).toEqual([]);
  });

  it.each<TimeoutName>(['connect', 'greeting', 'tls', 'reply', 'login', 'dataConnect', 'dataIdle', 'close'])(
    'C-54: named %s says what was awaited, how long, and what to do',
    async (limit) => {
      const { clock, wait } = bench();
      const failure = failureOf(new Deadlines(clock, defaultTimeouts).bound(never, { ...wait, limit }));
      clock.advance(defaultTimeouts[limit]);
      const { message } = await failure;
      expect(message).toMatch(/^No sign of a reply within \d+ s\. [A-Z].*\.$/);
    },
  );
});
