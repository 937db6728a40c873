import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { refusal } from '../../src/client/errors.ts';
import { failureOf } from './support/folderFailure.ts';
import { Site } from './support/site.ts';

const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 13) & 0xff);

/** Every file below a local folder with its content. */
async function tree(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = await readFile(path, 'utf8');
  }
  return found;
}

describe('downloading a file', () => {
  it('brings every byte, tells progress, and leaves nothing else', async () => {
    await using site = await Site.start();
    await site.seed('all.bin', bytes);
    await mkdir(site.outside('down'));
    const progress: number[] = [];
    const local = site.outside('down/all.bin');
    expect(await site.files.download('/all.bin', local, { onProgress: (done) => progress.push(done) })).toBe(
      200_000,
    );
    expect(Buffer.from(bytes).equals(await readFile(local))).toBe(true);
    expect(progress.at(-1)).toBe(200_000);
    expect(await readdir(site.outside('down'))).toEqual(['all.bin']);
  });

  it('that fails leaves the local file as it was, and no part of the new one', async () => {
    await using site = await Site.start({ oddity: () => ({ size: async () => 300_000 }) });
    await site.seed('all.bin', bytes);
    await mkdir(site.outside('down'));
    const local = site.outside('down/all.bin');
    await writeFile(local, 'old');
    await expect(site.files.download('/all.bin', local)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(site.files.download('/gone', local)).rejects.toMatchObject({ kind: 'notFound' });
    expect(await readFile(local, 'utf8')).toBe('old');
    expect(await readdir(site.outside('down'))).toEqual(['all.bin']);
  });

  it('that is cancelled leaves no part of the file', async () => {
    await using site = await Site.start();
    await site.seed('big.bin', new Uint8Array(6_000_000));
    await mkdir(site.outside('down'));
    const controller = new AbortController();
    const options = { onProgress: () => controller.abort() };
    const download = site.files.download(
      '/big.bin',
      site.outside('down/big.bin'),
      options,
      controller.signal,
    );
    await expect(download).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await readdir(site.outside('down'))).toEqual([]);
  });

  it('says that the local folder is missing', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'a');
    const download = site.files.download('/a.txt', site.outside('gone/a.txt'));
    await expect(download).rejects.toThrow(/Cannot download \/a\.txt: ENOENT/);
  });
});

describe('uploading a file', () => {
  it('puts every byte on the server and keeps the permissions of what it replaces', async () => {
    await using site = await Site.start();
    await site.seed('all.bin', 'old', 0o640);
    await writeFile(site.outside('all.bin'), bytes);
    const { entry } = await site.files.upload(site.outside('all.bin'), '/all.bin');
    expect(entry).toMatchObject({ size: 200_000, mode: 0o640 });
    expect(Buffer.from(bytes).equals(await readFile(site.local('all.bin')))).toBe(true);
  });

  it('refuses a local file that is missing or a folder before anything is said to the server', async () => {
    await using site = await Site.start();
    await expect(site.files.upload(site.outside('gone'), '/a')).rejects.toThrow('ENOENT');
    const folder = site.files.upload(site.root, '/a');
    await expect(folder).rejects.toMatchObject({ kind: 'isADirectory' });
    expect(site.said()).toEqual([]);
  });
});

