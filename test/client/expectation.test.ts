import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/client/deadline.ts';
import { FtpsError } from '../../src/client/errors.ts';
import { Expectation } from '../../src/client/expectation.ts';
import { failureOf } from './dialogue.ts';
import { limits, WatchedClock } from './watchedClock.ts';

function due() {
  const clock = new WatchedClock();
  const timeouts: FtpsError[] = [];
  const expectation = new Expectation({
    what: 'the reply to RETR',
    step: 'transfer',
    limit: 'reply',

    deadlines: new Deadlines(clock, limits),
    onTimeout: (error) => timeouts.push(error),
  });
  return { clock, timeouts, expectation };
}

const reply = (code: number) => ({ code, lines: ['text'] });

describe('a reply that is due', () => {
  it('C-34: may be announced, again and again, before it comes', async () => {
    const { clock, expectation } = due();
    expectation.arm();
    expectation.onPreliminary(reply(150));
    expectation.onPreliminary(reply(125));
    expectation.onFinal(reply(226));
    expect(await expectation.preliminary).toEqual(reply(150));
    expect(await expectation.final).toEqual(reply(226));
    expect(clock.pending()).toEqual([]);
  });

  it('C-34: may come without being announced', async () => {
    const { expectation } = due();
    expectation.onFinal(reply(226));
    expect(await expectation.preliminary).toBeUndefined();
    expect(expectation.isAnnounced).toBe(false);
  });

  it('C-54: has a limit that begins anew with each announcement', () => {
    const { clock, timeouts, expectation } = due();
    expectation.arm();
    clock.advance(limits.reply - 1);
    expectation.onPreliminary(reply(150));
    clock.advance(limits.reply - 1);
    expect(timeouts).toEqual([]);
    clock.advance(1);
    expect(timeouts).toMatchObject([{ kind: 'timeout', limit: 'reply', step: 'transfer' }]);
  });

  it('C-54: has a limit that no server puts off for ever by announcements', () => {
    const { clock, timeouts, expectation } = due();
    expectation.arm();
    for (let count = 0; count < 1000 && timeouts.length === 0; count++) {
      clock.advance(limits.reply - 1);
      expectation.onPreliminary(reply(150));
    }
    expect(timeouts).toMatchObject([{ kind: 'timeout', limit: 'reply' }]);
    expect(clock.pending()).toEqual([]);
  });

  it('C-54: may be announced often, as by a server that counts while it works', () => {
    const { clock, timeouts, expectation } = due();
    expectation.arm();
    const often = limits.reply / 100;
    for (let count = 0; count < 500; count++) {
      clock.advance(often);
      expectation.onPreliminary(reply(150));
    }
    clock.advance(limits.reply - 1);
    expect(timeouts).toEqual([]);
  });

  it('C-54: has none while data moves, not even when an announcement comes late', () => {
    const { clock, expectation } = due();
    expectation.arm();
    expectation.suspend();
    expectation.onPreliminary(reply(150));
    expect(clock.pending()).toEqual([]);
    expectation.arm('close');
    expect(clock.pending()).toEqual([limits.close]);
  });

  it('settles once, and its limit does not run any more', async () => {
    const { clock, expectation } = due();
    expectation.arm();
    expectation.fail(new FtpsError('closed', 'transfer', 'gone'));
    expectation.onFinal(reply(226));
    expectation.arm();
    expect(await failureOf(expectation.final)).toMatchObject({ kind: 'closed' });
    expect(clock.pending()).toEqual([]);
    expect(expectation.isSettled).toBe(true);
  });
});
