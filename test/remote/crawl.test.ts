import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { both, describesTargets, no, type Oddity, tellsLinksByList } from './support/oddServers.ts';
import { Site } from './support/site.ts';

interface Crawled {
  readonly folders: Record<string, readonly string[]>;
  readonly unknown: Record<string, string>;
}

/** What each folder holds: folders with a slash, links with an @. */
async function crawl(site: Site, path = '/', signal?: AbortSignal): Promise<Crawled> {
  const crawled: Crawled = { folders: {}, unknown: {} };
  for await (const folder of site.files.crawl(path, {}, signal)) {
    if (folder.failure) crawled.unknown[folder.path] = folder.failure.kind;
    else crawled.folders[folder.path] = folder.entries.map(labelled).sort();
  }
  return crawled;
}

const marks: Partial<Record<RemoteEntry['type'], string>> = { directory: '/', link: '@' };

function labelled({ name, type }: RemoteEntry): string {
  return `${name}${marks[type] ?? ''}`;
}

function said(site: Site, verb: string): number {
  return site.said().filter((line) => line.startsWith(verb)).length;
}

async function seedMany(site: Site, folders: number): Promise<void> {
  for (let number = 0; number < folders; number++) await site.seed(`many/${number}/a.txt`);
}

describe('a crawl', () => {
  it('fails, instead of telling a part, where it cannot be said whether a folder is entered', async () => {
    await using site = await Site.start();
    for (const name of ['a/x', 'b/y']) await site.seed(name);
    const enters = (): boolean => {
      throw new RangeError('no such path');
    };
    const all = async (): Promise<void> => {
      for await (const _ of site.files.crawl('/', { enters }));
    };
    await expect(all()).rejects.toThrow('no such path');
  });

  it('tells every folder with its entries, each behind the one that it is in', async () => {
    await using site = await Site.start();
    for (const name of ['a.txt', 'b/c.txt', 'b/d/.e', 'f/g']) await site.seed(name);
    await site.seedLink('link', 'b');
    const crawled = await crawl(site);
    expect(crawled).toEqual({
      folders: {
        '/': ['a.txt', 'b/', 'f/', 'link@'],
        '/b': ['c.txt', 'd/'],
        '/b/d': ['.e'],
        '/f': ['g'],
      },
      unknown: {},
    });
    const order = Object.keys(crawled.folders);
    expect(order.indexOf('/b/d')).toBeGreaterThan(order.indexOf('/b'));
  });

  it.each([
    ['by LIST alone', { server: { hide: ['MLST'] } }],
    ['truly by LIST, and by MLSD what links lead to', { oddity: both(describesTargets, tellsLinksByList) }],
  ])('follows no link on a server that tells them %s', async (_, options) => {
    await using site = await Site.start(options);
    await site.seed('b/c.txt');
    await site.seedLink('b/round', '.');
    await site.seedLink('b/up', '..');
    expect((await crawl(site)).folders).toEqual({ '/': ['b/'], '/b': ['c.txt', 'round@', 'up@'] });
  });

  it('comes to an end in a folder that contains itself, where nothing tells that it does', async () => {
    await using site = await Site.start({ oddity: describesTargets });
    await site.seed('a.txt');
    await site.seedLink('round', '.');
    const { folders, unknown } = await crawl(site);
    // After some dozens of links the server's own system refuses.
    expect(Object.values(unknown)).toHaveLength(1);
    expect(Object.keys(folders).length).toBeLessThan(300);
  });

  it('goes no deeper than any tree that somebody made', async () => {
    const entries = [{ name: 'in', type: 'directory' as const }];
    const oddity: Oddity = () => ({
      list: async () => ({ entries, dropped: [], source: 'list' }),
    });
    await using site = await Site.start({ oddity });
    const { folders, unknown } = await crawl(site);
    expect(Object.values(unknown)).toEqual(['failed']);
    expect(Object.keys(folders)).toHaveLength(201);
  });

  it('tells a folder that may not be listed as unknown, not as empty, and goes on', async () => {
    const oddity: Oddity = (client) => ({
      list: (path, signal) => (path === '/b' ? Promise.reject(no(550)) : client.list(path, signal)),
    });
    await using site = await Site.start({ oddity });
    for (const name of ['a/1', 'b/2', 'c/3']) await site.seed(name);
    expect(await crawl(site)).toEqual({
      folders: { '/': ['a/', 'b/', 'c/'], '/a': ['1'], '/c': ['3'] },
      unknown: { '/b': 'noPermission' },
    });
  });

  it('never enters what a server calls a folder under a name that is none', async () => {
    const oddity: Oddity = (client) => ({
      list: async (path, signal) => {
        const listing = await client.list(path, signal);
        const odd = ['..', '.', '', 'a/b'].map((name) => ({ name, type: 'directory' as const }));
        return { ...listing, entries: [...listing.entries, ...odd] };
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('a/b/c');
    expect(Object.keys((await crawl(site)).folders).sort()).toEqual(['/', '/a', '/a/b']);
  });

  it('asks LIST for folders that have folders in them alone, and for none once MLSD has told a link', async () => {
    await using site = await Site.start();
    await seedMany(site, 10);
    // One listing is said twice, to learn what the server bears.
    await crawl(site, '/many');
    site.said();
    await crawl(site, '/many');
    expect(said(site, 'LIST')).toBe(1);
    await site.seedLink('many/link', '0');
    await crawl(site, '/many');
    expect(said(site, 'LIST')).toBe(0);
  });

  it('lists a folder again when its session is lost, and needs no more than one session', async () => {
    let losses = 0;
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      list: async (path, signal) => {
        if (path.endsWith('3') && losses++ < 2) {
          client.destroy();
          throw new FtpsError('closed', 'transfer', 'The control connection was lost.');
        }
        return client.list(path, signal);
      },
    });
    await using site = await Site.start({ oddity, sessions: 1 });
    await seedMany(site, 6);
    const { folders, unknown } = await crawl(site);
    expect(Object.keys(folders)).toHaveLength(8);
    expect(unknown).toEqual({});
    expect(site.clients).toHaveLength(3);
  });

  it('makes do with the sessions that the server bears', async () => {
    await using site = await Site.start({ sessions: 8, server: { limits: { sessionsPerAddress: 2 } } });
    await seedMany(site, 30);
    const { folders, unknown } = await crawl(site);
    expect(Object.keys(folders)).toHaveLength(32);
    expect(unknown).toEqual({});
  });

  it('stops when it is cancelled', async () => {
    await using site = await Site.start();
    await seedMany(site, 100);
    const controller = new AbortController();
    const seen: string[] = [];
    const taken = (async () => {
      for await (const { path } of site.files.crawl('/', {}, controller.signal)) {
        seen.push(path);
        if (seen.length === 5) controller.abort();
      }
    })();
    await expect(taken).rejects.toMatchObject({ kind: 'cancelled' });
    expect(seen).toHaveLength(5);
  });

  it('lists no further ahead of whoever takes the folders than some, and nothing more when they take no more', async () => {
    await using site = await Site.start();
    await seedMany(site, 100);
    let listed = 0;
    for await (const { path } of site.files.crawl('/many')) {
      expect(path).toBe('/many');
      for (let look = 0; look < 50; look++) await site.files.stat('/many', { fresh: true });
      listed = said(site, 'MLSD');
      break;
    }
    expect(listed).toBeLessThan(40);
    await site.files.list('/many', { fresh: true });
    expect(said(site, 'MLSD')).toBe(1);
  });
});
