import { mkdir, rm, utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import type { RemoteChange } from '../../src/remote/remoteFileSystem.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { both, describesLinksAsFiles, foldsNames, no, tellsLinksByList } from './support/oddServers.ts';
import { anyway, bytesOf, Site } from './support/site.ts';

const verbs = (site: Site): string[] => site.said().map((line) => line.split(' ')[0] ?? '');

describe('looking at the server', () => {
  it('answers for every name of a folder from one listing', async () => {
    await using site = await Site.start();
    for (const name of ['a', 'b', 'c']) await site.seed(`www/${name}`);
    await site.files.list('/www');
    site.said();
    for (const name of ['a', 'b', 'c']) expect((await site.files.stat(`/www/${name}`)).name).toBe(name);
    expect(site.said()).toEqual([]);
  });

  it('answers questions for files that editors look for and that are not there without asking again', async () => {
    await using site = await Site.start();
    await site.seed('www/index.html');
    await site.files.list('/www');
    site.said();
    for (const probe of ['.vscode/settings.json', '.git', '.git/HEAD', 'package.json']) {
      await expect(site.files.stat(`/www/${probe}`)).rejects.toMatchObject({ kind: 'notFound' });
    }
    expect(site.said()).toEqual([]);
  });

  it('lists the folder of a path once instead of asking for each of its files', async () => {
    await using site = await Site.start();
    for (const name of ['a', 'b', 'c']) await site.seed(`www/${name}`);
    await Promise.all(['a', 'b', 'c'].map((name) => site.files.stat(`/www/${name}`)));
    expect(verbs(site).filter((verb) => verb === 'MLSD')).toHaveLength(1);
  });

  it('asks the server when the answer must be fresh', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'old');
    await site.files.list('/');
    await site.seed('a.txt', 'changed by somebody else');
    expect((await site.files.stat('/a.txt')).size).toBe(3);
    expect((await site.files.stat('/a.txt', { fresh: true })).size).toBe(24);
    await rm(site.local('a.txt'));
    await expect(site.files.stat('/a.txt', { fresh: true })).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('tells one of two entries whose names read alike, and that the folder is not known whole', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      list: async (path) => {
        const listing = await client.list(path);
        return { ...listing, entries: [...listing.entries, { name: 'über.txt', type: 'file', size: 9 }] };
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('www/über.txt', 'one');
    const { entries, complete, dropped } = await site.files.list('/www');
    expect(entries.map(({ name }) => name)).toEqual(['über.txt']);
    expect([complete, dropped]).toEqual([false, ['über.txt']]);
    await expect(site.files.delete('/www', { recursive: true })).rejects.toThrow('cannot be told');
    expect(await site.names('www')).toEqual(['über.txt']);
  });

  it('never gives the present for a time that is unknown', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      list: async (path) => {
        const listing = await client.list(path);
        return { ...listing, entries: listing.entries.map(({ name, type }) => ({ name, type })) };
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('a.txt');
    expect(await site.files.stat('/a.txt')).toMatchObject({ modifiedAt: 0, size: 0 });
  });

  it('says whether a time comes from a listing, whose times cannot be compared with others', async () => {
    await using site = await Site.start({ server: { hide: ['MLST'] } });
    const time = new Date(Date.UTC(2024, 4, 6, 7, 8, 9));
    await site.seed('a.txt');
    await utimes(site.local('a.txt'), time, time);
    expect((await site.files.stat('/a.txt')).timeSource).toBe('list');
    const fresh = await site.files.stat('/a.txt', { fresh: true });
    expect(fresh).toMatchObject({ timeSource: 'facts', modifiedAt: time.getTime() });
  });

  it.each([[[]], [['MLST']]])('says what a link leads to (server without %j)', async (hide) => {
    await using site = await Site.start({ server: { hide } });
    await site.seed('data/file.txt', 'four');
    await site.seedLink('to-file', 'data/file.txt');
    await site.seedLink('to-folder', 'data');
    await site.seedLink('to-link', 'to-folder');
    await site.seedLink('to-nowhere', 'gone');
    const types = new Map<string, unknown>();
    for (const name of ['to-file', 'to-folder', 'to-link', 'to-nowhere']) {
      const entry = await site.files.stat(`/${name}`);
      expect(entry.type).toBe('link');
      types.set(name, entry.targetType);
    }
    expect(Object.fromEntries(types)).toEqual({
      'to-file': 'file',
      'to-folder': 'directory',
      'to-link': 'directory',
      'to-nowhere': undefined,
    });
    expect((await site.files.stat('/to-file')).size).toBe(4);
  });

  it('says what a link leads to also where the server hides the target', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      stat: async (path) => {
        const entry = await client.stat(path);
        return entry?.type === 'link' ? { name: entry.name, type: 'link' } : entry;
      },
      list: async (path) => {
        const listing = await client.list(path);
        return { ...listing, entries: listing.entries.map(({ name, type }) => ({ name, type })) };
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('data/file.txt', 'four');
    await site.seedLink('to-file', 'data/file.txt');
    await site.seedLink('to-folder', 'data');
    expect(await site.files.stat('/to-file')).toMatchObject({ targetType: 'file', size: 4 });
    expect(await site.files.stat('/to-folder')).toMatchObject({ targetType: 'directory' });
  });

  it('says what a link leads to also where MLST calls the link a file, at every look', async () => {
    const clock = new FakeClock();
    await using site = await Site.start({ clock, oddity: both(describesLinksAsFiles, tellsLinksByList) });
    await site.seed('data/file.txt', 'four');
    await site.seedLink('to-file', 'data/file.txt');
    const expected = { type: 'link', targetType: 'file', size: 4 };
    expect(await site.files.stat('/to-file', { fresh: true })).toMatchObject(expected);
    expect(await site.files.stat('/to-file')).toMatchObject(expected);
    clock.advance(120_000);
    expect(await site.files.stat('/to-file', { fresh: true })).toMatchObject(expected);
    clock.advance(120_000);
    expect(await site.files.stat('/to-file')).toMatchObject(expected);
  });

  it('tells a missing folder from a file and from one that may be listed', async () => {
    await using site = await Site.start();
    await site.seed('a.txt');
    await expect(site.files.list('/gone')).rejects.toMatchObject({ kind: 'notFound' });
    await expect(site.files.list('/a.txt')).rejects.toMatchObject({ kind: 'notADirectory' });
    expect((await site.files.list('/')).complete).toBe(true);
  });

  it('knows the root', async () => {
    await using site = await Site.start();
    expect(await site.files.stat('/')).toMatchObject({ path: '/', type: 'directory', modifiedAt: 0 });
  });
});

const tellsNoSizes = (client: RemoteClient): Partial<RemoteClient> => ({
  stat: async (path) => {
    const entry = await client.stat(path);
    return entry && { name: entry.name, type: entry.type };
  },
});

describe('reading', () => {
  it('brings every byte, and tells a missing file from a folder', async () => {
    await using site = await Site.start();
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) & 0xff);
    await site.seed('all.bin', bytes);
    await site.seed('empty', '');
    await mkdir(site.local('folder'));
    expect(Buffer.from(bytes).equals(await site.files.readFile('/all.bin'))).toBe(true);
    expect((await site.files.readFile('/empty')).length).toBe(0);
    await expect(site.files.readFile('/gone')).rejects.toMatchObject({ kind: 'notFound' });
    await expect(site.files.readFile('/folder')).rejects.toMatchObject({ kind: 'isADirectory' });
  });

  it('refuses a file of which less arrives than the server says it has', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      ...tellsNoSizes(client),
      size: async () => 1000,
    });
    await using site = await Site.start({ oddity });
    await site.seed('a.txt', 'short');
    await expect(site.files.readFile('/a.txt')).rejects.toThrow('Of 1000 bytes only 5 arrived');
  });

  it.each([550, 502])('tries to where the server does not tell what there is (%d)', async (code) => {
    const oddity = (): Partial<RemoteClient> => ({
      stat: () => (code === 550 ? Promise.resolve(undefined) : Promise.reject(no(code))),
    });
    await using site = await Site.start({ oddity });
    await site.seed('a.txt', 'there');
    expect(new TextDecoder().decode(await site.files.readFile('/a.txt'))).toBe('there');
  });

  it('takes a file that grew meanwhile for what it is now', async () => {
    let asked = 0;
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      ...tellsNoSizes(client),
      size: async (path) => (asked++ === 0 ? 2 : client.size(path)),
    });
    await using site = await Site.start({ oddity });
    await site.seed('log.txt', 'grown');
    expect(new TextDecoder().decode(await site.files.readFile('/log.txt'))).toBe('grown');
  });
});

