import { describe, expect, it } from 'vitest';
import { parseDosLine } from '../../src/protocol/dosListing.ts';
import { parseEplfLine } from '../../src/protocol/eplfListing.ts';
import { parseList } from '../../src/protocol/listing.ts';
import type { ListingDialect } from '../../src/protocol/listingDialect.ts';
import { readOs400Listing } from '../../src/protocol/os400Listing.ts';
import { parseUnixLine } from '../../src/protocol/unixListing.ts';
import { readVmsListing } from '../../src/protocol/vmsListing.ts';
import { readZosListing } from '../../src/protocol/zosListing.ts';
import { eplf } from './listings/eplf.ts';
import * as os400 from './listings/os400.ts';
import { split } from './listings/split.ts';
import * as vms from './listings/vms.ts';
import * as zos from './listings/zos.ts';
import { iisListing, mlsdListings, takenAt, unixListings } from './realListings.ts';

const { unixFiles, ...zosOnly } = zos;
const ofEach = (samples: Readonly<Record<string, string>>) => Object.values(samples).map(split);

const withoutTotal = (listing: readonly string[]) =>
  listing.filter((line) => line.trim() !== '' && !line.startsWith('total '));

const dialects: Readonly<Record<string, { read: ListingDialect; listings: readonly (readonly string[])[] }>> =
  {
    Unix: {
      read: (lines, now) => lines.map((text) => ({ text, entry: parseUnixLine(text, now) })),
      listings: [...Object.values(unixListings), split(unixFiles)],
    },
    DOS: {
      read: (lines) => lines.map((text) => ({ text, entry: parseDosLine(text) })),
      listings: [iisListing],
    },
    'z/OS': { read: readZosListing, listings: ofEach(zosOnly) },
    'OS/400': { read: readOs400Listing, listings: ofEach(os400) },
    OpenVMS: { read: readVmsListing, listings: ofEach(vms) },
    EPLF: {
      read: (lines) => lines.map((text) => ({ text, entry: parseEplfLine(text) })),
      listings: [split(eplf)],
    },
  };

const pairs = Object.entries(dialects).flatMap(([name, { listings }]) =>
  Object.entries(dialects)
    .filter(([other]) => other !== name)
    .map(([other, { read }]) => ({ name, listings, other, read })),
);

describe('the dialects of LIST', () => {
  it.each(pairs)('C-45 no line of $name is understood by $other', ({ listings, read }) => {
    for (const listing of listings) {
      expect(read(withoutTotal(listing), takenAt).filter(({ entry }) => entry !== undefined)).toEqual([]);
    }
  });

  it.each(Object.entries(dialects))('C-45 %s is read whole by its own dialect', (_, { read, listings }) => {
    for (const listing of listings) {
      const own = read(withoutTotal(listing), takenAt);
      const names = own.flatMap(({ entry }) => (entry === undefined ? [] : [entry.name]));
      const { entries, dropped } = parseList(listing, takenAt);
      expect(dropped).toEqual([]);
      expect(entries.map(({ name }) => name)).toEqual(names.filter((name) => name !== '.' && name !== '..'));
    }
  });

  it('C-45 do not understand MLSD', () => {
    for (const lines of Object.values(mlsdListings)) {
      for (const { read } of Object.values(dialects)) {
        expect(read(lines, takenAt).filter(({ entry }) => entry !== undefined)).toEqual([]);
      }
    }
  });

  it('C-45 are told apart by the whole listing, not line by line', () => {
    const [first = '', ...rest] = split(vms.diverse);
    const mixed = [...rest, ...iisListing.slice(0, 1)];
    expect(parseList(mixed, takenAt).dropped).toEqual(iisListing.slice(0, 1));
    expect(parseList([first, ...iisListing], takenAt).dropped).toEqual([first]);
  });

  it('C-45 EPLF tells type, size, time, mode and what makes a file unique', () => {
    expect(parseList(split(eplf), takenAt).entries).toEqual([
      {
        name: 'djb.html',
        type: 'file',
        size: 280,
        modifiedAt: 825_718_503_000,
        modifiedPrecision: 'second',
        unique: '8388621.48594',
      },
      {
        name: '514',
        type: 'directory',
        modifiedAt: 824_255_907_000,
        modifiedPrecision: 'second',
        unique: '8388621.50690',
      },
      {
        name: 'two words.html',
        type: 'file',
        size: 612,
        modifiedAt: 824_253_270_000,
        modifiedPrecision: 'second',
        mode: 0o755,
        unique: '8388621.48598',
      },
      { name: 'device', type: 'unknown', unique: '8388621.48599' },
    ]);
    expect(parseEplfLine('+r,no tab')).toBeUndefined();
    expect(parseEplfLine('+sx,m-1,r,i,upx,\tx')).toEqual({ name: 'x', type: 'file' });
  });
});
