import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { formatUnixLine, parseUnixLine } from '../../src/protocol/unixListing.ts';

const now = Date.UTC(2026, 10, 20, 10, 13);
const parse = (line: string, at = now) => parseUnixLine(line, at);

describe('parseUnixLine', () => {
  it('C-45 reads all columns', () => {
    expect(parse('-rw-r--r--   1 demo     users        612 Mar  3  2023 index.html')).toEqual({
      name: 'index.html',
      type: 'file',
      size: 612,
      modifiedAt: Date.UTC(2023, 2, 3),
      modifiedPrecision: 'day',
      mode: 0o644,
      owner: 'demo',
      group: 'users',
    });
  });

  it.each([
    ['without group', '-rw-r--r-- 1 demo 612 Mar  3  2023 x', { owner: 'demo' }],
    ['without link count', '-rw-r--r-- demo users 612 Mar  3  2023 x', { owner: 'demo', group: 'users' }],
    ['without owner', '-rw-r--r-- 1 612 Mar  3  2023 x', {}],
    ['without any of them', '-rw-r--r-- 612 Mar  3  2023 x', {}],
    ['with numbers', '-rw-r--r-- 1 1000 1001 612 Mar  3  2023 x', { owner: '1000', group: '1001' }],
    [
      'with blanks',
      '-rw-r--r-- 1 joe Domain Users 612 Mar  3  2023 x',
      { owner: 'joe', group: 'Domain Users' },
    ],
  ])('C-45 reads a line %s', (_, line, owners) => {
    const { owner, group, name, size } = parse(line) ?? {};
    expect({ name, size, ...(owner && { owner }), ...(group && { group }) }).toEqual({
      name: 'x',
      size: 612,
      ...owners,
    });
  });

  it.each(['+', '.', '@', ''])('C-45 reads a mode with the mark %j of access lists', (mark) => {
    expect(parse(`drwxr-x---${mark} 2 a b 4096 Mar  3  2023 x`)?.mode).toBe(0o750);
  });

  it.each([
    ['-rwsr-sr-t', 0o7755],
    ['-rwSr-Sr-T', 0o7644],
    ['-rw-r-lr--', 0o2644],
    ['----------', 0],
    ['-rwxrwxrwx', 0o777],
  ])('reads the mode %s', (text, mode) => {
    expect(parse(`${text} 1 a b 4096 Mar  3  2023 x`)?.mode).toBe(mode);
  });

  it.each([
    ['-', 'file'],
    ['d', 'directory'],
    ['l', 'link'],
    ['p', 'unknown'],
    ['s', 'unknown'],
    ['D', 'unknown'],
  ])('reads the type %s', (letter, type) => {
    expect(parse(`${letter}rw-r--r-- 1 a b 4096 Mar  3  2023 x`)?.type).toBe(type);
  });

  it('leaves out a size that is no exact number, also for the target of a link', () => {
    const entry = parse('lrwxrwxrwx 1 a b 9999999999999999 Mar  3  2023 x -> y');
    expect(entry).toMatchObject({ name: 'x', target: 'y' });
    expect(entry).not.toHaveProperty('size');
  });

  it('C-45 reads a device, which has two numbers and no size', () => {
    const entry = parse('brw-rw----   1 root     disk       8,   1 Nov 20 10:13 sda1');
    expect(entry).toMatchObject({ name: 'sda1', type: 'unknown', group: 'disk' });
    expect(entry).not.toHaveProperty('size');
  });

  it.each([
    ['Nov 20 10:13', Date.UTC(2026, 10, 20, 10, 13)],
    ['Nov 21 10:13', Date.UTC(2026, 10, 21, 10, 13)],
    ['Nov 21 10:14', Date.UTC(2025, 10, 21, 10, 14)],
    ['Jan 01 00:00', Date.UTC(2026, 0, 1)],
    ['Feb 29 12:00', Date.UTC(2024, 1, 29, 12)],
    ['20 Nov 10:13', Date.UTC(2026, 10, 20, 10, 13)],
    ['nov 20 9:05', Date.UTC(2026, 10, 20, 9, 5)],
  ])('C-45 reads %s as the latest such time, at most a day ahead', (text, time) => {
    expect(parse(`-rw-r--r-- 1 a b 1 ${text} x`)).toMatchObject({
      name: 'x',
      modifiedAt: time,
      modifiedPrecision: 'minute',
    });
  });

  it('C-45 reads a time of tomorrow on New Year’s Eve as of the new year', () => {
    const eve = Date.UTC(2026, 11, 31, 20);
    expect(parse('-rw-r--r-- 1 a b 1 Jan  1 02:00 x', eve)?.modifiedAt).toBe(Date.UTC(2027, 0, 1, 2));
  });

  it.each([
    ['2024-01-02 03:04', Date.UTC(2024, 0, 2, 3, 4), 'minute'],
    ['2024-01-02 03:04:05', Date.UTC(2024, 0, 2, 3, 4, 5), 'second'],
    ['2024-01-02 03:04:05.123456789 +0230', Date.UTC(2024, 0, 2, 0, 34, 5), 'second'],
    ['2024-01-02 03:04:05 -0130', Date.UTC(2024, 0, 2, 4, 34, 5), 'second'],
  ])('C-45 reads the time %s', (text, time, precision) => {
    expect(parse(`-rw-r--r-- 1 a b 1 ${text} x`)).toMatchObject({
      name: 'x',
      modifiedAt: time,
      modifiedPrecision: precision,
    });
  });

  it.each(['Feb 30  2024', 'Feb 30 10:00', 'Nov 20 25:00', '2024-13-02 03:04'])(
    'leaves out a time that no calendar has: %s',
    (text) => {
      expect(parse(`-rw-r--r-- 1 a b 1 ${text} x`)).toEqual({
        name: 'x',
        type: 'file',
        size: 1,
        mode: 0o644,
        owner: 'a',
        group: 'b',
      });
    },
  );

  it.each([' x', 'x ', 'a  b', 'x -> y', '1 Jan  2  2024 x', '.htaccess', ';', 'C:\\x', '日本'])(
    'C-45 begins the name %j one space after the time',
    (name) => {
      expect(parse(`-rw-r--r-- 1 a b 1 Mar  3  2023 ${name}`)?.name).toBe(name);
      expect(parse(`-rw-r--r-- 1 a b 1 Mar  3 10:00 ${name}`)?.name).toBe(name);
    },
  );

  it.each([
    ['a -> b', 1, 'a', 'b'],
    ['a', 1, 'a', undefined],
    ['a -> ', 0, 'a', ''],
    ['a -> b -> c', 99, 'a', 'b -> c'],
    ['a -> b -> c', 1, 'a -> b', 'c'],
    ['a -> b -> c', 6, 'a', 'b -> c'],
    ['a -> b -> 日é', 5, 'a -> b', '日é'],
    ['a -> b -> 😀', 4, 'a -> b', '😀'],
  ])('C-45 parts the link %j of %i bytes', (text, size, name, target) => {
    const entry = parse(`lrwxrwxrwx 1 a b ${size} Mar  3  2023 ${text}`);
    expect([entry?.name, entry?.target]).toEqual([name, target]);
  });

  it.each([
    '',
    'total 12',
    'drwxr-xr-x',
    '-rw-r--r-- 1 a b 1 Mar  3  2023',
    '-rw-r--r-- 1 a b 1 Foo  3  2023 x',
    '-rw-r--r-- 1 a b Mar  3  2023 x',
    '01-02-24  03:04PM       <DIR>          x',
    'type=file;size=1; x',
  ])('does not take %j for a line of ls', (line) => {
    expect(parse(line)).toBeUndefined();
  });
});