describe('a session that the server ended while it lay idle', () => {
  it('goes unnoticed by whoever reads', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'still here');
    await site.files.readFile('/a.txt');
    expect(site.clients).toHaveLength(1);
    // The pool still believes in the session: its end is noticed only when something is said on it.
    Object.defineProperty(site.clients[0], 'isOpen', { get: answersTrueOnce(), configurable: true });
    site.clients[0]?.destroy();
    expect(new TextDecoder().decode(await site.files.readFile('/a.txt'))).toBe('still here');
    expect(site.clients).toHaveLength(2);
  });

  it('goes unnoticed by whoever saves: a question comes before any change', async () => {
    const clock = new FakeClock();
    await using site = await Site.start({ clock });
    await site.seed('a.txt', 'old');
    await site.files.readFile('/a.txt');
    // Nothing is due any more that the session says on its own.
    await site.files.stat('/a.txt', { fresh: true });
    clock.advance(10_000);
    site.said();
    await site.files.writeFile('/a.txt', bytesOf('new'), anyway);
    expect(verbs(site)[0]).toBe('MLST');
    clock.advance(10_000);
    Object.defineProperty(site.clients[0], 'isOpen', { get: answersTrueOnce(), configurable: true });
    site.clients[0]?.destroy();
    await site.files.writeFile('/a.txt', bytesOf('newer'), anyway);
    expect(await site.text('a.txt')).toBe('newer');
    expect(site.clients).toHaveLength(2);
  });

  function answersTrueOnce(): () => boolean {
    let asked = 0;
    return () => asked++ === 0;
  }
});

