import { describe, expect, it } from 'vitest';
import { type LearntLimit, SessionLimit } from '../../src/remote/sessionLimit.ts';
import { FakeClock } from '../support/fakeClock.ts';

const believedFor = 1000;

function limitOf(learnt?: (clock: FakeClock) => LearntLimit) {
  const clock = new FakeClock();
  const told: (LearntLimit | undefined)[] = [];
  const limit = new SessionLimit({
    wanted: 4,
    believedFor,
    learnt: learnt?.(clock),
    onLearnt: (found) => told.push(found),
    clock,
  });
  return { limit, clock, told };
}

describe('the number of sessions that a server bears', () => {
  it('is what the user wants as long as the server has not said otherwise', () => {
    expect(limitOf().limit.current).toBe(4);
  });

  it('is what was open when it refused one more', () => {
    const { limit, told, clock } = limitOf();
    limit.refused(2);
    expect([limit.current, told]).toEqual([2, [{ sessions: 2, at: clock.now() }]]);
  });

  it('is raised by a session that it took after it had refused another of the same moment', () => {
    const { limit } = limitOf();
    limit.refused(1);
    limit.bore(2);
    expect(limit.current).toBe(2);
  });

  it('is doubted after a while by one session at a time, until all that are wanted stand', () => {
    const { limit, clock, told } = limitOf((at) => ({ sessions: 1, at: at.now() }));
    expect(limit.current).toBe(1);
    clock.advance(believedFor);
    expect(limit.current).toBe(2);
    limit.bore(2);
    expect(limit.current).toBe(3);
    limit.bore(3);
    limit.bore(4);
    expect([limit.current, told.at(-1)]).toEqual([4, undefined]);
    clock.advance(believedFor);
    expect(limit.current).toBe(4);
  });

  it('is doubted when it was learnt in the future, by a clock that was set back since', () => {
    const { limit } = limitOf((clock) => ({ sessions: 1, at: clock.now() + 1 }));
    expect([limit.current, limit.risesIn]).toEqual([2, undefined]);
  });

  it('is never less than one, and never more than the user wants', () => {
    expect(limitOf((clock) => ({ sessions: 9, at: clock.now() })).limit.current).toBe(4);
    expect(limitOf((clock) => ({ sessions: 0, at: clock.now() })).limit.current).toBe(1);
  });

  it('is not what a failure of another kind leaves open, but that is kept for half a minute', () => {
    const { limit, clock, told } = limitOf();
    limit.failed(1);
    expect(limit.current).toBe(1);
    clock.advance(30_000);
    expect([limit.current, told]).toEqual([4, []]);
    limit.failed(1);
    limit.bore(2);
    expect(limit.current).toBe(4);
  });
});
