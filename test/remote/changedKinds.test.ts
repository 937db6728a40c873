import { chmod, lstat, rm, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { baseName } from '../../src/remote/remotePath.ts';
import type { Oddity } from './support/oddServers.ts';
import { anyway, bytesOf, Site, type SiteOptions } from './support/site.ts';

/** MLST tells no permissions, and describes what a link leads to. */
const describesContentAlone: Oddity = (client) => ({
  stat: async (path) => {
    const size = await client.size(path);
    return size === undefined ? undefined : { name: baseName(path), type: 'file', size };
  },
});

describe.each<[string, SiteOptions]>([
  ['without MLST', { server: { hide: ['MLST'] } }],
  ['whose MLST tells little', { oddity: describesContentAlone }],
])('on a server %s a save', (_, options) => {
  async function startSaved(): Promise<Site> {
    const site = await Site.start(options);
    await site.seed('page.html', 'old');
    await site.files.writeFile('/page.html', bytesOf('saved'), anyway);
    return site;
  }

  it('keeps permissions that somebody has tightened since the last one', async () => {
    await using site = await startSaved();
    await chmod(site.local('page.html'), 0o600);
    await site.files.writeFile('/page.html', bytesOf('again'), anyway);
    expect((await stat(site.local('page.html'))).mode & 0o777).toBe(0o600);
  });

  it('goes through a link that somebody has put in the place of the file since the last one', async () => {
    await using site = await startSaved();
    await site.seed('releases/7/page.html', 'of release 7');
    await rm(site.local('page.html'));
    await site.seedLink('page.html', 'releases/7/page.html');
    await site.files.writeFile('/page.html', bytesOf('again'), anyway);
    expect((await lstat(site.local('page.html'))).isSymbolicLink()).toBe(true);
    expect(await site.text('releases/7/page.html')).toBe('again');
  });
});
