import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { createHash } from 'node:crypto';
import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RemoteHash } from '../../src/client/fileHash.ts';
import { checksumCommands } from '../../src/protocol/hash.ts';
import { settle } from '../../src/sync/planStep.ts';
import { bothWays, PairSite } from './support/pairSite.ts';

describe('a sync of two folders', () => {
  it('carries over what either side has, and is empty the second time', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'from here');
    await at.putLocal('d/e/b.txt', 'deep');
    await at.putRemote('c.txt', 'from there');
    await at.putRemote('f/g.txt', 'deep there');
    await at.run();
    const all = {
      'a.txt': 'from here',
      'c.txt': 'from there',
      d: null,
      'd/e': null,
      'd/e/b.txt': 'deep',
      f: null,
    };
    expect(await at.localContents()).toEqual({ ...all, 'f/g.txt': 'deep there' });
    expect(await at.remoteContents()).toEqual({ ...all, 'f/g.txt': 'deep there' });
    expect(await at.review()).toEqual([]);
  });

  it('carries changes and deletions either way', async () => {
    await using at = await PairSite.start();
    for (const name of ['a', 'b', 'c', 'd']) await at.putLocal(`${name}.txt`, name);
    await at.run();
    await at.putLocal('a.txt', 'changed here');
    await at.putRemote('b.txt', 'changed there');
    await rm(join(at.local, 'c.txt'));
    await rm(at.site.local('d.txt'));
    expect((await at.run()).toSorted()).toEqual([
      'deleteLocal d.txt',
      'deleteRemote c.txt',
      'download b.txt',
      'upload a.txt',
    ]);
    const expected = { 'a.txt': 'changed here', 'b.txt': 'changed there' };
    expect(await at.localContents()).toEqual(expected);
    expect(await at.remoteContents()).toEqual(expected);
    expect(await at.review()).toEqual([]);
  });

  it('notices a change of the same size within the same second', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'one');
    await at.run();
    await at.putRemote('a.txt', 'two');
    expect(await at.review()).toEqual(['a.txt: download, changed']);
  });

  it('shows as a conflict what has changed on both sides, and takes the side that is kept', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'base');
    await at.run();
    await at.putLocal('a.txt', 'mine');
    await at.putRemote('a.txt', 'theirs');
    await using sync = at.sync();
    const { steps } = await sync.review(bothWays);
    expect(steps).toMatchObject([{ path: 'a.txt', action: 'conflict', reason: 'bothChanged' }]);
    await sync.apply(steps.map((step) => settle(step, 'theirs')));
    expect(await at.localContents()).toEqual({ 'a.txt': 'theirs' });
    expect(await at.review()).toEqual([]);
  });

  it('is undone on both sides, and can be done again', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'old');
    await at.putLocal('gone.txt', 'kept');
    await at.run();
    await at.putLocal('a.txt', 'new');
    await at.putRemote('b.txt', 'there');
    await rm(join(at.local, 'gone.txt'));
    const planned = await at.review();
    await at.run();
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'new', 'b.txt': 'there' });
    await using sync = at.sync();
    const undone = await sync.undoLast();
    expect(undone.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'old', 'b.txt': 'there', 'gone.txt': 'kept' });
    expect(await at.localContents()).toEqual({ 'a.txt': 'new' });
    expect(await at.review()).toEqual(planned);
  });

  it('leaves alone what has changed between the plan and the deed', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'base');
    await at.run();
    await at.putLocal('a.txt', 'mine, longer');
    await using sync = at.sync();
    const { steps } = await sync.review(bothWays);
    await at.putRemote('a.txt', 'theirs, meanwhile');
    const { outcomes } = await sync.apply(steps);
    expect(outcomes.map(({ error }) => error?.kind)).toEqual(['conflict']);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'theirs, meanwhile' });
    expect(await at.review()).toEqual(['a.txt: conflict, bothChanged']);
  });

  it('leaves alone what a colleague saves during the upload', async () => {
    let isApplying = false;
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      moveVerified: client.moveVerified.bind(client),
      store: async (path, source, options, signal) => {
        const sent = await client.store(path, source, options, signal);
        if (isApplying) for (const name of ['a.txt', 'b.txt']) await at.putRemote(name, 'of a colleague');
        return sent;
      },
    });
    await using at = await PairSite.start({ oddity });
    await at.putLocal('a.txt', 'one');
    await at.run();
    await at.putLocal('a.txt', 'two');
    await at.putLocal('b.txt', 'new');
    isApplying = true;
    expect((await at.run()).toSorted()).toEqual(['upload a.txt: conflict', 'upload b.txt: conflict']);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'of a colleague', 'b.txt': 'of a colleague' });
    isApplying = false;
    expect(await at.review()).toEqual(['a.txt: conflict, bothChanged', 'b.txt: conflict, bothChanged']);
  });

  it('knows what another window has carried over meanwhile', async () => {
    await using at = await PairSite.start();
    await using one = at.sync();
    await using other = at.sync();
    await at.putLocal('a.txt', 'first');
    await one.save({ path: 'a.txt' });
    await other.review(bothWays);
    for (const text of ['second', 'third']) {
      await at.putLocal('a.txt', text);
      expect(await one.save({ path: 'a.txt' })).toMatchObject({ kind: 'uploaded' });
      await at.putLocal('a.txt', `${text} again`);
      expect(await other.save({ path: 'a.txt' })).toMatchObject({ kind: 'uploaded' });
    }
    expect((await one.review(bothWays)).steps).toEqual([]);
  });

  it('deletes no file that has taken the name of a folder, when the folder is to go', async () => {
    await using at = await PairSite.start();
    await at.putLocal('d/a.txt', 'a');
    await at.run();
    await rm(at.site.local('d'), { recursive: true });
    await at.putRemote('d', 'the only copy');
    await using sync = at.sync();
    const undone = await sync.undoLast();
    expect(undone.map(({ error }) => error?.kind)).toEqual(['conflict', 'conflict']);
    expect(await at.remoteContents()).toEqual({ d: 'the only copy' });
  });
});

