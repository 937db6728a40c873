import { describe, expect, it } from 'vitest';
import { abandonedAfter, abandonedUploads } from '../../src/editor/leftoverUploads.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { temporaryName } from '../../src/remote/temporaryName.ts';
import { entryOf } from './support/entries.ts';

const now = Date.UTC(2026, 0, 15, 12);
const path = `/www/${temporaryName('index.html')}`;

describe('unfinished uploads', () => {
  it('are offered for removal when they are older than a day', () => {
    const old = entryOf(path, { modifiedAt: now - abandonedAfter - 1 });
    expect(abandonedUploads([entryOf('/www/index.html', { modifiedAt: 1 }), old], now)).toEqual([old]);
  });

  it('are offered by the times of a LIST, its zone counted in where it is known, and allowed for where not', () => {
    const hour = 3_600_000;
    const listed = (age: number, facts: Partial<RemoteEntry> = {}): RemoteEntry =>
      entryOf(path, { modifiedAt: now - age * hour, timeSource: 'list', ...facts });
    const isOffered = (entry: RemoteEntry): boolean => abandonedUploads([entry], now).length === 1;
    expect(isOffered(listed(31, { aheadOfUtc: -8 * hour }))).toBe(false);
    expect(isOffered(listed(33, { aheadOfUtc: -8 * hour }))).toBe(true);
    expect(isOffered(listed(17, { aheadOfUtc: 8 * hour }))).toBe(true);
    expect(isOffered(listed(49))).toBe(false);
    expect(isOffered(listed(51))).toBe(true);
  });

  it.each([
    ['are at work', now - 1000],
    ['have a time that the server did not tell', 0],
    ['are from a server whose clock is ahead', now + abandonedAfter],
  ])('are left alone when they %s', (_why, modifiedAt) => {
    expect(abandonedUploads([entryOf(path, { modifiedAt })], now)).toEqual([]);
  });
});
