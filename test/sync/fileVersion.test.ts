import { describe, expect, it } from 'vitest';
import { compareVersions, type FileVersion, isNewer, type SeenVersion } from '../../src/sync/fileVersion.ts';
import { seen, version } from './support/trees.ts';

const minute = 60_000;
const hour = 60 * minute;
const at = Date.UTC(2026, 2, 28, 10, 30, 20);

describe('two versions of a file', () => {
  it('are the same when size and time are, and the file is known to be older than what the time can tell', () => {
    expect(compareVersions(seen(5), version(5))).toBe('same');
  });

  it('differ by their sizes, whatever the times', () => {
    expect(compareVersions(seen(5), version(6))).toBe('different');
  });

  it('differ by their times, into the past too: an older file may have been put in its place', () => {
    expect(compareVersions(seen(5, { modifiedAt: at }), version(5, { modifiedAt: at - 1000 }))).toBe(
      'different',
    );
  });

  it.each([
    ['second', 'facts', 1000],
    ['minute', 'list', minute],
    ['second', 'local', 1000],
    ['millisecond', 'local', 10],
  ] as const)('are doubtful while a change within the same %s would not show', (precision, source, unit) => {
    const told = { modifiedAt: at, precision, source };
    const before = seen(5, { ...told, firstSeen: at, lastSeen: at + unit });
    expect(compareVersions(before, version(5, told))).toBe('doubtful');
    const later: SeenVersion = { ...before, lastSeen: at + 2 * unit + 1 };
    expect(compareVersions(later, version(5, told))).toBe('same');
  });

  it('differ by any part of a second that a local disk tells', () => {
    const before = seen(5, { modifiedAt: at + 456, precision: 'millisecond', source: 'local' });
    const now = version(5, { modifiedAt: at, precision: 'second', source: 'local' });
    expect(compareVersions(before, now)).toBe('different');
  });

  it.each([-7.2, 7.2])('do not trust the clock of a server that is off by %d hours', (hours) => {
    const told = { modifiedAt: at + hours * hour };
    const before = seen(5, { ...told, firstSeen: at, lastSeen: at });
    expect(compareVersions(before, version(5, told))).toBe('doubtful');
  });

  it('are told by MLSD or MDTM and by LIST in ways that are never compared', () => {
    expect(compareVersions(seen(5), version(5, { source: 'list' }))).toBe('doubtful');
  });

  it.each([hour, -hour])('of a LIST may be the same %d milliseconds apart: summer time', (moved) => {
    const told = { modifiedAt: at, precision: 'minute', source: 'list' } as const;
    expect(compareVersions(seen(5, told), version(5, { ...told, modifiedAt: at + moved }))).toBe('doubtful');
    const facts: FileVersion = version(5, { modifiedAt: at + moved });
    expect(compareVersions(seen(5, { modifiedAt: at }), facts)).toBe('different');
  });

  it('of a LIST are the same when the file has grown so old that its hour is no longer told', () => {
    const told = { modifiedAt: at, precision: 'minute', source: 'list' } as const;
    const old = version(5, { modifiedAt: Date.UTC(2026, 2, 28), precision: 'day', source: 'list' });
    expect(compareVersions(seen(5, told), old)).toBe('same');
    const young = seen(5, { ...told, firstSeen: at, lastSeen: at + hour });
    expect(compareVersions(young, old)).toBe('doubtful');
  });

  it('are doubtful where the server tells no time', () => {
    expect(compareVersions(seen(5, { modifiedAt: 0 }), version(5, { modifiedAt: 0 }))).toBe('doubtful');
  });
});

describe('a version is newer than that of the other side', () => {
  const facts = { version: version(5, { modifiedAt: at }) };
  const here = (modifiedAt: number) => ({
    version: version(5, { modifiedAt, precision: 'millisecond', source: 'local' }),
  });
  const listed = (modifiedAt: number, aheadOfUtc?: number) => ({
    version: version(5, { modifiedAt, precision: 'minute', source: 'list' }),
    ...(aheadOfUtc === undefined ? {} : { aheadOfUtc }),
  });

  it('when its time is later than any that the other time may stand for', () => {
    expect(isNewer(here(at + 999), facts)).toBe(false);
    expect(isNewer(here(at + 1000), facts)).toBe(true);
    expect(isNewer(facts, here(at))).toBe(false);
    expect(isNewer(facts, here(at - 1))).toBe(true);
  });

  it('never where either side tells no time', () => {
    expect(isNewer(here(at), { version: version(5, { modifiedAt: 0 }) })).toBe(false);
    expect(isNewer({ version: version(5, { modifiedAt: 0 }) }, here(at))).toBe(false);
    expect(isNewer({ version: version(5, { modifiedAt: 0 }) }, here(-at))).toBe(false);
  });

  it('in no zone in which a LIST may tell its time', () => {
    const apart = 26 * hour + minute;
    expect(isNewer(here(at + apart - 1), listed(at))).toBe(false);
    expect(isNewer(here(at + apart), listed(at))).toBe(true);
    expect(isNewer(listed(at + 26 * hour), here(at))).toBe(false);
    expect(isNewer(listed(at + 26 * hour + 1), here(at))).toBe(true);
  });

  it('in the zone of the server, where that is known, be it summer or winter there', () => {
    const newYork = -5 * hour;
    expect(isNewer(here(at), listed(at + newYork - hour - minute, newYork))).toBe(true);
    expect(isNewer(here(at), listed(at + newYork - hour, newYork))).toBe(false);
    expect(isNewer(listed(at + newYork + hour + 1, newYork), here(at))).toBe(true);
    expect(isNewer(listed(at + newYork + hour, newYork), here(at))).toBe(false);
  });
});
