import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import {
  both,
  describesNothing,
  describesTargets,
  no,
  type Oddity,
  tellsLinksByList,
} from './support/oddServers.ts';
import { Site } from './support/site.ts';

async function seedDoomed(site: Site): Promise<void> {
  await site.seed('precious/inner/file.txt', 'precious');
  await site.seed('doomed/a.txt');
  await site.seed('doomed/deep/.hidden');
  await site.seedLink('doomed/to-folder', '../precious');
  await site.seedLink('doomed/to-file', '../precious/inner/file.txt');
  await site.seedLink('doomed/to-itself', '.');
}

describe('a recursive delete', () => {
  it.each([
    ['by MLSD', {}],
    ['by LIST alone', { server: { hide: ['MLST'] } }],
    ['by MLSD that follows links', { oddity: describesTargets }],
    ['by MLSD that follows links, and truly by LIST', { oddity: both(describesTargets, tellsLinksByList) }],
    ['without saying what folders and links are', { oddity: describesNothing }],
  ])('on a server that lists %s removes links, never what they lead to', async (_, options) => {
    await using site = await Site.start(options);
    await seedDoomed(site);
    await site.files.delete('/doomed', { recursive: true });
    expect(await site.names()).toEqual(['precious']);
    expect(await site.text('precious/inner/file.txt')).toBe('precious');
  });

  it.each([
    ['by LIST alone', { server: { hide: ['MLST'] } }],
    ['also by LIST', { oddity: both(describesTargets, tellsLinksByList) }],
  ])('removes links that lead nowhere, where the server lists %s', async (_, options) => {
    await using site = await Site.start(options);
    await site.seed('doomed/a.txt');
    await site.seedLink('doomed/dangling', 'nowhere');
    await site.files.delete('/doomed', { recursive: true });
    expect(await site.names()).toEqual([]);
  });

  it('tells which of many was refused, and why', async () => {
    const oddity: Oddity = (client) => ({
      deleteFile: (path, signal) =>
        path.endsWith('/locked.txt') ? Promise.reject(no(550)) : client.deleteFile(path, signal),
    });
    await using site = await Site.start({ oddity });
    await site.seed('doomed/a.txt');
    await site.seed('doomed/locked.txt');
    const refused = site.files.delete('/doomed', { recursive: true });
    await expect(refused).rejects.toMatchObject({ kind: 'noPermission', path: '/doomed/locked.txt' });
  });

  it('asks for no deletion of a true folder as a file where LIST says that it is one', async () => {
    await using site = await Site.start({ oddity: tellsLinksByList });
    await site.seed('doomed/deep/er/a.txt');
    await site.files.delete('/doomed', { recursive: true });
    const deletions = site.said().filter((line) => line.startsWith('DELE'));
    expect(deletions).toEqual(['DELE /doomed', 'DELE /doomed/deep/er/a.txt']);
  });

  it('deletes nothing at all where any folder in it cannot be told', async () => {
    const hidesSomething: Oddity = (client) => ({
      ...tellsLinksByList(client),
      list: async (path, signal) => {
        const listing = await client.list(path, signal);
        return path === '/doomed/z/deep' ? { ...listing, dropped: ['type=file; ../escape'] } : listing;
      },
    });
    await using site = await Site.start({ oddity: hidesSomething });
    for (const name of ['doomed/a.txt', 'doomed/b/c.txt', 'doomed/z/deep/d.txt']) await site.seed(name);
    await expect(site.files.delete('/doomed', { recursive: true })).rejects.toThrow(
      'nothing in it was deleted',
    );
    expect(await site.names('doomed')).toEqual(['a.txt', 'b', 'z']);
    expect(await site.names('doomed/b')).toEqual(['c.txt']);
  });

  it('of a link removes the link alone, also where the server describes its target', async () => {
    await using site = await Site.start({ oddity: describesTargets });
    await site.seed('precious/file.txt', 'precious');
    await site.seedLink('link', 'precious');
    await site.files.delete('/link', { recursive: true });
    expect(await site.names()).toEqual(['precious']);
    expect(await site.text('precious/file.txt')).toBe('precious');
  });

  it('deletes nothing in a folder whose listing has a line that cannot be used', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      list: async (path, signal) => {
        const listing = await client.list(path, signal);
        return path === '/doomed/deep' ? { ...listing, dropped: ['type=file; ../escape'] } : listing;
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('doomed/deep/a.txt');
    await site.seed('doomed/b.txt');
    const remove = site.files.delete('/doomed', { recursive: true });
    await expect(remove).rejects.toThrow('nothing in it was deleted');
    expect(await site.names('doomed/deep')).toEqual(['a.txt']);
  });

  it('never enters something that the server neither describes nor deletes', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      ...describesNothing(client),
      stat: async (path, signal) => {
        const entry = await client.stat(path, signal);
        return entry && path === '/doomed/deep' ? { ...entry, type: 'unknown' } : entry;
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('doomed/deep/a.txt');
    const remove = site.files.delete('/doomed', { recursive: true });
    await expect(remove).rejects.toThrow('does not say what it is');
    expect(await site.names('doomed/deep')).toEqual(['a.txt']);
  });

  it('of a folder with many files keeps several deletions under way', async () => {
    await using site = await Site.start();
    for (let number = 0; number < 50; number++) await site.seed(`many/${number}.txt`);
    await site.files.delete('/many', { recursive: true });
    expect(await site.names()).toEqual([]);
  });
});

describe('a delete that is not recursive', () => {
  it('tells of unfinished uploads that keep a folder which looks empty', async () => {
    await using site = await Site.start();
    await site.seed('looks-empty/.a.ftps-explorer-1a2b3c.txt');
    await expect(site.files.delete('/looks-empty', { recursive: false })).rejects.toThrow(
      'nothing in it but unfinished uploads (.a.ftps-explorer-1a2b3c.txt)',
    );
  });

  it('leaves a folder that is not empty, and says so', async () => {
    await using site = await Site.start();
    await site.seed('full/a.txt');
    await expect(site.files.delete('/full', { recursive: false })).rejects.toThrow('not empty');
    expect(await site.names('full')).toEqual(['a.txt']);
  });
});
