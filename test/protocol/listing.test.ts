import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { isSafeName, ListingReader, parseList, parseMlsd } from '../../src/protocol/listing.ts';
import { iisListing, mlsdListings, takenAt, unixListings } from './realListings.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parseList', () => {
  it.each(Object.entries(unixListings))('C-45 reads the listing of %s', (_, lines) => {
    const { entries, dropped } = parseList(lines, takenAt);
    expect(dropped).toEqual([]);
    expect(entries.map(({ name, type }) => [name, type])).toEqual([
      [' leading', 'file'],
      [' two  spaces', 'directory'],
      ['a file; with = signs', 'file'],
      ['back\\slash', 'file'],
      ['big.bin', 'file'],
      ['current', 'link'],
      ['dangling -> link', 'link'],
      ['naïve.txt', 'file'],
      ['pipe', 'unknown'],
      ['public_html', 'directory'],
    ]);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    expect(byName.get('back\\slash')?.mode).toBe(0o4755);
    expect(byName.get('public_html')?.mode).toBe(0o1777);
    expect(byName.get('big.bin')).toMatchObject({
      size: 5_000_000_000,
      modifiedAt: Date.UTC(2022, 5, 7),
      modifiedPrecision: 'day',
    });
    expect(byName.get('current')).toMatchObject({
      target: 'public_html',
      modifiedAt: Date.UTC(2026, 10, 20, 10, 13),
      modifiedPrecision: 'minute',
    });
    expect(byName.get('dangling -> link')?.target).toBe('/no/where');
    expect(byName.get('naïve.txt')?.modifiedAt).toBe(Date.UTC(2020, 1, 29));
  });

  it('C-45 reads the listing of IIS', () => {
    const { entries, dropped } = parseList(iisListing, takenAt);
    expect(dropped).toEqual([]);
    expect(entries.map(({ name, type, size, target }) => [name, type, size, target])).toEqual([
      [' two  spaces', 'directory', undefined, undefined],
      ['big.bin', 'file', 5_000_000_000, undefined],
      ['a file; with = signs', 'file', 1, undefined],
      [' leading', 'file', 1234, undefined],
      ['public_html', 'directory', undefined, undefined],
      ['current', 'link', undefined, 'C:\\inetpub\\public_html'],
    ]);
  });

  it('reads an empty directory', () => {
    expect(parseList([], takenAt)).toEqual({ entries: [], dropped: [] });
    expect(parseList(['total 0', ''], takenAt)).toEqual({ entries: [], dropped: [] });
  });

  const unix = '-rw-r--r-- 1 a b 1 Mar  3  2023 x';
  const dos = '01-02-24  03:04PM       <DIR>          y';

  it('C-45 reads a whole listing by one parser, and reports what that one does not understand', () => {
    expect(parseList([unix, dos, dos], takenAt)).toMatchObject({
      entries: [{ name: 'y' }, { name: 'y' }],
      dropped: [unix],
    });
    expect(parseList([unix, dos], takenAt)).toMatchObject({ entries: [{ name: 'x' }], dropped: [dos] });
    const foreign = [
      'Owner    Last modified  Attributes Sector Bytecount Name',
      '0.0  15/08/30 1100 d-ewrewr 80 96 BIB',
    ];
    expect(parseList(foreign, takenAt)).toEqual({ entries: [], dropped: foreign });
  });

  it.each(['/etc/passwd', '../x', 'a/b', 'a\0b', 'a\rb', ''])(
    'C-46 reports an entry with the name %j',
    (name) => {
      const line = `-rw-r--r-- 1 a b 1 Mar  3  2023 ${name}`;
      expect(parseList([unix, line], takenAt)).toMatchObject({ entries: [{ name: 'x' }], dropped: [line] });
    },
  );
});

