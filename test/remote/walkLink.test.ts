import { describe, expect, it } from 'vitest';
import { both, describesLinksAsFiles, tellsLinksByList } from './support/oddServers.ts';
import { anyway, bytesOf, Site, type SiteOptions } from './support/site.ts';

/** A site as deployment tools lay it out, beside one that has files of the same names. */
async function startDeployed(options: SiteOptions = {}): Promise<Site> {
  const site = await Site.start(options);
  await site.seed('app/shared/config.php', 'old');
  await site.seed('shared/config.php', 'of another site');
  await site.seedLink('app/releases/5/config.php', '../../shared/config.php');
  await site.seedLink('app/current', 'releases/5');
  return site;
}

const servers: [string, SiteOptions][] = [
  ['with MLST', {}],
  ['without MLST', { server: { hide: ['MLST'] } }],
  ['whose MLST calls a link a file', { oddity: both(describesLinksAsFiles, tellsLinksByList) }],
];

describe('a link whose target begins with ..', () => {
  it.each(servers)(
    'is left to the server in a folder that is a link itself (server %s)',
    async (_, options) => {
      await using site = await startDeployed(options);
      const path = '/app/current/config.php';
      expect(await site.files.stat(path, { fresh: true })).toMatchObject({ size: 3 });
      const saved = await site.files.writeFile(path, bytesOf('edited'), anyway);
      expect(saved).toMatchObject({ method: 'direct', note: expect.stringContaining('symbolic link') });
      expect(await site.text('app/shared/config.php')).toBe('edited');
      expect(await site.text('shared/config.php')).toBe('of another site');
      expect(await site.files.stat(path, { fresh: true })).toMatchObject({ size: 6 });
    },
  );

  it.each(servers)('is followed in folders that are none (server %s)', async (_, options) => {
    await using site = await startDeployed(options);
    const saved = await site.files.writeFile('/app/releases/5/config.php', bytesOf('edited'), anyway);
    expect(saved).toMatchObject({ method: 'replaced', entry: { path: '/app/shared/config.php', size: 6 } });
    expect(await site.text('app/shared/config.php')).toBe('edited');
    expect(await site.names('app/shared')).toEqual(['config.php']);
  });

  it('is followed below a linked folder out of which it does not climb', async () => {
    await using site = await startDeployed();
    await site.seed('app/releases/5/text', 'old');
    await site.seedLink('app/releases/5/public/page', '../text');
    const saved = await site.files.writeFile('/app/current/public/page', bytesOf('new'), anyway);
    expect(saved).toMatchObject({ method: 'replaced', entry: { path: '/app/current/text' } });
    expect(await site.text('app/releases/5/text')).toBe('new');
  });
});

describe('a link whose target has .. in it', () => {
  it('is left to the server where that follows a name, which may be a link', async () => {
    await using site = await startDeployed();
    await site.seedLink('page', 'app/current/../../shared/config.php');
    const saved = await site.files.writeFile('/page', bytesOf('edited'), anyway);
    expect(saved.method).toBe('direct');
    expect(await site.text('app/shared/config.php')).toBe('edited');
    expect(await site.text('shared/config.php')).toBe('of another site');
  });

  it('is not taken for a name in the root where it climbs out of that', async () => {
    await using site = await startDeployed();
    await site.seedLink('page', '../shared/config.php');
    await expect(site.files.writeFile('/page', bytesOf('edited'), anyway)).rejects.toThrow('/page');
    expect(await site.text('shared/config.php')).toBe('of another site');
  });
});
