import { describe, expect, it } from 'vitest';
import { parseList } from '../../src/protocol/listing.ts';
import { split } from './listings/split.ts';
import * as samples from './listings/vms.ts';
import { takenAt } from './realListings.ts';

const read = (listing: string) => parseList(split(listing), takenAt);

describe('a listing of OpenVMS', () => {
  it.each(Object.entries(samples))('C-45 is understood whole: %s', (_, listing) => {
    expect(read(listing).dropped).toEqual([]);
  });

  it('C-45 has names without version, directories without .DIR, and long names', () => {
    expect(read(samples.multiNet).entries).toEqual([
      {
        name: 'A1MAIL$',
        type: 'directory',
        modifiedAt: Date.UTC(1997, 6, 27, 8, 46),
        modifiedPrecision: 'minute',
        owner: 'POOR',
      },
      {
        name: 'A1MAIL$USER_PROFILE.DAT',
        type: 'file',
        modifiedAt: Date.UTC(1995, 3, 10, 14, 48),
        modifiedPrecision: 'minute',
        owner: 'POOR',
      },
      {
        name: 'FTP_SERVER.LOG',
        type: 'file',
        modifiedAt: Date.UTC(2000, 1, 6, 14, 42),
        modifiedPrecision: 'minute',
        owner: 'POOR',
      },
      {
        name: 'GOPHERRC',
        type: 'file',
        modifiedAt: Date.UTC(1993, 9, 5, 14, 30),
        modifiedPrecision: 'minute',
        owner: 'POOR',
      },
      {
        name: 'WWW',
        type: 'directory',
        modifiedAt: Date.UTC(1997, 6, 27, 8, 47),
        modifiedPrecision: 'minute',
        owner: 'POOR',
      },
    ]);
  });

  it('C-45 has of several versions the newest, wherever it stands', () => {
    expect(read(samples.tcpIpServices).entries).toEqual([
      {
        name: '$MAIN.TPU$JOURNAL',
        type: 'file',
        modifiedAt: Date.UTC(2004, 5, 8, 13, 4, 14),
        modifiedPrecision: 'second',
        owner: 'FISSION',
        group: 'NUCLEAR',
      },
      {
        name: 'TCPIP$FTP_SERVER.LOG',
        type: 'file',
        modifiedAt: Date.UTC(2004, 5, 8, 14, 42, 4),
        modifiedPrecision: 'second',
        owner: 'FISSION',
        group: 'NUCLEAR',
      },
    ]);
  });

  it('C-45 may lack the time, the owner and the protection', () => {
    const [directory, file, withoutTime, bare] = read(samples.sparse).entries;
    expect(directory).toMatchObject({ name: 'pdf-dir', type: 'directory', owner: 'root', group: 'root' });
    expect(file).toEqual({
      name: 'pdf-file',
      type: 'file',
      modifiedAt: Date.UTC(2003, 6, 2, 10, 30, 13),
      modifiedPrecision: 'second',
    });
    expect(withoutTime).toMatchObject({
      modifiedAt: Date.UTC(2000, 0, 7),
      modifiedPrecision: 'day',
      owner: 'IV2_XXX',
    });
    expect(bare).toMatchObject({ owner: 'PRONAS', modifiedPrecision: 'day' });
  });

  it('C-45 names what may not be looked at, and reads a date before the size', () => {
    expect(
      read(samples.diverse).entries.map(({ name, type, modifiedAt }) => [name, type, modifiedAt]),
    ).toEqual([
      ['DIGLIB', 'directory', undefined],
      ['LOGIN.COM', 'file', undefined],
      ['ETHER.TXT', 'file', Date.UTC(1988, 7, 4, 11, 40)],
      ['00-INDEX.ALL', 'file', Date.UTC(1992, 10, 5, 14, 43, 39)],
      ['00._THIS_SITE_NO_LONGER_EXISTS', 'file', Date.UTC(1992, 5, 30, 9, 4, 23)],
      ['CAESAR', 'directory', Date.UTC(1992, 5, 13, 13, 18, 42)],
      ['FTPSTUFF', 'directory', Date.UTC(1991, 3, 29)],
    ]);
  });

  it('C-45 of an empty directory is complete', () => {
    const headings = ['Directory SYS$SYSDEVICE:[SMITH]', '', 'Total of 0 files, 0 blocks.'];
    expect(parseList(headings, takenAt)).toEqual({ entries: [], dropped: [] });
  });

  it.each([
    ['Directory listing failed'],
    ['A.TXT;1              1  35-FOO-1992 13:18 [A]'],
    ['A.TXT;1'],
    ['a/b.TXT;1   1  1-JAN-2020 10:00 [A]'],
    ['A.TXT;1   1  1-JAN-2020 10:00 [A] (RWED) more'],
  ])('C-45 reports a line that it cannot hold: %s', (line) => {
    expect(parseList([...split(samples.multiNet), line], takenAt).dropped).toEqual([line]);
    expect(parseList([line], takenAt)).toEqual({ entries: [], dropped: [line] });
  });

  it('leaves out a time that no calendar has', () => {
    expect(parseList(['A.TXT;1   1  31-FEB-2020 10:00 [A] (RWED,,,)'], takenAt).entries).toEqual([
      { name: 'A.TXT', type: 'file', owner: 'A' },
    ]);
  });

  it.each(['.DIR;1', '.;1'])('C-46 reports an entry without a name: %s', (name) => {
    const line = `${name}   1  1-JAN-2020 10:00 [A] (RWED,,,)`;
    expect(parseList([...split(samples.multiNet), line], takenAt).dropped).toEqual([line]);
  });
});
