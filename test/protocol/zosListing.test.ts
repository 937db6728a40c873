import { describe, expect, it } from 'vitest';
import { parseList } from '../../src/protocol/listing.ts';
import { split } from './listings/split.ts';
import * as samples from './listings/zos.ts';
import { takenAt } from './realListings.ts';

const read = (listing: string) => parseList(split(listing), takenAt);
const types = (listing: string) => read(listing).entries.map(({ name, type }) => [name, type]);

describe('a listing of z/OS', () => {
  it.each(Object.entries(samples))('C-45 is understood whole: %s', (_, listing) => {
    expect(read(listing).dropped).toEqual([]);
  });

  it('C-45 has sequential data sets as files and partitioned ones as directories', () => {
    expect(types(samples.dataSets)).toEqual([
      ['HCD.MSGLOG', 'file'],
      ['IN.EDDS.RUSJAPON.TXT', 'file'],
      ['IN.JENNY', 'directory'],
      ['OUT.JK.FB128', 'directory'],
      ['SPFTEMP2.LIST', 'file'],
    ]);
    expect(types(samples.wideDataSets)).toEqual([
      ['FIFO.DEMO', 'file'],
      ['ISPF.ISPPROF', 'directory'],
      ['TEST.ABC', 'file'],
    ]);
    expect(types(samples.oldDataSets)).toEqual([
      ['ETC.RPC', 'file'],
      ['ETC.SERVICES', 'file'],
    ]);
    expect(types(samples.directoryMode)).toEqual([
      ['IN', 'directory'],
      ['ISPF', 'directory'],
      ['README', 'file'],
      ['CAI115.UCAT', 'unknown'],
    ]);
  });

  it('C-45 leaves unknown what FTP cannot transfer, or what is migrated and may be either', () => {
    expect(types(samples.migratedDataSets)).toEqual([
      ['BSCSYS.ISPTABL', 'directory'],
      ['BSCSYS.ISPUSER', 'unknown'],
      ['DDIR', 'unknown'],
      ['DDIR.D', 'unknown'],
      ['SMPEJCL.DATA', 'directory'],
      ['TUP.LOD', 'directory'],
    ]);
    expect(types(samples.archivedDataSets)).toEqual([
      ['VLOG.G0001V00', 'unknown'],
      ['NEW.VLOG', 'unknown'],
      ['NEW.VLOG.G0115V00', 'file'],
      ['NEW.VLOG.G0120V00', 'unknown'],
      ['MOON.DDIR', 'unknown'],
      ['INCOMING.RPTBM026.D061704', 'directory'],
    ]);
  });

  it('C-45 keeps the quotes of a whole name, and reads numbers that run together', () => {
    expect(types(samples.crowdedDataSets)).toEqual([
      ['DDIR', 'unknown'],
      ['DDIR.D', 'unknown'],
      ["'USERHLQI.T1.HISPAXZ'", 'file'],
      ["'USERHLQI.T2.HISPAXZ'", 'file'],
      ['CPPOBJS.OBJ', 'unknown'],
    ]);
  });

  it('C-45 tells neither tracks as a size nor the last use as a change', () => {
    for (const entry of read(samples.dataSets).entries) expect(Object.keys(entry)).toEqual(['name', 'type']);
  });

  it('C-45 has the members of a partitioned data set, with statistics or without', () => {
    const { entries } = read(samples.members);
    expect(entries[0]).toEqual({
      name: 'ADDUSER',
      type: 'file',
      modifiedAt: Date.UTC(2008, 9, 14, 12, 42),
      modifiedPrecision: 'minute',
      owner: 'IBMUSER',
    });
    expect(entries.slice(2).map(({ name }) => name)).toEqual(['$2CPF1', 'BLSGPROF', 'UTMPX']);
    expect(entries.at(-1)).toEqual({ name: 'UTMPX', type: 'file' });
  });

  it('C-45 has the members of a load library', () => {
    expect(read(samples.modules).entries).toEqual(
      ['DD', 'DMOCI001', 'EAGRTPRC', 'KCFACDBB'].map((name) => ({ name, type: 'file' })),
    );
  });

  it('C-45 has jobs by their numbers', () => {
    expect(read(samples.jobs).entries).toEqual(
      ['JOB00083', 'JOB00082', 'TSU00024', 'JOB00081', 'JOB00093'].map((name) => ({
        name,
        type: 'file',
        owner: 'USER1',
      })),
    );
    expect(types(samples.oldJobs)).toEqual([
      ['JOB03192', 'file'],
      ['JOB03193', 'file'],
      ['JOB03194', 'file'],
    ]);
  });

  it('C-45 has the spool files of a job as RETR names them, with a size that is in bytes', () => {
    expect(read(samples.spoolFiles).entries).toEqual([
      { name: 'JOB12345.1', type: 'file', size: 1206 },
      { name: 'JOB12345.2', type: 'file', size: 3134 },
      { name: 'JOB12345.4', type: 'file', size: 801 },
    ]);
    const inRecords = samples.spoolFiles.replace('BYTE-COUNT', 'REC-COUNT');
    expect(read(inRecords).entries[0]).toEqual({ name: 'JOB12345.1', type: 'file' });
  });

  it('C-45 has no files for a job that still runs, nor where there are no jobs', () => {
    expect(parseList(['No jobs found on Held queue'], takenAt)).toEqual({ entries: [], dropped: [] });
    expect(read(samples.runningJob)).toEqual({ entries: [], dropped: [] });
  });

  it('C-45 of z/OS UNIX is one of Unix', () => {
    expect(types(samples.unixFiles)).toEqual([
      ['IBM', 'directory'],
      ['acl_edit', 'link'],
      ['batch', 'file'],
    ]);
  });

  it.each([
    ['a data set', samples.dataSets, 'Z18WR1 3390   2008/11/26  1    1  FB      80  1600  XX  HCD.TERM'],
    ['a data set', samples.dataSets, 'Z18WR1 3390   2008/11/26  1    1  FB      80  1600  PS  hcd/term'],
    ['a member', samples.members, 'TOOLONGNAME'],
    ['a member', samples.members, 'a/b'],
    ['a module', samples.modules, 'DD        03DBD8'],
    ['a job', samples.jobs, 'USER1A   JOB83 USER1    OUTPUT A'],
    ['a spool file', samples.spoolFiles, '         one JES2              K JESMSGLG      1206 '],
  ])('C-45 reports a line that is not %s', (_, listing, line) => {
    expect(parseList([...split(listing), line], takenAt).dropped).toEqual([line]);
  });
});
