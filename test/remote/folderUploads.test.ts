import { chmod, lstat, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { failureOf } from './support/folderFailure.ts';
import { type Oddity, refusesTemporaries } from './support/oddServers.ts';
import { Site } from './support/site.ts';

/** Files of these names, each with its name as content, in a local folder. */
async function localTree(site: Site, names: readonly string[]): Promise<string> {
  const folder = site.outside('up');
  await mkdir(folder);
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), name);
  }
  return folder;
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index}.txt`);
}

/** Everything below a folder of the site. */
async function namesBelow(site: Site, folder: string): Promise<string[]> {
  return (await readdir(site.local(folder), { recursive: true })).sort();
}

async function expectArrived(site: Site, folder: string, names: readonly string[]): Promise<void> {
  const files = (await namesBelow(site, folder)).filter((name) => /\.\w+$/.test(name));
  expect(files).toEqual([...names].sort());
  for (const name of names) expect(await site.text(join(folder, name))).toBe(name);
}

const lost = new FtpsError('closed', 'command', 'The control connection was lost.');

describe('uploading a folder of new files', () => {
  it('asks for the sizes of many in one flight, and renames them in the next', async () => {
    await using site = await Site.start({ sessions: 1 });
    const local = await localTree(site, numbered(20));
    await site.files.uploadDirectory(local, '/www');
    await expectArrived(site, 'www', numbered(20));
    const verbs = site.said().map((line) => line.split(' ')[0]);
    const behind = verbs.slice(verbs.lastIndexOf('STOR') + 1).filter((verb) => verb !== 'EPSV');
    expect(behind).toEqual([
      ...Array.from({ length: 20 }, () => 'SIZE'),
      ...Array.from({ length: 20 }, () => ['RNFR', 'RNTO']).flat(),
    ]);
  });

  it('leaves out a folder or file whose name no command can carry, and uploads the rest', async () => {
    await using site = await Site.start();
    const local = await localTree(site, ['bad\nname/a.txt', 'Icon\r', 'good.txt', 'sub/b.txt']);
    const error = await failureOf(site.files.uploadDirectory(local, '/www'));
    expect(error.failures.map(({ path }) => path).sort()).toEqual(['/www/Icon\r', '/www/bad\nname']);
    await expectArrived(site, 'www', ['good.txt', 'sub/b.txt']);
  });

  it('leaves out the second of two files whose names the server takes for one', async () => {
    const folded = (path: string): string => path.toLowerCase();
    const oddity: Oddity = (client) => ({
      rename: (from, to, signal) => client.rename(folded(from), folded(to), signal),
      store: (path, ...rest) => client.store(folded(path), ...rest),
      stat: (path, signal) => client.stat(folded(path), signal),
      size: (path, signal) => client.size(folded(path), signal),
    });
    await using site = await Site.start({ oddity });
    const local = await localTree(site, ['readme.md', 'README.md', 'other.md']);
    const error = await failureOf(site.files.uploadDirectory(local, '/www'));
    expect(error.failures).toMatchObject([{ kind: 'unsafeName' }]);
    const [left] = error.failures;
    expect(await site.names('www')).toEqual(['other.md', 'readme.md']);
    expect(`/www/${await site.text('www/readme.md')}`).not.toBe(left?.path);
  });

  it('uploads both of them to one that tells them apart, over old ones too', async () => {
    await using site = await Site.start();
    const names = ['README.md', 'readme.md'];
    const local = await localTree(site, names);
    await site.files.uploadDirectory(local, '/www');
    await expectArrived(site, 'www', names);
    await site.seed('www/readme.md', 'old');
    await site.files.uploadDirectory(local, '/www');
    await expectArrived(site, 'www', names);
  });

  it('makes the folders in one flight, each behind the one that it lies in', async () => {
    await using site = await Site.start({ sessions: 1 });
    const local = await localTree(site, ['a/b/c/1.txt', 'a/d/2.txt']);
    await site.files.uploadDirectory(local, '/www');
    const said = site.said();
    const first = said.indexOf('MKD /www');
    const made = said.slice(first, first + 5);
    expect(made).toEqual(['MKD /www', 'MKD /www/a', 'MKD /www/a/b', 'MKD /www/a/d', 'MKD /www/a/b/c']);
    await expectArrived(site, 'www', ['a/b/c/1.txt', 'a/d/2.txt']);
  });

  it('fills the folders that it has made while it is asked what the others have', async () => {
    let fill = (): void => {};
    const filled = new Promise<void>((resolve) => {
      fill = resolve;
    });
    const oddity: Oddity = (client) => ({
      list: async (path, signal) => {
        await filled;
        return client.list(path, signal);
      },
      store: (...words) => {
        fill();
        return client.store(...words);
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('www/old.txt');
    const local = await localTree(site, ['1.txt', 'new/2.txt']);
    await site.files.uploadDirectory(local, '/www');
    expect([await site.text('www/1.txt'), await site.text('www/new/2.txt')]).toEqual(['1.txt', 'new/2.txt']);
  });

  it('shows the folder to whoever looks as soon as it is told to be there', async () => {
    await using site = await Site.start();
    await site.seed('other.txt');
    await site.files.list('/');
    const looks: Promise<readonly string[]>[] = [];
    site.files.onDidChange((changes) => {
      if (!changes.some(({ path }) => path === '/www')) return;
      looks.push(site.files.list('/').then(({ entries }) => entries.map(({ name }) => name)));
    });
    await site.files.uploadDirectory(await localTree(site, ['1.txt']), '/www');
    expect((await Promise.all(looks)).map((names) => names.toSorted())).toEqual([['other.txt', 'www']]);
  });

  it('tells of a folder that goes away meanwhile', async () => {
    let local = '';
    const oddity: Oddity = (client) => ({
      createDirectory: async (path, signal) => {
        await client.createDirectory(path, signal);
        await rm(join(local, 'b'), { recursive: true, force: true });
      },
    });
    await using site = await Site.start({ oddity });
    local = await localTree(site, ['a/1.txt', 'b/2.txt']);
    const error = await failureOf(site.files.uploadDirectory(local, '/www'));
    expect(error.failures.map(({ path }) => path)).toEqual(['/www/b']);
    expect(await namesBelow(site, 'www')).toContain('a/1.txt');
  });

  it('keeps the permissions of a hidden file that the server does not list', async () => {
    const seen = <Listed extends { readonly entries: readonly { readonly name: string }[] }>(
      listing: Listed,
    ) => ({
      ...listing,
      entries: listing.entries.filter(({ name }) => !name.startsWith('.')),
    });
    const oddity: Oddity = (client) => ({
      list: async (path, signal) => seen(await client.list(path, signal)),
      listLong: async (path, signal) => seen(await client.listLong(path, signal)),
    });
    await using site = await Site.start({ oddity, server: { hide: ['MLST'] } });
    await site.seed('www/.htaccess', 'old');
    await chmod(site.local('www/.htaccess'), 0o600);
    const local = await localTree(site, ['.htaccess']);
    await site.files.uploadDirectory(local, '/www');
    expect(await site.text('www/.htaccess')).toBe('.htaccess');
    expect((await stat(site.local('www/.htaccess'))).mode & 0o777).toBe(0o600);
  });

  it('gives no name to a file that the server has not whole, and leaves nothing of it', async () => {
    const oddity: Oddity = (client) => ({
      store: async (path, source, options, signal) => {
        if (!/\/\.?1\./.test(path)) return client.store(path, source, options, signal);
        source.destroy();
        await client.store(path, Readable.from([Buffer.from('1')]), options, signal);
        return '1.txt'.length;
      },
    });
    await using site = await Site.start({ oddity });
    const local = await localTree(site, numbered(3));
    const error = await failureOf(site.files.uploadDirectory(local, '/www'));
    expect(error.failures.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['unavailable /www/1.txt']);
    expect(await namesBelow(site, 'www')).toEqual(['0.txt', '2.txt']);
  });

  it.each([
    ['before it was done', false],
    ['before it was known to be done', true],
  ])('finishes a rename on another session when one was lost %s', async (_, happens) => {
    let losses = 0;
    const oddity: Oddity = (client) => ({
      rename: async (from, to, signal) => {
        if (losses > 1) return client.rename(from, to, signal);
        losses++;
        if (happens) await client.rename(from, to, signal);
        client.destroy();
        throw lost;
      },
    });
    await using site = await Site.start({ oddity });
    const local = await localTree(site, numbered(6));
    const result = await site.files.uploadDirectory(local, '/www');
    expect(result).toMatchObject({ files: 6, bytes: 30 });
    expect(await namesBelow(site, 'www')).toEqual(numbered(6));
    expect(losses).toBe(2);
    expect(site.said().filter((line) => line.startsWith('STOR'))).toHaveLength(6);
  });

  it('uploads a file again when its session is lost', async () => {
    let losses = 0;
    const oddity: Oddity = (client) => ({
      store: async (path, source, options, signal) => {
        if (losses++ > 2) return client.store(path, source, options, signal);
        source.destroy();
        client.destroy();
        throw lost;
      },
    });
    await using site = await Site.start({ oddity });
    const local = await localTree(site, numbered(6));
    expect(await site.files.uploadDirectory(local, '/www')).toMatchObject({ files: 6 });
    await expectArrived(site, 'www', numbered(6));
  });

  it.each([
    ['lets nobody create a temporary file', { oddity: refusesTemporaries }],
    ['renames nothing', { server: { hide: ['RNFR', 'RNTO'] } }],
    ['tells no sizes', { server: { hide: ['SIZE', 'MLST', 'MDTM'] } }],
    ['bears two sessions', { sessions: 8, server: { limits: { sessionsPerAddress: 2 } } }],
  ])('succeeds on a server that %s', async (_, options) => {
    await using site = await Site.start(options);
    const names = [...numbered(20), 'deep/er/a.txt'];
    const local = await localTree(site, names);
    expect(await site.files.uploadDirectory(local, '/www')).toMatchObject({ files: 21 });
    await expectArrived(site, 'www', names);
  });

  it('takes all unfinished files away when it is cancelled', async () => {
    await using site = await Site.start();
    const local = await localTree(site, numbered(100));
    const controller = new AbortController();
    const options = { onProgress: () => controller.abort() };
    const upload = site.files.uploadDirectory(local, '/www', options, controller.signal);
    await expect(upload).rejects.toMatchObject({ kind: 'cancelled' });
    const names = await namesBelow(site, 'www');
    expect(names.filter((name) => isTemporaryName(name))).toEqual([]);
    expect(names.length).toBeLessThan(100);
  });

  it('gives up once no session is to be had any more, and does not say so of every file', async () => {
    await using site = await Site.start();
    const local = await localTree(site, numbered(200));
    let closed: Promise<void> | undefined;
    const onProgress = (): void => {
      closed ??= site.server.close();
    };
    const error = await failureOf(site.files.uploadDirectory(local, '/www', { onProgress }));
    expect(error.failures[0]?.message).toContain('refuses connections');
    // Those under way may fail in their own ways; the others are not tried.
    expect(error.failures.length).toBeLessThan(20);
    await closed;
  });
});

describe('uploading a folder into one that exists', () => {
  it('keeps the permissions of what it replaces, and writes through links', async () => {
    await using site = await Site.start();
    await site.seed('www/a.php', 'old', 0o640);
    await site.seed('real.txt', 'old');
    await site.seedLink('www/link.txt', '../real.txt');
    const local = await localTree(site, ['a.php', 'link.txt', 'new.txt']);
    expect(await site.files.uploadDirectory(local, '/www')).toMatchObject({ files: 3 });
    expect((await lstat(site.local('www/a.php'))).mode & 0o777).toBe(0o640);
    expect((await lstat(site.local('www/link.txt'))).isSymbolicLink()).toBe(true);
    expect(await site.text('real.txt')).toBe('link.txt');
    expect(await site.text('www/new.txt')).toBe('new.txt');
    expect(await site.text('www/a.php')).toBe('a.php');
  });

  it('tells a folder in whose place there is something else once, and goes on with the others', async () => {
    await using site = await Site.start();
    await site.seed('www/x', 'a file');
    const local = await localTree(site, ['x/1.txt', 'x/y/2.txt', 'z/3.txt']);
    const error = await failureOf(site.files.uploadDirectory(local, '/www'));
    expect(error.failures.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['notADirectory /www/x']);
    expect(await site.text('www/x')).toBe('a file');
    expect(await site.text('www/z/3.txt')).toBe('z/3.txt');
  });

  it('says that the folder around it is missing', async () => {
    await using site = await Site.start();
    const local = await localTree(site, ['a.txt']);
    const upload = site.files.uploadDirectory(local, '/no/such/place');
    await expect(upload).rejects.toMatchObject({ kind: 'notFound', path: '/no/such/place' });
  });

  it('saves with regard to what is there wherever its listing is not whole', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      list: async (path, signal) => ({ ...(await client.list(path, signal)), entries: [], dropped: ['?'] }),
    });
    await using site = await Site.start({ oddity });
    await site.seed('www/a.txt', 'old', 0o640);
    const local = await localTree(site, ['a.txt']);
    await site.files.uploadDirectory(local, '/www');
    expect((await lstat(site.local('www/a.txt'))).mode & 0o777).toBe(0o640);
    expect(await site.text('www/a.txt')).toBe('a.txt');
  });
});
