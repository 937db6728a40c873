import { describe, expect, it } from 'vitest';
import { GrowingList, GrowingMlsd } from '../../src/protocol/growingListing.ts';
import { ListingReader, parseList, parseMlsd } from '../../src/protocol/listing.ts';

const now = Date.UTC(2026, 5, 1);

const unix = [
  'total 8',
  'drwxr-xr-x 2 alice users 4096 May  1 10:00 .',
  '-rw-r--r-- 1 alice users 12 May  1 10:00 a.txt',
  '',
  'drwxr-xr-x 2 alice users 4096 May  1 10:00 docs',
];
const dos = ['05-01-26  10:00AM       <DIR>          docs', '05-01-26  10:01AM                   12 a.txt'];
const mlsd = [
  'type=cdir; .',
  'type=file;size=12; a.txt',
  'no fact at all',
  'type=dir; docs',
  'type=file; a/b',
];

describe('a listing that comes bit by bit', () => {
  it.each([
    ['as Unix prints it', unix],
    ['as DOS prints it', dos],
    ['that turns out to be of another kind late', [...unix, ...dos, ...dos, ...dos, ...dos]],
    ['of nothing', []],
    ['with a line that nobody understands', [...unix, 'what is this?']],
  ])('C-45: says what it says in one piece: %s', (_, lines) => {
    const growing = new GrowingList(now);
    for (const line of lines) growing.push([line]);
    expect(growing.finish()).toEqual(parseList(lines, now));
  });

  it('C-44: says what it says in one piece, of MLSD', () => {
    const growing = new GrowingMlsd();
    for (const line of mlsd) growing.push([line]);
    const listing = growing.finish();
    expect(listing).toEqual(parseMlsd(mlsd));
    expect(listing.dropped).toEqual(['no fact at all', 'type=file; a/b']);
  });

  it('counts lines that were taken out, and bounds them all the same', () => {
    const reader = new ListingReader(undefined, { lines: 3 });
    reader.push(new TextEncoder().encode('a\nb\nc'));
    expect(reader.take()).toEqual(['a', 'b']);
    reader.push(new TextEncoder().encode('\n'));
    expect([reader.take(), reader.count]).toEqual([['c'], 3]);
    expect(() => reader.push(new TextEncoder().encode('d\n'))).toThrow('too many lines');
  });
});