describe('changing', () => {
  it('is seen at once by whoever lists, whatever was known before', async () => {
    await using site = await Site.start();
    await site.seed('www/a.txt');
    const names = async (): Promise<string[]> =>
      (await site.files.list('/www')).entries.map(({ name }) => name).sort();
    expect(await names()).toEqual(['a.txt']);
    await site.files.writeFile('/www/b.txt', bytesOf('b'), anyway);
    expect(await names()).toEqual(['a.txt', 'b.txt']);
    await site.files.rename('/www/a.txt', '/www/c.txt', { overwrite: false });
    expect(await names()).toEqual(['b.txt', 'c.txt']);
    await site.files.createDirectory('/www/folder');
    expect(await names()).toEqual(['b.txt', 'c.txt', 'folder']);
    await site.files.delete('/www/b.txt', { recursive: false });
    expect(await names()).toEqual(['c.txt', 'folder']);
  });

  it('is told to whoever wants to know', async () => {
    await using site = await Site.start();
    const told: RemoteChange[] = [];
    const stop = site.files.onDidChange((changes) => told.push(...changes));
    await site.files.createDirectory('/www');
    await site.files.writeFile('/www/a', bytesOf('a'), anyway);
    await site.files.writeFile('/www/a', bytesOf('b'), anyway);
    await site.files.rename('/www/a', '/www/b', { overwrite: false });
    await site.files.delete('/www', { recursive: true });
    stop();
    await site.files.createDirectory('/unheard');
    expect(told.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'created /www',
      'created /www/a',
      'changed /www/a',
      'deleted /www/a',
      'created /www/b',
      'deleted /www',
    ]);
  });

  it('says why a folder cannot be created', async () => {
    await using site = await Site.start();
    await site.files.createDirectory('/www');
    await expect(site.files.createDirectory('/www')).rejects.toMatchObject({ kind: 'exists' });
    await expect(site.files.createDirectory('/no/www')).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('writes the newest of many saves at the same time, and never two at once', async () => {
    await using site = await Site.start();
    const contents = Array.from({ length: 12 }, (_, number) => `version ${number}`);
    const saves = contents.map((content) => site.files.writeFile('/a.txt', bytesOf(content), anyway));
    const results = await Promise.all(saves);
    expect(await site.text('a.txt')).toBe('version 11');
    expect(results.map(({ method }) => method)).toEqual(['created', ...Array<string>(11).fill('replaced')]);
    expect(verbs(site).filter((verb) => verb === 'STOR')).toHaveLength(2);
    expect(await site.names()).toEqual(['a.txt']);
  });

  it('works with one session alone, however much is asked at once', async () => {
    await using site = await Site.start({ sessions: 1, server: { limits: { sessions: 1 } } });
    const names = Array.from({ length: 10 }, (_, number) => `/file ${number}`);
    await Promise.all(names.map((name) => site.files.writeFile(name, bytesOf(name), anyway)));
    const contents = await Promise.all(names.map((name) => site.files.readFile(name)));
    expect(contents.map((content) => new TextDecoder().decode(content))).toEqual(names);
  });

  it('learns that the server bears fewer sessions than were asked for', async () => {
    await using site = await Site.start({ sessions: 4, server: { limits: { sessions: 2 } } });
    const names = Array.from({ length: 12 }, (_, number) => `/file ${number}`);
    await Promise.all(names.map((name) => site.files.writeFile(name, bytesOf(name), anyway)));
    expect(await site.names()).toHaveLength(12);
    expect(site.server.sessions.length).toBeLessThanOrEqual(2);
  });

  it('ends with one error when the file system is closed under it', async () => {
    await using site = await Site.start();
    const save = site.files.writeFile('/a.bin', new Uint8Array(8_000_000), {
      ...anyway,
      onProgress: () => void site.files.close(),
    });
    await expect(save).rejects.toMatchObject({ name: 'RemoteError' });
    await expect(site.files.list('/')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('renaming', () => {
  it('over a folder that cannot be deleted tells where that is', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      deleteFile: (path, signal) =>
        path.endsWith('/locked.txt') ? Promise.reject(no(550)) : client.deleteFile(path, signal),
    });
    await using site = await Site.start({ oddity });
    await site.seed('to/locked.txt');
    await site.seed('from/b.txt');
    const renamed = site.files.rename('/from', '/to', { overwrite: true });
    await expect(renamed).rejects.toThrow(
      /^\/from is \/to now\. What was there before is in \/\.to\.ftps-explorer-/,
    );
    expect(await site.text('to/b.txt')).toBe('from/b.txt');
  });

  it('refuses to replace unless told to, and then keeps the old until the new is there', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'a');
    await site.seed('b.txt', 'b');
    const refused = site.files.rename('/a.txt', '/b.txt', { overwrite: false });
    await expect(refused).rejects.toMatchObject({ kind: 'exists', path: '/b.txt' });
    expect(await site.text('b.txt')).toBe('b');
    await site.files.rename('/a.txt', '/b.txt', { overwrite: true });
    expect(await site.names()).toEqual(['b.txt']);
    expect(await site.text('b.txt')).toBe('a');
  });

  it('puts everything back when the new one cannot take the name', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      rename: (from, to) => client.rename(from === '/a.txt' ? '/gone' : from, to),
    });
    await using site = await Site.start({ oddity });
    await site.seed('a.txt', 'a');
    await site.seed('b.txt', 'b');
    await expect(site.files.rename('/a.txt', '/b.txt', { overwrite: true })).rejects.toThrow();
    expect(await site.names()).toEqual(['a.txt', 'b.txt']);
    expect(await site.text('b.txt')).toBe('b');
  });

  it('replaces a link itself, never what it leads to', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'a');
    await site.seed('precious/file.txt', 'precious');
    await site.seedLink('link', 'precious');
    await site.files.rename('/a.txt', '/link', { overwrite: true });
    expect(await site.text('link')).toBe('a');
    expect(await site.text('precious/file.txt')).toBe('precious');
  });

  it.each([
    ['case', 'readme.md', 'README.md'],
    ['Unicode form', 'caf\u00e9.md', 'cafe\u0301.md'],
  ])('changes the %s of a name alone, which the server takes for the same', async (_, from, to) => {
    await using site = await Site.start({ oddity: foldsNames });
    await site.seed(from, 'read');
    await site.files.rename(`/${from}`, `/${to}`, { overwrite: false });
    expect(await site.names()).toEqual([to]);
  });

  it('refuses to replace another file whose name differs only by case', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'a');
    await site.seed('A.txt', 'A');
    const refused = site.files.rename('/a.txt', '/A.txt', { overwrite: false });
    await expect(refused).rejects.toMatchObject({ kind: 'exists' });
  });

  it('says what is missing, and never moves a folder into itself', async () => {
    await using site = await Site.start();
    await site.seed('folder/a.txt');
    const gone = site.files.rename('/gone', '/b', { overwrite: false });
    await expect(gone).rejects.toMatchObject({ kind: 'notFound', path: '/gone' });
    const nowhere = site.files.rename('/folder', '/no/folder', { overwrite: false });
    await expect(nowhere).rejects.toMatchObject({ kind: 'notFound', path: '/no' });
    await expect(site.files.rename('/folder', '/folder/x', { overwrite: true })).rejects.toThrow(
      'into itself',
    );
  });
});
