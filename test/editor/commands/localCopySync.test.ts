import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { carrying } from '../../../src/editor/commands/carryText.ts';
import type { MappingPlace } from '../../../src/editor/commands/localCopyPlace.ts';
import { localCopySync } from '../../../src/editor/commands/localCopySync.ts';
import { PairSite } from '../../sync/support/pairSite.ts';
import { ConnectionHarness, profileOf } from '../support/connectionHarness.ts';
import { SitePairs } from '../support/sitePairs.ts';

/** What of `/www` is downloaded to `web`, where the workspace maps these. */
async function downloaded(
  syncs: Readonly<Record<string, unknown>>,
  place: MappingPlace['kind'] = 'workspace',
): Promise<string[]> {
  await using at = await PairSite.start();
  for (const path of ['www/index.php', 'www/shop/old.php', 'www/blog/post.html'])
    await at.putRemote(path, path);
  await mkdir(join(at.local, 'web'));
  const harness = new ConnectionHarness(profileOf({ user: 'anna' }));
  harness.passwords = ['secret'];
  harness.serve = async () => at.site.files;
  await harness.connection.connect();
  await using pairs = new SitePairs(at, syncs);
  await using sync = localCopySync(
    {
      pairs,
      connections: { get: () => harness.connection },
      storage: at.storage,
      clock: { now: () => at.now },
      limits: { snapshotLimit: 1_000_000, compareLimit: 1_000_000 },
    },
    { connection: harness.connection, path: '/www' },
    join(at.local, 'web'),
    place,
  );
  const { steps } = await sync.review(carrying('toLocal'));
  return steps.filter(({ kind }) => kind === 'file').map(({ path }) => path);
}

const all = ['blog/post.html', 'index.php', 'shop/old.php'];

describe('a local copy', () => {
  it('has all of the folder on the server', async () => {
    expect(await downloaded({ site: { local: 'docs', remote: '/docs' } })).toEqual(all);
  });

  it('leaves alone the folder here that another mapping of the connection owns', async () => {
    const site = { local: 'web/shop', remote: '/shop2' };
    expect(await downloaded({ site })).toEqual(['blog/post.html', 'index.php']);
    expect(await downloaded({ site }, 'own')).toEqual(['blog/post.html', 'index.php']);
    expect(await downloaded({ other: site })).toEqual(all);
  });

  it('leaves alone the folder on the server that another mapping of the login covers, where both count', async () => {
    const syncs = { other: { local: 'journal', remote: '/www/blog' } };
    expect(await downloaded(syncs)).toEqual(['index.php', 'shop/old.php']);
    expect(await downloaded(syncs, 'own')).toEqual(all);
  });
});
