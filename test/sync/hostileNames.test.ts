import { readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { PairSite } from './support/pairSite.ts';

/** Of those that the client does not leave out, and of one that it does. */
const hostile = ['..\\escape.txt', '..\\..\\up', 'a\0b', 'c\\d', 'e\x1b[2J'];

/** Has these beside what is there, as files and as folders, and the same content for whatever is asked for. */
function liar(client: RemoteClient): Partial<RemoteClient> {
  return {
    list: async (path) => {
      const listing = await client.list(path);
      if (path !== '/') return { ...listing, entries: [] };
      const lies = hostile.flatMap((name) => [
        { name, type: 'file' as const, size: 4, modifiedAt: 0 },
        { name: `${name}\\`, type: 'directory' as const },
      ]);
      return { ...listing, entries: [...listing.entries, ...lies] };
    },
    stat: async (path) =>
      (await client.stat(path).catch(() => undefined)) ?? { name: path, type: 'file', size: 4 },
    size: async () => 4,
    retrieve: (_path, sink, options, signal) => client.retrieve('/bait', sink, options, signal),
  };
}

describe('a sync with a server whose names lead elsewhere', () => {
  it.each(['both', 'toLocal'] as const)(
    'C-46: writes and deletes nothing outside of the local folder, and tells of them (%s)',
    async (direction) => {
      await using at = await PairSite.start({ oddity: liar });
      await at.putRemote('bait', 'bait');
      await at.putLocal('../beside.txt', 'mine');
      const around = async (): Promise<string[]> => (await readdir(dirname(at.local))).sort();
      const before = await around();
      const done = await at.run({ direction });
      expect(done).toContain('download bait');
      expect((await at.review({ direction })).length).toBeGreaterThan(0);
      // The store of the sync itself is the only thing that may have come.
      expect((await around()).filter((name) => name !== 'storage')).toEqual(before);
      const names = await readdir(at.local, { recursive: true });
      expect(names.filter((name) => /[\\\p{Cc}]|\.\./u.test(name))).toEqual([]);
      expect(names).toContain('bait');
    },
  );

  it('C-46: goes through no link that lies where a folder should be', async () => {
    await using at = await PairSite.start();
    await at.putRemote('css/a.css', 'theirs');
    await at.putLocal('../elsewhere/kept.txt', 'mine');
    const elsewhere = join(dirname(at.local), 'elsewhere');
    await symlink(elsewhere, join(at.local, 'css'));
    await at.run();
    expect(await readdir(elsewhere)).toEqual(['kept.txt']);
  });
});
