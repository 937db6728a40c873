import { describe, expect, it } from 'vitest';
import { parseList } from '../../src/protocol/listing.ts';
import * as samples from './listings/os400.ts';
import { split } from './listings/split.ts';
import { takenAt } from './realListings.ts';

const read = (listing: string, now = takenAt) => parseList(split(listing), now);

describe('a listing of OS/400', () => {
  it.each(Object.entries(samples))('C-45 is understood whole: %s', (_, listing) => {
    expect(read(listing).dropped).toEqual([]);
  });

  it('C-45 has files with their size, folders without', () => {
    expect(read(samples.yearFirst).entries).toEqual([
      { name: 'einladung.zip', type: 'file', size: 4019, owner: 'PEP' },
      { name: 'dir1', type: 'directory', owner: 'PEP' },
      { name: 'build.xml', type: 'file', size: 5_000_000_000, owner: 'PEP' },
    ]);
  });

  it('C-45 reads times in the only order that makes all of them dates of the past', () => {
    const second = { modifiedPrecision: 'second' };
    expect(read(samples.monthFirst).entries[4]).toMatchObject({
      modifiedAt: Date.UTC(1999, 1, 5, 16, 6, 37),
      ...second,
    });
    expect(read(samples.monthFirst).entries[5]).toMatchObject({
      modifiedAt: Date.UTC(2000, 1, 10, 15, 59, 33),
      ...second,
    });
    expect(read(samples.dayFirst, Date.UTC(2014, 0)).entries).toMatchObject([
      { modifiedAt: Date.UTC(2011, 4, 21, 12, 31, 18), ...second },
      { modifiedAt: Date.UTC(2013, 6, 4, 9, 4, 14), ...second },
    ]);
    expect(read(samples.yearFirst, Date.UTC(2005, 0)).entries[1]).toMatchObject({
      modifiedAt: Date.UTC(2004, 2, 24, 14, 6, 34),
      ...second,
    });
  });

  it('C-45 leaves times out where the order cannot be known', () => {
    for (const entry of read(samples.ambiguous).entries) expect(entry).not.toHaveProperty('modifiedAt');
    for (const entry of read(samples.yearFirst).entries) expect(entry).not.toHaveProperty('modifiedAt');
  });

  it('C-45 has the members of a source file, which is a directory', () => {
    expect(read(samples.sourceFile).entries).toEqual([
      { name: 'MKCMD.MBR', type: 'file', owner: 'QPGMR' },
      { name: 'RUCALLTST.MBR', type: 'file', owner: 'QPGMR' },
    ]);
  });

  it('C-45 has a library’s files, and save files as files', () => {
    expect(read(samples.library).entries.map(({ name, type, size }) => [name, type, size])).toEqual([
      ['RPGUNITC1.FILE', 'directory', undefined],
      ['RPGUNIT.SAVF', 'file', 16_347_136],
    ]);
  });

  it('C-45 has links, other objects, and names with blanks', () => {
    expect(read(samples.ambiguous).entries.map(({ name, type, owner }) => [name, type, owner])).toEqual([
      ['BPTFSAVF', 'directory', 'BAILEYSE'],
      ['a  b.txt', 'file', 'BAILEYSE'],
      ['anonymous', 'file', undefined],
      ['link', 'link', 'BAILEYSE'],
      ['QGPL', 'directory', 'BAILEYSE'],
      ['SMITH', 'unknown', 'BAILEYSE'],
    ]);
  });

  it.each([
    'PEP              4019 04/03/18 18:58:16 STMF       einladung.zip',
    'PEP USR         36864 04/03/24 14:06:34 *DIR       dir1/',
    'PEP             3686404/03/24 14:06:47 *DIR       zdir2/',
    'PEP              4019 04/03/18 18:58:16 *STMF      sub/einladung.zip',
  ])('C-45 C-46 reports %s', (line) => {
    expect(parseList([...split(samples.dayFirst), line], takenAt).dropped).toEqual([line]);
  });
});
