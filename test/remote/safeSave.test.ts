import { lstat, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import {
  both,
  describesLinksAsFiles,
  describesTargets,
  no,
  refusesStatus,
  refusesTemporaries,
  renamesOverNothing,
  tellsLinksByList,
} from './support/oddServers.ts';
import { anyway, bytesOf, Site, type SiteOptions } from './support/site.ts';

async function modeOf(site: Site, name: string): Promise<string> {
  return ((await stat(site.local(name))).mode & 0o777).toString(8);
}

describe('a save', () => {
  it('uploads beside the file, verifies, and renames over it', async () => {
    await using site = await Site.start();
    await site.seed('index.html', 'old');
    const result = await site.files.writeFile('/index.html', bytesOf('new'), anyway);
    expect(result.method).toBe('replaced');
    expect(result.note).toBeUndefined();
    expect(await site.text('index.html')).toBe('new');
    expect(await site.names()).toEqual(['index.html']);
    const verbs = site.said().map((line) => line.split(' ')[0]);
    expect(verbs.indexOf('RNFR')).toBeGreaterThan(verbs.indexOf('STOR'));
    expect(verbs.slice(verbs.indexOf('STOR'), verbs.indexOf('RNFR'))).toContain('MLST');
  });

  it('answers with the size and time that the file now has on the server', async () => {
    await using site = await Site.start();
    const { entry, method } = await site.files.writeFile('/a.txt', bytesOf('four'), anyway);
    expect(method).toBe('created');
    expect(entry).toMatchObject({ path: '/a.txt', name: 'a.txt', type: 'file', size: 4 });
    expect(entry).toMatchObject({
      modifiedAt: (await site.files.stat('/a.txt', { fresh: true })).modifiedAt,
    });
  });

  it('gives a new file the permissions that are asked for, and leaves those of one that is there', async () => {
    await using site = await Site.start();
    const sent = site.local('../sent');
    await writeFile(sent, 'password');
    const saved = await site.files.upload(sent, '/new.php', { mode: 0o600 });
    expect([await modeOf(site, 'new.php'), saved.entry.mode]).toEqual(['600', 0o600]);
    await site.seed('old.php', 'old', 0o640);
    await site.files.upload(sent, '/old.php', { mode: 0o600 });
    expect(await modeOf(site, 'old.php')).toBe('640');
  });

  it.each([0o644, 0o755, 0o600])('keeps the permissions of the file: %o', async (mode) => {
    await using site = await Site.start();
    await site.seed('run.cgi', 'old', mode);
    await site.files.writeFile('/run.cgi', bytesOf('new'), anyway);
    expect(await modeOf(site, 'run.cgi')).toBe(mode.toString(8));
  });

  it('says so where the permissions cannot be kept', async () => {
    await using site = await Site.start({ oddity: () => ({ setMode: async () => false }) });
    await site.seed('run.cgi', 'old', 0o755);
    const { note } = await site.files.writeFile('/run.cgi', bytesOf('new'), anyway);
    expect(note).toContain('permissions');
  });

  it.each([[[]], [['MLST']]])(
    'goes through a symbolic link, which stays one (server without %j)',
    async (hide) => {
      await using site = await Site.start({ server: { hide } });
      await site.seed('releases/7/index.html', 'old');
      await site.seedLink('current.html', 'releases/7/index.html');
      await site.files.writeFile('/current.html', bytesOf('new'), anyway);
      expect(await site.names()).toEqual(['current.html', 'releases']);
      expect((await stat(site.local('current.html'))).isFile()).toBe(true);
      expect(await site.text('releases/7/index.html')).toBe('new');
      expect(await site.names('releases/7')).toEqual(['index.html']);
    },
  );

  it.each([
    ['describe what a link leads to', both(describesTargets, tellsLinksByList)],
    ['call a link a file', both(describesLinksAsFiles, tellsLinksByList)],
  ])('goes through a symbolic link also where MLSD and MLST %s', async (_, oddity) => {
    await using site = await Site.start({ oddity });
    await site.seed('releases/7/index.html', 'old', 0o640);
    await site.seedLink('current.html', 'releases/7/index.html');
    const result = await site.files.writeFile('/current.html', bytesOf('new'), anyway);
    expect(result).toMatchObject({ method: 'replaced', entry: { path: '/releases/7/index.html', size: 3 } });
    expect((await lstat(site.local('current.html'))).isSymbolicLink()).toBe(true);
    expect(await site.text('releases/7/index.html')).toBe('new');
    expect(await modeOf(site, 'releases/7/index.html')).toBe('640');
  });

  it('is written directly through a link whose target the server hides, verified by SIZE', async () => {
    await using site = await Site.start({ oddity: describesLinksAsFiles });
    await site.seed('releases/7/index.html', 'old');
    await site.seedLink('current.html', 'releases/7/index.html');
    const result = await site.files.writeFile('/current.html', bytesOf('new'), anyway);
    expect(result).toMatchObject({ method: 'direct', note: expect.stringContaining('symbolic link') });
    expect((await lstat(site.local('current.html'))).isSymbolicLink()).toBe(true);
    expect(await site.text('releases/7/index.html')).toBe('new');
  });

  it('goes through a chain of links, relative and absolute', async () => {
    await using site = await Site.start();
    await site.seed('data/real.txt', 'old');
    await site.seedLink('data/second', 'real.txt');
    await site.seedLink('first', site.local('data/second'));
    await site.files.writeFile('/first', bytesOf('new'), anyway);
    expect(await site.text('data/real.txt')).toBe('new');
    expect(await site.names('data')).toEqual(['real.txt', 'second']);
  });

  it('never follows a link that is no longer there, although it knew one a moment ago', async () => {
    await using site = await Site.start({ server: { hide: ['MLST'] } });
    await site.seed('target.txt', 'target');
    await site.seedLink('page.txt', 'target.txt');
    await site.files.list('/');
    await rm(site.local('page.txt'));
    await site.seed('page.txt', 'old');
    await site.files.writeFile('/page.txt', bytesOf('new'), anyway);
    expect(await site.text('target.txt')).toBe('target');
    expect(await site.text('page.txt')).toBe('new');
  });

  it('moves the old file aside where the server does not rename over it, and says so', async () => {
    await using site = await Site.start({ oddity: renamesOverNothing });
    await site.seed('index.html', 'old');
    const result = await site.files.writeFile('/index.html', bytesOf('new'), anyway);
    expect(result.method).toBe('swapped');
    expect(result.note).toContain('moved aside');
    expect(await site.text('index.html')).toBe('new');
    expect(await site.names()).toEqual(['index.html']);
  });

  it('gives the old file its name back where the new one may not have it, and then writes directly', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      rename: async (from, to) => {
        const isMoveAside = isTemporaryName(to.slice(1));
        const content = isMoveAside ? undefined : await client.size(from);
        if (content === 3 && !isMoveAside && (await client.stat(from))?.mode !== 0o640) throw no(550);
        await client.rename(from, to);
      },
      setMode: async () => true,
    });
    await using site = await Site.start({ oddity });
    await site.seed('index.html', 'old', 0o640);
    const result = await site.files.writeFile('/index.html', bytesOf('new'), anyway);
    expect(result.method).toBe('direct');
    expect(await site.text('index.html')).toBe('new');
    expect(await modeOf(site, 'index.html')).toBe('640');
    expect(await site.names()).toEqual(['index.html']);
  });

  it.each<[string, SiteOptions]>([
    ['no temporary file may be created beside it', { oddity: refusesTemporaries }],
    ['the server renames nothing', { server: { hide: ['RNFR', 'RNTO'] } }],
  ])(
    'is written directly where %s, announced, with a copy kept here until it is verified',
    async (_, options) => {
      const kept: string[] = [];
      const keepLocalCopy = async (path: string, content: Uint8Array) => {
        kept.push(`${path}: ${new TextDecoder().decode(content)}`);
        return async () => {
          kept.push('released');
        };
      };
      await using site = await Site.start({ ...options, keepLocalCopy });
      await site.seed('index.html', 'old');
      const result = await site.files.writeFile('/index.html', bytesOf('new'), anyway);
      expect(result.method).toBe('direct');
      expect(result.note).toMatch(/^Written directly, because .+\.$/);
      expect(result.entry.size).toBe(3);
      expect(kept).toEqual(['/index.html: new', 'released']);
      expect(await site.names()).toEqual(['index.html']);
    },
  );

  it('keeps the copy here when writing directly fails, and says that the file may be incomplete', async () => {
    const kept: string[] = [];
    const keepLocalCopy = async (path: string) => {
      kept.push(path);
      return async () => {
        kept.push('released');
      };
    };
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      ...refusesTemporaries(client),
      size: async () => 1,
      stat: async (path) => {
        const entry = await client.stat(path);
        return entry && { ...entry, size: 1 };
      },
    });
    await using site = await Site.start({ oddity, keepLocalCopy });
    await site.seed('index.html', 'old');
    const save = site.files.writeFile('/index.html', bytesOf('new'), anyway);
    await expect(save).rejects.toThrow(/may be incomplete on the server.*kept on this computer/);
    expect(kept).toEqual(['/index.html']);
  });

  it.each([[[]], [['MLST']]])(
    'is written directly where a rename would change the owner (server without %j)',
    async (hide) => {
      const asAnother = <E extends { name: string }>(entry: E): E & { owner: string } => ({
        ...entry,
        owner: isTemporaryName(entry.name) ? 'anna' : 'www-data',
      });
      const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
        stat: async (path) => {
          const entry = await client.stat(path);
          return entry && hide.length === 0 ? asAnother(entry) : entry;
        },
        ...refusesStatus,
        listLong: async (path, signal) => {
          const listing = await client.listLong(path, signal);
          return { ...listing, entries: listing.entries.map(asAnother) };
        },
      });
      await using site = await Site.start({ oddity, server: { hide } });
      await site.seed('index.html', 'old');
      const result = await site.files.writeFile('/index.html', bytesOf('new'), anyway);
      expect(result).toMatchObject({ method: 'direct', note: expect.stringContaining('another user') });
      expect(await site.text('index.html')).toBe('new');
      expect(await site.names()).toEqual(['index.html']);
    },
  );

  it('refuses an upload of which the server stored less than was sent, and leaves the old file', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      stat: async (path) => {
        const entry = await client.stat(path);
        return entry && isTemporaryName(path.slice(1)) ? { ...entry, size: 2 } : entry;
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('index.html', 'old');
    const save = site.files.writeFile('/index.html', bytesOf('new'), anyway);
    await expect(save).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
    await expect(save).rejects.toThrow('stored 2 of 3 bytes');
    expect(await site.text('index.html')).toBe('old');
    expect(await site.names()).toEqual(['index.html']);
  });

  it('never turns to the old file when the server is full', async () => {
    const oddity = (): Partial<RemoteClient> => ({ store: () => Promise.reject(no(552, 'transfer')) });
    await using site = await Site.start({ oddity });
    await site.seed('index.html', 'old');
    const save = site.files.writeFile('/index.html', bytesOf('new'), anyway);
    await expect(save).rejects.toMatchObject({ kind: 'noSpace' });
    expect(await site.text('index.html')).toBe('old');
  });

  it('says which folder is missing, and that a folder is no file', async () => {
    await using site = await Site.start();
    await mkdir(site.local('folder'));
    const missing = site.files.writeFile('/no/such/a.txt', bytesOf('a'), anyway);
    await expect(missing).rejects.toMatchObject({ kind: 'notFound' });
    const folder = site.files.writeFile('/folder', bytesOf('a'), anyway);
    await expect(folder).rejects.toMatchObject({ kind: 'isADirectory' });
  });

  it('creates only what may be created and replaces only what may be replaced', async () => {
    await using site = await Site.start();
    await site.seed('there.txt', 'old');
    const create = site.files.writeFile('/new.txt', bytesOf('a'), { create: false, overwrite: true });
    await expect(create).rejects.toMatchObject({ kind: 'notFound' });
    const replace = site.files.writeFile('/there.txt', bytesOf('a'), { create: true, overwrite: false });
    await expect(replace).rejects.toMatchObject({ kind: 'exists' });
    expect(await site.names()).toEqual(['there.txt']);
  });

  it('writes an empty file, and names with spaces and letters of any language', async () => {
    await using site = await Site.start();
    await site.files.writeFile('/ leere Datei ü.txt', new Uint8Array(), anyway);
    expect(await site.names()).toEqual([' leere Datei ü.txt']);
    expect(await site.text(' leere Datei ü.txt')).toBe('');
  });

  it('refuses a name that would be another command', async () => {
    await using site = await Site.start();
    await site.seed('a.txt', 'a');
    const save = site.files.writeFile('/b\r\nDELE a.txt', bytesOf('b'), anyway);
    await expect(save).rejects.toMatchObject({ kind: 'unsafeName' });
    expect(await site.names()).toEqual(['a.txt']);
  });

  it('that is cancelled leaves the old file and no trace', async () => {
    const controller = new AbortController();
    await using site = await Site.start();
    await site.seed('index.html', 'old');
    const content = new Uint8Array(4_000_000);
    const save = site.files.writeFile(
      '/index.html',
      content,
      { ...anyway, onProgress: () => controller.abort() },
      controller.signal,
    );
    await expect(save).rejects.toMatchObject({ kind: 'cancelled' });
    await site.files.writeFile('/other.txt', bytesOf('other'), anyway);
    expect(await site.text('index.html')).toBe('old');
    expect(await site.names()).toEqual(['index.html', 'other.txt']);
  });
});