describe('formatUnixLine', () => {
  it('writes what the parser reads', () => {
    const entry = {
      name: ' a -> b',
      type: 'link',
      size: 3,
      modifiedAt: Date.UTC(2026, 10, 1, 9, 8),
      modifiedPrecision: 'minute',
      target: 'c d',
      mode: 0o7640,
      owner: 'demo',
      group: 'users',
    } as const;
    const line = formatUnixLine(entry, now);
    expect(line).toBe('lrwSr-S--T   1 demo     users               3 Nov  1 09:08  a -> b -> c d');
    expect(parse(line)).toEqual(entry);
  });

  it.each([
    [now - 179 * 86_400_000, 'May 25 10:13'],
    [now - 181 * 86_400_000, 'May 23  2026'],
    [now + 60_000, 'Nov 20  2026'],
  ])('writes the time %i as ls does', (modifiedAt, text) => {
    expect(formatUnixLine({ name: 'x', type: 'file', modifiedAt }, now)).toContain(` ${text} x`);
  });

  it.each([
    ['drwsr-sr-t', 0o7755],
    ['drwSr-Sr-T', 0o7644],
  ])('writes the mode %s', (text, mode) => {
    expect(formatUnixLine({ name: 'x', type: 'directory', mode }, now)).toMatch(new RegExp(`^${text} `));
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('does not write a name that breaks the line: %j', (name) => {
    expect(() => formatUnixLine({ name, type: 'file' }, now)).toThrow(ProtocolError);
    expect(() => formatUnixLine({ name: 'x', type: 'link', target: name }, now)).toThrow(ProtocolError);
  });
});
