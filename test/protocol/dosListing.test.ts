import { describe, expect, it } from 'vitest';
import { formatDosLine, parseDosLine } from '../../src/protocol/dosListing.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';

describe('parseDosLine', () => {
  it.each([
    ['01-02-24  03:04PM', Date.UTC(2024, 0, 2, 15, 4)],
    ['01-02-2024  03:04AM', Date.UTC(2024, 0, 2, 3, 4)],
    ['01-02-24  12:00AM', Date.UTC(2024, 0, 2)],
    ['01-02-24  12:00PM', Date.UTC(2024, 0, 2, 12)],
    ['12-31-99  11:59PM', Date.UTC(1999, 11, 31, 23, 59)],
    ['01/02/2024  03:04 PM', Date.UTC(2024, 0, 2, 15, 4)],
    ['01-02-24  15:04', Date.UTC(2024, 0, 2, 15, 4)],
    ['2024-01-02  15:04', Date.UTC(2024, 0, 2, 15, 4)],
  ])('C-45 reads the time %s', (text, modifiedAt) => {
    expect(parseDosLine(`${text}                 1234 x`)).toEqual({
      name: 'x',
      type: 'file',
      size: 1234,
      modifiedAt,
      modifiedPrecision: 'minute',
    });
  });

  it.each(['13-02-24  03:04PM', '02-30-24  03:04PM', '01-02-24  13:04PM', '01-02-24  00:04AM'])(
    'leaves out a time that no calendar has: %s',
    (text) => {
      expect(parseDosLine(`${text}  1234 x`)).toEqual({ name: 'x', type: 'file', size: 1234 });
    },
  );

  it.each([
    ['      <DIR>          x', { name: 'x', type: 'directory' }],
    ['      <DIR>           x y', { name: ' x y', type: 'directory' }],
    ['      <DIR> x', { name: 'x', type: 'directory' }],
    ['                 1234  x', { name: ' x', type: 'file', size: 1234 }],
    ['            1,234,567 x', { name: 'x', type: 'file', size: 1_234_567 }],
    ['      <JUNCTION>     x [C:\\a b]', { name: 'x', type: 'link', target: 'C:\\a b' }],
    ['      <SYMLINKD>     x', { name: 'x', type: 'link' }],
    ['      <SYMLINK>      x [..\\y]', { name: 'x', type: 'link', target: '..\\y' }],
    ['      <WORMHOLE>     x', { name: 'x', type: 'unknown' }],
  ])('C-45 reads the columns %j', (columns, entry) => {
    expect(parseDosLine(`01-02-24  03:04PM ${columns}`)).toMatchObject(entry);
  });

  it.each(['', 'total 3', '01-02-24  03:04PM', '01-02-24 <DIR> x', '-rw-r--r-- 1 a b 1 Mar  3  2023 x'])(
    'does not take %j for a line of dir',
    (line) => {
      expect(parseDosLine(line)).toBeUndefined();
    },
  );
});

describe('formatDosLine', () => {
  it.each(['file', 'directory'] as const)('writes a %s as the parser reads it', (type) => {
    for (const hour of [0, 9, 12, 23]) {
      const modifiedAt = Date.UTC(2024, 0, 2, hour, 5);
      const entry = { name: '  a b ', type, modifiedAt, ...(type === 'file' && { size: 0 }) };
      expect(parseDosLine(formatDosLine(entry))).toEqual({ ...entry, modifiedPrecision: 'minute' });
    }
  });

  it('writes the columns of IIS', () => {
    const modifiedAt = Date.UTC(2024, 0, 2, 15, 4);
    expect(formatDosLine({ name: 'x', type: 'directory', modifiedAt })).toBe(
      '01-02-2024  03:04PM       <DIR>          x',
    );
    expect(formatDosLine({ name: 'x', type: 'file', size: 12, modifiedAt })).toBe(
      '01-02-2024  03:04PM                   12 x',
    );
  });

  it('does not write a name that breaks the line', () => {
    expect(() => formatDosLine({ name: 'a\r\nb', type: 'file' })).toThrow(ProtocolError);
  });
});