describe('a folder that is deleted on one side, and holds something ignored on the other', () => {
  it.each(['here', 'on the server'] as const)('is kept %s, and comes to rest', async (where) => {
    await using at = await PairSite.start({}, { ignore: ['.DS_Store', 'cache/'] });
    for (const path of ['app/a.js', 'app/deep/b.js', 'other.js']) await at.putLocal(path, path);
    await at.run();
    const put = where === 'here' ? 'putLocal' : 'putRemote';
    await at[put]('app/.DS_Store', 'ignored');
    await at[put]('app/deep/cache/x', 'ignored');
    at.now += 3_600_000;
    await rm(where === 'here' ? at.site.local('app') : join(at.local, 'app'), { recursive: true });
    const action = where === 'here' ? 'deleteLocal' : 'deleteRemote';
    expect((await at.run()).toSorted()).toEqual([`${action} app/a.js`, `${action} app/deep/b.js`]);
    expect(await at.run()).toEqual([]);
    expect(await at.review()).toEqual(['app: leave, kept', 'app/deep: leave, kept']);
  });
});

describe('a sync of what is newer alone', () => {
  it('goes by the times of a LIST once the zone of the server is known', async () => {
    await using at = await PairSite.start({ server: { hide: ['MLST'] } });
    await at.putRemote('a.txt', 'old');
    await at.putLocal('a.txt', 'newer');
    const before = at.now / 1000 - 3 * 3600;
    await utimes(at.site.local('a.txt'), before, before);
    const newer = { direction: 'toRemote', onlyNewer: true } as const;
    expect(await at.review(newer)).toEqual(['a.txt: leave, notNewer']);
    expect(await at.review(newer)).toEqual(['a.txt: upload, differs']);
  });
});

