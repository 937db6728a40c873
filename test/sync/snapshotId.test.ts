import { describe, expect, it } from 'vitest';
import { idAfter, timeOfSync } from '../../src/sync/snapshotId.ts';

const now = Date.UTC(2026, 10, 20, 14, 23, 31, 500);
const day = 86_400_000;

describe('the name of a sync that is kept', () => {
  it('tells when it was', () => {
    expect(idAfter([], now)).toBe('20261120T142331.500Z');
    expect(timeOfSync(idAfter([], now))).toBe(now);
    expect(timeOfSync('something')).toBeUndefined();
  });

  it('sorts behind all before it, and still tells when it was, when the clock is set back', () => {
    const ids = ['not a sync'];
    const times = [
      now,
      now,
      now + day,
      now,
      now,
      now - day,
      now + 1,
      now + day,
      now + day + 4,
      now + 2 * day,
    ];
    for (const time of times) ids.push(idAfter(ids, time));
    const kept = ids.slice(1);
    expect(kept.toSorted()).toEqual(kept);
    expect(new Set(kept).size).toBe(times.length);
    expect(kept.map(timeOfSync)).toEqual(times);
  });
});
