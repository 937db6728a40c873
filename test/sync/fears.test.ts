import { readdir, rename, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RemoteError } from '../../src/remote/errors.ts';
import { ReviewModel } from '../../src/sync/reviewModel.ts';
import type { Oddity } from '../remote/support/oddServers.ts';
import { bothWays, PairSite } from './support/pairSite.ts';

// What users of other tools have lost, and feared to lose since.

describe('a user who fears', () => {
  it('that closing a file which never arrived uploads nothing over it', async () => {
    await using at = await PairSite.start({
      oddity: () => ({ retrieve: () => Promise.reject(new Error('cut')) }),
    });
    await at.putRemote('a.txt', 'the only copy');
    expect(await at.run()).toEqual(['download a.txt: failed']);
    expect(await at.localContents()).toEqual({});
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'the only copy' });
  });

  it('that an upload which hangs leaves half a file live', async () => {
    await using at = await PairSite.start({ server: { faults: ['truncatedUpload'] } });
    await at.putRemote('index.php', 'the old one');
    await at.putLocal('index.php', 'the new one, longer');
    await at.run({ direction: 'toRemote' });
    expect(await at.remoteContents()).toEqual({ 'index.php': 'the old one' });
  });

  it('that what the server does not list, because of a limit that it tells of, is taken for deleted', async () => {
    let isCut = false;
    const oddity: Oddity = (client) => ({
      list: async (path, signal) => {
        const { entries, ...listing } = await client.list(path, signal);
        if (!isCut) return { ...listing, entries };
        const cutShort = 'Output truncated to 1 matches';
        return { ...listing, cutShort, entries: entries.filter(({ name }) => name === 'a.txt') };
      },
    });
    await using at = await PairSite.start({ oddity });
    for (const path of ['a.txt', 'b.txt', 'c/d.txt']) await at.putLocal(path, 'in step');
    await at.run();
    isCut = true;
    expect(await at.review({ direction: 'toLocal' })).toEqual([]);
    const [deleted, downloaded] = [
      at.site.files.delete('/', { recursive: true }),
      at.site.files.downloadDirectory('/', at.site.outside('down')),
    ];
    await Promise.all([
      expect(deleted).rejects.toThrow('does not list all that is in it ("Output truncated to 1 matches")'),
      expect(downloaded).rejects.toMatchObject({
        failures: [{ message: expect.stringContaining('has more in it than the server lists') }],
      }),
    ]);
  });

  it('that a listing which was cut, and called whole, deletes what it does not show', async () => {
    let isCut = false;
    const shown = <Listed extends { readonly entries: readonly { readonly name: string }[] }>(
      listing: Listed,
    ) => ({
      ...listing,
      entries: listing.entries.filter(({ name }) => !isCut || name === 'a.txt'),
    });
    await using at = await PairSite.start({
      oddity: (client) => ({
        list: async (path, signal) => shown(await client.list(path, signal)),
        listLong: async (path, signal) => shown(await client.listLong(path, signal)),
      }),
    });
    for (const path of ['a.txt', 'b.txt', 'c/d.txt']) await at.putLocal(path, 'in step');
    await at.run();
    isCut = true;
    expect((await at.run()).toSorted()).toEqual([
      'deleteLocal b.txt: conflict',
      'deleteLocal c/d.txt: conflict',
      'deleteLocal c: conflict',
    ]);
    isCut = false;
    expect(await at.localContents()).toEqual({
      'a.txt': 'in step',
      'b.txt': 'in step',
      c: null,
      'c/d.txt': 'in step',
    });
    expect(await at.review()).toEqual([]);
  });

  it('that saving twice in a row deletes the file on the server', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await Promise.all([sync.save({ path: 'a.txt' }), sync.save({ path: 'a.txt' })]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'one' });
  });

  it("that a colleague's newer file is overwritten", async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'base');
    await at.run();
    await at.putRemote('a.txt', "the colleague's");
    await at.putLocal('a.txt', 'mine');
    expect(await at.run()).toEqual([]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': "the colleague's" });
    await using sync = at.sync();
    expect(await sync.save({ path: 'a.txt' })).toMatchObject({ kind: 'conflict' });
  });

  it('to be told of a change that is none: generated again, another time, another zone', async () => {
    await using at = await PairSite.start({ server: { hide: ['MLST', 'MLSD'] } });
    await at.putLocal('build.js', 'same as ever');
    await at.run();
    await at.putLocal('build.js', 'same as ever');
    await at.putRemote('build.js', 'same as ever');
    at.now += 40 * 86_400_000;
    expect(await at.review()).toEqual([]);
    await using sync = at.sync();
    expect((await sync.save({ path: 'build.js' })).kind).not.toBe('conflict');
  });

  it('that a sync wipes the remote folder because the local one is empty', async () => {
    await using at = await PairSite.start();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await at.putRemote(`${name}.txt`, name);
    await using sync = at.sync();
    const review = await sync.review({ ...bothWays, direction: 'toRemote' });
    const model = new ReviewModel(review);
    expect(model.guards).toEqual([{ side: 'remote', files: 5, of: 5 }]);
    expect(Object.keys(await at.remoteContents())).toHaveLength(5);
    // And where the user means it, it is taken back with one command.
    await sync.apply(model.selected);
    await sync.undoLast();
    expect(Object.keys(await at.remoteContents())).toHaveLength(5);
  });

  it('that a folder which is gone, or a disk that is not mounted, counts as everything deleted', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'a');
    await at.run();
    await rm(at.local, { recursive: true });
    await expect(at.review()).rejects.toThrow(RemoteError);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a' });
  });

  it('that a branch is switched and the old target is still written to', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'a');
    await at.run();
    // The same folder with another server begins afresh: nothing is deleted there on account of this one.
    await using other = await PairSite.start({}, { storage: at.storage });
    await other.putRemote('theirs.txt', 'another site');
    await using sync = other.sync();
    const { steps } = await sync.review(bothWays);
    expect(steps.map(({ action, path }) => `${action} ${path}`)).toEqual(['download theirs.txt']);
  });

  it('hundreds of connections', async () => {
    await using at = await PairSite.start({ sessions: 3 });
    for (let index = 0; index < 60; index++) await at.putLocal(`f${index}.txt`, `${index}`);
    await at.run();
    expect(at.site.clients.length).toBeLessThanOrEqual(3);
    expect(Object.keys(await at.remoteContents())).toHaveLength(60);
  });

  it('that one stuck file blocks all the others', async () => {
    await using at = await PairSite.start({
      oddity: (client) => ({
        store: (path, source, options, signal) =>
          path.includes('stuck')
            ? Promise.reject(new Error('stuck'))
            : client.store(path, source, options, signal),
      }),
    });
    for (const name of ['a', 'stuck', 'z']) await at.putLocal(`${name}.txt`, name);
    expect((await at.run()).toSorted()).toEqual(['upload a.txt', 'upload stuck.txt: failed', 'upload z.txt']);
    expect(await at.review()).toEqual(['stuck.txt: upload, new']);
  });

  it('that Cancel does nothing', async () => {
    await using at = await PairSite.start();
    for (let index = 0; index < 30; index++) await at.putLocal(`f${index}.txt`, `${index}`);
    await using sync = at.sync();
    const { steps } = await sync.review(bothWays);
    const cancel = new AbortController();
    const { outcomes } = await sync.apply(steps, () => cancel.abort(), cancel.signal);
    const cancelled = outcomes.filter(({ error }) => error !== undefined);
    expect(cancelled.length).toBeGreaterThan(15);
    expect(new Set(cancelled.map(({ error }) => error?.kind))).toEqual(new Set(['cancelled']));
    // What was being renamed was finished, and is found in step.
    const rest = await at.run();
    expect(rest.length).toBeLessThanOrEqual(cancelled.length);
    expect(rest.filter((step) => !/^upload f\d+\.txt$/.test(step))).toEqual([]);
    expect(await at.remoteContents()).toEqual(await at.localContents());
  });

  it('that a file with passwords goes to the web root', async () => {
    await using at = await PairSite.start();
    await at.putLocal('.vscode/sftp.json', '{ "password": "secret" }');
    await at.putLocal('.git/config', 'token');
    await at.putLocal('.ftpsignore', 'private/\n*.key\n');
    await at.putLocal('private/notes.txt', 'private');
    await at.putLocal('tls/server.key', 'key');
    await at.putLocal('index.html', 'public');
    await at.run();
    expect(await at.remoteContents()).toEqual({ 'index.html': 'public', tls: null });
  });

  it('that what a refresh shows is stale', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'a');
    await at.run();
    const names = (await at.site.files.list('/')).entries.map(({ name }) => name);
    expect(names).toEqual(['a.txt']);
  });

  it('that what is ignored is deleted on the server', async () => {
    await using at = await PairSite.start({}, { ignore: ['uploads/'] });
    await at.putRemote('uploads/photo.jpg', 'of a visitor');
    await at.putLocal('index.html', 'page');
    await at.run({ direction: 'toRemote' });
    expect(await at.remoteContents()).toMatchObject({ 'uploads/photo.jpg': 'of a visitor' });
  });

  it('that a link is followed out of the folder', async () => {
    await using at = await PairSite.start();
    await symlink('/etc', join(at.local, 'etc'));
    await at.site.seedLink('outside', '/etc');
    expect(await at.run()).toEqual([]);
    expect(await readdir(join(at.local, 'etc'))).not.toEqual([]);
  });

  describe('that an edit within the second of the one before is lost, on a disk that counts in seconds', () => {
    async function edited(at: PairSite, content: string): Promise<void> {
      await at.putLocal('a.txt', content);
      const second = new Date(Math.floor(at.now / 1000) * 1000);
      await utimes(join(at.local, 'a.txt'), second, second);
    }

    it('since it does not show to a comparison, or to a download', async () => {
      await using at = await PairSite.start();
      await edited(at, 'one');
      await at.run();
      await using sync = at.sync();
      expect(await sync.isInStep('a.txt')).toBe(true);
      await edited(at, 'two');
      expect(await sync.isInStep('a.txt')).toBe(false);
      await at.putRemote('a.txt', 'theirs');
      for (const direction of ['both', 'toLocal'] as const)
        expect((await at.review({ direction })).map((said) => said.split(',')[0])).toEqual([
          'a.txt: conflict',
        ]);
    });

    it.each(['overwritten', 'deleted'])('since it comes after the comparison: %s', async (how) => {
      await using at = await PairSite.start();
      await edited(at, 'one');
      await at.run();
      if (how === 'deleted') await rm(at.site.local('a.txt'));
      else await at.putRemote('a.txt', 'theirs');
      await using sync = at.sync();
      const { steps } = await sync.review(bothWays);
      await edited(at, 'two');
      const { outcomes } = await sync.apply(steps);
      expect(outcomes.map(({ error }) => error?.kind)).toEqual(['conflict']);
      expect(await at.localContents()).toEqual({ 'a.txt': 'two' });
    });
  });

  it('that a folder which has become a link loses what it had on the server, or is written through', async () => {
    await using at = await PairSite.start();
    await using outside = await PairSite.start();
    await at.putLocal('up/x.txt', 'x');
    await at.run();
    await rename(join(at.local, 'up'), join(outside.local, 'up'));
    await rm(join(outside.local, 'up/x.txt'));
    await symlink(join(outside.local, 'up'), join(at.local, 'up'));
    await at.putRemote('up/new.txt', 'new');
    for (const direction of ['both', 'toRemote', 'toLocal'] as const)
      expect(await at.run({ direction })).toEqual([]);
    await using sync = at.sync();
    expect((await sync.carryDeletion(['up'], 20)).steps).toEqual([]);
    expect(await at.remoteContents()).toEqual({ up: null, 'up/x.txt': 'x', 'up/new.txt': 'new' });
    expect(await outside.localContents()).toEqual({ up: null });
  });

  it('that a folder which has become a link on the server takes the local files with it', async () => {
    await using at = await PairSite.start();
    await using outside = await PairSite.start();
    await at.putLocal('up/x.txt', 'x');
    await at.run();
    await rm(at.site.local('up'), { recursive: true });
    await at.site.seedLink('up', outside.local);
    await at.putLocal('up/new.txt', 'new');
    for (const direction of ['both', 'toRemote', 'toLocal'] as const)
      expect(await at.run({ direction })).toEqual([]);
    expect(await at.localContents()).toEqual({ up: null, 'up/x.txt': 'x', 'up/new.txt': 'new' });
    expect(await outside.localContents()).toEqual({});
  });

  it('that what is below a folder on the server whose name Windows takes for a way out is put there', async () => {
    await using at = await PairSite.start();
    await at.putRemote('a\\..\\..\\evil/x.txt', 'out');
    expect(await at.review()).toEqual(['a\\..\\..\\evil: leave, notAFile']);
  });

  it('that a line break in the name of a folder becomes a command of its own', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a\nDELE b/x.txt', 'x');
    expect(await at.review()).toEqual(['a\nDELE b: leave, notAFile']);
  });

  it('that a folder which cannot be read counts as empty', async () => {
    await using at = await PairSite.start({
      oddity: (client) => ({
        list: (path, signal) =>
          path === '/d'
            ? Promise.reject(new RemoteError('unavailable', path, 'cut'))
            : client.list(path, signal),
      }),
    });
    await at.putLocal('d/a.txt', 'a');
    await at.putRemote('d/a.txt', 'a');
    expect(await at.run()).toEqual(['upload d/a.txt: conflict']);
    expect(await at.remoteContents()).toEqual({ d: null, 'd/a.txt': 'a' });
  });
});