describe('downloading a folder', () => {
  it('brings all that is in it, and leaves links out', async () => {
    await using site = await Site.start();
    for (const name of ['www/a.txt', 'www/css/b.css', 'www/css/deep/.hidden']) await site.seed(name);
    await site.seed('secret.txt');
    await site.seedLink('www/link', '../secret.txt');
    await mkdir(site.local('www/empty'));
    const told: number[] = [];
    const onProgress = ({ files }: { files: number }) => told.push(files);
    const result = await site.files.downloadDirectory('/www', site.outside('down'), { onProgress });
    expect(result).toMatchObject({ files: 3, skipped: ['/www/link'] });
    expect(await tree(site.outside('down'))).toEqual({
      'a.txt': 'www/a.txt',
      'css/b.css': 'www/css/b.css',
      'css/deep/.hidden': 'www/css/deep/.hidden',
    });
    expect(await readdir(site.outside('down'))).toContain('empty');
    expect(told).toEqual([1, 2, 3]);
  });

  it('C-46: writes nothing outside the chosen folder, whatever names the server sends', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      list: async (path) => {
        const listing = await client.list(path);
        const hostile = ['..\\escape.txt', 'a\0b', '..'].map((name) => ({ name, type: 'file' as const }));
        return { ...listing, entries: [...listing.entries, ...hostile], dropped: ['type=file; ../up.txt'] };
      },
      size: async () => undefined,
      retrieve: async (_, sink, options, signal) => client.retrieve('/bait.txt', sink, options, signal),
    });
    await using site = await Site.start({ oddity });
    await site.seed('www/a.txt');
    await site.seed('bait.txt', 'bait');
    const before = (await readdir(site.outside('.'))).sort();
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures.length).toBeGreaterThanOrEqual(3);
    expect((await readdir(site.outside('.'))).sort()).toEqual([...before, 'down'].sort());
    expect(await readdir(site.outside('down'))).toEqual(['a.txt']);
  });

  it('never follows a local link that lies where a folder should be', async () => {
    await using site = await Site.start();
    await site.seed('www/css/a.css');
    await site.seed('www/b.txt');
    await mkdir(site.outside('down'));
    await mkdir(site.outside('elsewhere'));
    await symlink(site.outside('elsewhere'), site.outside('down/css'));
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures.map(({ kind }) => kind)).toEqual(['unsafeName']);
    expect(await readdir(site.outside('elsewhere'))).toEqual([]);
    expect(await readFile(site.outside('down/b.txt'), 'utf8')).toBe('www/b.txt');
  });

  it('goes on behind a file that fails, and tells all failures in one error', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      retrieve: async (path, sink, options, signal) => {
        if (path.includes('bad')) throw refusal('transfer', 'RETR', { code: 550, lines: ['No.'] });
        return client.retrieve(path, sink, options, signal);
      },
    });
    await using site = await Site.start({ oddity });
    for (const name of ['www/a', 'www/bad1', 'www/b', 'www/bad2']) await site.seed(name);
    const error = await failureOf(site.files.downloadDirectory('/www', site.outside('down')));
    expect(error.failures.map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual([
      'noPermission /www/bad1',
      'noPermission /www/bad2',
    ]);
    expect(error.message).toContain('2 failed');
    expect(Object.keys(await tree(site.outside('down'))).sort()).toEqual(['a', 'b']);
  });

  it('stops when it is cancelled', async () => {
    await using site = await Site.start();
    for (let number = 0; number < 40; number++) await site.seed(`www/${number}`);
    const controller = new AbortController();
    const options = { onProgress: () => controller.abort() };
    const download = site.files.downloadDirectory('/www', site.outside('down'), options, controller.signal);
    await expect(download).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await readdir(site.outside('down'))).length).toBeLessThan(40);
  });
});

describe('uploading a folder', () => {
  it('puts all that is in it on the server, into folders that exist or not, and leaves links out', async () => {
    await using site = await Site.start();
    await site.seed('www/css/old.css');
    const local = site.outside('up');
    await mkdir(join(local, 'css'), { recursive: true });
    await mkdir(join(local, 'js'));
    await writeFile(join(local, 'a.txt'), 'a');
    await writeFile(join(local, 'css', 'b.css'), 'b');
    await writeFile(join(local, 'js', 'c.js'), 'c');
    await symlink(site.root, join(local, 'link'));
    const result = await site.files.uploadDirectory(local, '/www');
    expect(result).toEqual({ files: 3, bytes: 3, skipped: ['/www/link'] });
    expect(await tree(site.root)).toEqual({
      'www/a.txt': 'a',
      'www/css/b.css': 'b',
      'www/css/old.css': 'www/css/old.css',
      'www/js/c.js': 'c',
    });
  });

  it('lists each folder once, however many files go into it', async () => {
    await using site = await Site.start();
    const local = site.outside('up');
    await mkdir(local);
    for (let number = 0; number < 30; number++) await writeFile(join(local, `${number}.txt`), 'x');
    await site.files.uploadDirectory(local, '/www');
    expect((await site.names('www')).length).toBe(30);
    const listings = site.said().filter((line) => line.startsWith('MLSD'));
    expect(listings.length).toBeLessThanOrEqual(4);
  });

  it('goes on behind a file that fails, and tells it', async () => {
    await using site = await Site.start();
    await mkdir(site.local('www/b.txt'), { recursive: true });
    const local = site.outside('up');
    await mkdir(local);
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await writeFile(join(local, name), name);
    const error = await failureOf(site.files.uploadDirectory(local, '/www'));
    expect(error.failures.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['isADirectory /www/b.txt']);
    expect(await site.names('www')).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });
});
