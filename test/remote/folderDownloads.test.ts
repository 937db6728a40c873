import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { failureOf } from './support/folderFailure.ts';
import { describesTargets, no, type Oddity } from './support/oddServers.ts';
import { Site } from './support/site.ts';

async function seedNumbered(site: Site, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `${index}.txt`);
  for (const name of names) await site.seed(`www/${name}`);
  return names;
}

/** Listings in which every file has another size. */
function withSizes(client: RemoteClient, sizeOf: (size: number) => number): RemoteClient['list'] {
  return async (path, signal) => {
    const listing = await client.list(path, signal);
    const entries = listing.entries.map((entry) =>
      entry.size === undefined ? entry : { ...entry, size: sizeOf(entry.size) },
    );
    return { ...listing, entries };
  };
}

const lost = new FtpsError('closed', 'transfer', 'The control connection was lost.');

describe('downloading a folder', () => {
  it('brings small files, large ones and empty ones', async () => {
    await using site = await Site.start();
    const large = new Uint8Array(3_000_000).map((_, index) => index * 7);
    await site.seed('www/large.bin', large);
    await site.seed('www/empty', '');
    await site.seed('www/small', 'small');
    const result = await site.files.downloadDirectory('/www', site.outside('down'));
    expect(result).toMatchObject({ files: 3, bytes: 3_000_005 });
    expect(large.every((byte, index) => byte === (index * 7) % 256)).toBe(true);
    expect(Buffer.from(large).equals(await readFile(site.outside('down/large.bin')))).toBe(true);
    expect((await readdir(site.outside('down'))).sort()).toEqual(['empty', 'large.bin', 'small']);
  });

  it('asks for no sizes where the listing has told them', async () => {
    await using site = await Site.start();
    await seedNumbered(site, 10);
    await site.files.downloadDirectory('/www', site.outside('down'));
    expect(site.said().filter((line) => /^(SIZE|MLST|MDTM)/.test(line))).toEqual([]);
  });

  it('takes a file that is another than it was listed as it is now', async () => {
    await using site = await Site.start({
      oddity: (client) => ({ list: withSizes(client, (size) => size + 3) }),
    });
    const names = await seedNumbered(site, 5);
    expect(await site.files.downloadDirectory('/www', site.outside('down'))).toMatchObject({ files: 5 });
    for (const name of names) {
      expect(await readFile(site.outside(`down/${name}`), 'utf8')).toBe(`www/${name}`);
    }
  });

  it('streams a file that is far larger than it was listed', async () => {
    await using site = await Site.start({ oddity: (client) => ({ list: withSizes(client, () => 5) }) });
    const large = new Uint8Array(2_000_000).fill(7);
    await site.seed('www/large.bin', large);
    await site.files.downloadDirectory('/www', site.outside('down'));
    expect(large.length).toBe((await readFile(site.outside('down/large.bin'))).length);
  });

  it('C-38: takes no file that came cut short, and keeps the old one', async () => {
    const oddity: Oddity = () => ({
      retrieve: async (_, sink: Writable) => {
        sink.end('cut');
        return 3;
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('www/a.txt', 'not cut');
    await mkdir(site.outside('down'));
    await writeFile(site.outside('down/a.txt'), 'old');
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['unavailable /www/a.txt']);
    expect(await readFile(site.outside('down/a.txt'), 'utf8')).toBe('old');
    expect(await readdir(site.outside('down'))).toEqual(['a.txt']);
  });

  it('asks for a file again when its session is lost', async () => {
    let losses = 0;
    const oddity: Oddity = (client) => ({
      retrieve: async (path, sink, options, signal) => {
        if (losses++ > 2) return client.retrieve(path, sink, options, signal);
        client.destroy();
        throw lost;
      },
    });
    await using site = await Site.start({ oddity });
    const names = await seedNumbered(site, 8);
    expect(await site.files.downloadDirectory('/www', site.outside('down'))).toMatchObject({ files: 8 });
    expect((await readdir(site.outside('down'))).sort()).toEqual(names.sort());
  });

  it.each([
    ['one session', { sessions: 1 }],
    [
      'the two sessions that the server bears',
      { sessions: 8, server: { limits: { sessionsPerAddress: 2 } } },
    ],
  ])('makes do with %s', async (_, options) => {
    await using site = await Site.start(options);
    await seedNumbered(site, 30);
    expect(await site.files.downloadDirectory('/www', site.outside('down'))).toMatchObject({ files: 30 });
  });

  it('tells a folder that may not be listed, and brings the others', async () => {
    const oddity: Oddity = (client) => ({
      list: (path, signal) => (path === '/www/b' ? Promise.reject(no(550)) : client.list(path, signal)),
    });
    await using site = await Site.start({ oddity });
    for (const name of ['www/a/1', 'www/b/2', 'www/c/3']) await site.seed(name);
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['noPermission /www/b']);
    expect((await readdir(site.outside('down'))).sort()).toEqual(['a', 'c']);
  });

  it('ends where a folder contains itself and nothing tells that it does', async () => {
    await using site = await Site.start({ oddity: describesTargets });
    await site.seed('www/a.txt');
    await site.seedLink('www/round', '.');
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures).toHaveLength(1);
    expect(await readFile(site.outside('down/a.txt'), 'utf8')).toBe('www/a.txt');
  });

  it('says that there is no such folder', async () => {
    await using site = await Site.start();
    const download = site.files.downloadDirectory('/none', site.outside('down'));
    await expect(download).rejects.toMatchObject({ kind: 'notFound', path: '/none' });
    expect(await readdir(site.outside('.'))).not.toContain('down');
  });

  it('writes nothing below a local file in the place of a folder, and brings the rest', async () => {
    await using site = await Site.start();
    for (const name of ['www/x/1', 'www/x/y/2', 'www/z/3']) await site.seed(name);
    await mkdir(site.outside('down'));
    await writeFile(site.outside('down/x'), 'a file');
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures.map(({ path }) => path)).toEqual(['/www/x']);
    expect(await readFile(site.outside('down/x'), 'utf8')).toBe('a file');
    expect(await readFile(join(site.outside('down'), 'z', '3'), 'utf8')).toBe('www/z/3');
  });
});
