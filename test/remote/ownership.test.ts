import { describe, expect, it } from 'vitest';
import type { Ownership } from '../../src/remote/remoteEntry.ts';
import { baseName, parentPath } from '../../src/remote/remotePath.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { no, type Oddity } from './support/oddServers.ts';
import { anyway, bytesOf, Site, type SiteOptions } from './support/site.ts';

/** Tells whose a file is. */
type Tell = (path: string) => Ownership;

const byMlst =
  (tell: Tell): Oddity =>
  (client) => ({
    stat: async (path) => {
      const entry = await client.stat(path);
      return entry && { ...entry, ...tell(path) };
    },
  });

const byStatus =
  (tell: Tell): Oddity =>
  (client) => ({
    command: async (line) => {
      const path = line.slice('STAT '.length);
      const { owner = 'anna', group = 'anna' } = tell(path);
      const size = await client.size(path);
      if (size === undefined) return { code: 550, lines: ['No.'] };
      const status = `-rw-r--r-- 1 ${owner} ${group} ${size} Jan 01 2024 ${baseName(path)}`;
      return { code: 213, lines: ['Status:', status, 'End.'] };
    },
    listLong: () => Promise.reject(no(502)),
  });

const byList =
  (tell: Tell): Oddity =>
  (client) => ({
    command: async () => ({ code: 502, lines: ['No.'] }),
    listLong: async (folder, signal) => {
      const listing = await client.listLong(folder, signal);
      const entries = listing.entries.map((entry) => ({ ...entry, ...tell(`${folder}/${entry.name}`) }));
      return { ...listing, entries };
    },
  });

const withoutMlst: SiteOptions = { server: { hide: ['MLST'] } };
const servers: [string, (tell: Tell) => Oddity, SiteOptions][] = [
  ['MLST', byMlst, {}],
  ['STAT', byStatus, withoutMlst],
  ['LIST', byList, withoutMlst],
];

describe.each(servers)('a save of a file whose ownership %s tells', (_, by, options) => {
  it.each<[string, Ownership, string]>([
    ['owner', { owner: 'www-data', group: 'anna' }, 'another user'],
    ['group', { owner: 'anna', group: 'www-data' }, 'another group'],
  ])('writes it directly where a rename would change its %s', async (_changed, existing, reason) => {
    const tell: Tell = (path) =>
      isTemporaryName(baseName(path)) ? { owner: 'anna', group: 'anna' } : existing;
    await using site = await Site.start({ ...options, oddity: by(tell) });
    await site.seed('page.html', 'old');
    const result = await site.files.writeFile('/page.html', bytesOf('new'), anyway);
    expect(result).toMatchObject({ method: 'direct', note: expect.stringContaining(reason) });
    expect(await site.text('page.html')).toBe('new');
    expect(await site.names()).toEqual(['page.html']);
  });

  it('replaces it in folders that give what is created in them a group of their own', async () => {
    const tell: Tell = (path) => ({ owner: 'anna', group: baseName(parentPath(path)) });
    await using site = await Site.start({ ...options, oddity: by(tell) });
    for (const name of ['anna/page.html', 'www-data/page.html']) {
      await site.seed(name, 'old');
      expect(await site.files.writeFile(`/${name}`, bytesOf('new'), anyway)).toMatchObject({
        method: 'replaced',
      });
    }
  });
});