describe('whether a young file is still what was sent', () => {
  it('is asked of the server, where it computes hashes, instead of reading the file again', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'one');
    await at.run();
    at.site.said();
    expect(await at.review()).toEqual([]);
    const said = at.site.said().map((command) => command.split(' ')[0]);
    expect(said).toContain('HASH');
    expect(said).not.toContain('RETR');
    at.now += 10_000;
    await at.review();
    at.site.said();
    await at.review();
    expect(at.site.said().map((command) => command.split(' ')[0])).not.toContain('HASH');
  });

  it.each(['MD5', 'SHA-512'])('is asked by %s too, as the file here is known', async (algorithm) => {
    const digests = { content: 'one' };
    const hash = (): Promise<RemoteHash> => {
      const name = algorithm.replace('-', '').toLowerCase();
      return Promise.resolve({ algorithm, digest: createHash(name).update(digests.content).digest('hex') });
    };
    await using at = await PairSite.start({ oddity: () => ({ hash }) });
    await at.putLocal('a.txt', 'one');
    await at.run();
    at.site.said();
    expect(await at.review()).toEqual([]);
    expect(at.site.said().some((command) => command.startsWith('RETR'))).toBe(false);
    await at.putRemote('a.txt', 'two');
    digests.content = 'two';
    expect(await at.review()).toEqual(['a.txt: download, changed']);
    expect(at.site.said().some((command) => command.startsWith('RETR'))).toBe(true);
  });

  it('is found out by reading where the server has a CRC alone', async () => {
    const hash = (): Promise<RemoteHash> => Promise.resolve({ algorithm: 'CRC32', digest: '00000000' });
    await using at = await PairSite.start({ oddity: () => ({ hash }) });
    await at.putLocal('a.txt', 'one');
    await at.run();
    at.site.said();
    expect(await at.review()).toEqual([]);
    expect(at.site.said().some((command) => command.startsWith('RETR'))).toBe(true);
  });
});

describe('a file above the limit up to which files are read', () => {
  const large = 'more than ten bytes';
  const hour = 3_600_000;

  function startWithLimit(): Promise<PairSite> {
    return PairSite.start({ server: { hide: ['HASH', ...checksumCommands] } }, { compareLimit: 10 });
  }

  function hasRead(at: PairSite): boolean {
    return at.site.said().some((command) => command.startsWith('RETR'));
  }

  it.each(['both', 'toRemote', 'toLocal'] as const)(
    'is in step once it was carried over, and is read for that once (%s)',
    async (direction) => {
      await using at = await startWithLimit();
      if (direction === 'toLocal') await at.putRemote('video.mp4', large);
      else await at.putLocal('video.mp4', large);
      await at.run({ direction });
      at.now += hour;
      at.site.said();
      expect(await at.review({ direction })).toEqual([]);
      expect(hasRead(at)).toBe(true);
      at.now += hour;
      expect(await at.review({ direction })).toEqual([]);
      expect(hasRead(at)).toBe(false);
    },
  );

  it('hides no change of the same size within the second in which it was carried over', async () => {
    await using at = await startWithLimit();
    await at.putLocal('video.mp4', large);
    await at.run();
    const { mtime } = await stat(at.site.local('video.mp4'));
    await at.putRemote('video.mp4', large.toUpperCase());
    await utimes(at.site.local('video.mp4'), mtime, mtime);
    at.now += hour;
    expect(await at.review()).toEqual(['video.mp4: download, changed']);
  });

  it('is not read to find out whether both sides have the same by chance, and is told of', async () => {
    await using at = await startWithLimit();
    for (const put of ['putLocal', 'putRemote'] as const) await at[put]('never.mp4', large);
    await at.putLocal('touched.mp4', large);
    await at.run();
    await at.putRemote('touched.mp4', large);
    await utimes(at.site.local('touched.mp4'), 1_000_000_000, 1_000_000_000);
    at.site.said();
    await using sync = at.sync();
    const { steps, undecided } = await sync.review(bothWays);
    expect(steps.map(({ path, action }) => `${action} ${path}`)).toEqual([
      'conflict never.mp4',
      'download touched.mp4',
    ]);
    expect([undecided.toSorted(), hasRead(at)]).toEqual([['never.mp4', 'touched.mp4'], false]);
  });
});