describe('parseMlsd', () => {
  it.each(Object.entries(mlsdListings))('C-44 reads the listing of %s', (_, lines) => {
    const { entries, dropped } = parseMlsd(lines);
    expect(dropped).toEqual([]);
    expect(entries).toHaveLength(lines.filter((line) => !/type=[cp]dir/.test(line)).length);
    expect(entries).toContainEqual(
      expect.objectContaining({
        name: ' two  spaces',
        type: 'directory',
        modifiedAt: Date.UTC(2026, 10, 6, 10, 13, 2),
        modifiedPrecision: 'second',
      }),
    );
  });

  it('reads an empty directory', () => {
    expect(parseMlsd(['', ''])).toEqual({ entries: [], dropped: [] });
  });

  it('C-44 knows the links of ProFTPD and Pure-FTPd', () => {
    const links = [...mlsdListings.ProFTPD, ...mlsdListings['Pure-FTPd']];
    expect(parseMlsd(links).entries.filter(({ type }) => type === 'link')).toMatchObject([
      { name: 'current', mode: 0o777 },
      { name: 'dangling -> link', mode: 0o777 },
    ]);
  });

  it.each([
    'type=file; a/b',
    'type=file; ..',
    'type=dir; .',
    'type=file; ',
    'type=file; a\0',
    'garbage',
    'type=file;',
  ])('C-46 reports %j', (line) => {
    expect(parseMlsd([line, 'type=file; x'])).toEqual({
      entries: [{ name: 'x', type: 'file' }],
      dropped: [line],
    });
  });
});

describe('a name', () => {
  it.each(['', '.', '..', '/', 'a/b', '../a', 'a\0', 'a\r', 'a\n'])('C-46 is not safe at all: %j', (name) => {
    expect(isSafeName(name)).toBe(false);
  });

  it.each(['a\\b', '..\\a', '\\', 'C:', 'CON', '.htaccess', ' a', 'a ', '..a', 'ä日'])(
    'C-46 can be sent, wherever else it could not be used: %j',
    (name) => {
      expect(isSafeName(name)).toBe(true);
    },
  );
});

describe('ListingReader', () => {
  it('gives the lines, also one without an end', () => {
    const reader = new ListingReader();
    for (const piece of ['a\r', '\nb', '\n\r\nc\r\r\n d']) reader.push(bytes(piece));
    expect(reader.finish()).toEqual(['a', 'b', '', 'c', ' d']);
    const ended = new ListingReader();
    ended.push(bytes('a\n'));
    expect(ended.finish()).toEqual(['a']);
  });

  it('reads a listing with both UTF-8 and ISO 8859-1 line by line', () => {
    const reader = new ListingReader();
    reader.push(Uint8Array.of(0xc3, 0xa9, 10, 0xe9, 10, 0xef, 0xbb, 0xbf, 0x61));
    expect(reader.finish()).toEqual(['é', 'é', '\ufeffa']);
  });

  it.each([
    ['a line that is too long', { lineBytes: 3 }, 'abc\nabc', 'd'],
    ['a whole line that is too long', { lineBytes: 3 }, 'abc\n', 'abcd\n'],
    ['too many lines', { lines: 2 }, 'a\nb\n', 'c\n'],
    ['too many bytes', { bytes: 6 }, 'ab\ncd\n', '\n'],
  ])('ends at %s, and stays broken', (_, limits, good, bad) => {
    const reader = new ListingReader(undefined, limits);
    reader.push(bytes(good));
    expect(() => reader.push(bytes(bad))).toThrow(ProtocolError);
    expect(() => reader.push(bytes('\n'))).toThrow(ProtocolError);
    expect(() => reader.finish()).toThrow(ProtocolError);
  });

  it('counts no carriage return at the end of a line, be lines read one by one or many at once', () => {
    const reader = new ListingReader(undefined, { bytes: 8 });
    for (const piece of ['a\nb\r\n', 'c\r\r', '\n', 'd\n']) reader.push(bytes(piece));
    expect(reader.finish()).toEqual(['a', 'b', 'c', 'd']);
    expect(reader.count).toBe(4);
  });
});
