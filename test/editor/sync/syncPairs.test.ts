import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ActiveProfile } from '../../../src/editor/activeProfile.ts';
import { Connection } from '../../../src/editor/connection.ts';
import type { ProfileSource } from '../../../src/editor/profileLevels.ts';
import { type CarriedFile, type SyncPair, SyncPairs } from '../../../src/editor/sync/syncPairs.ts';
import { SyncMarks } from '../../../src/editor/sync/syncMarks.ts';
import type { LocalFolder } from '../../../src/editor/uploadTargets.ts';
import { readProfile } from '../../../src/remote/profile.ts';
import { temporaryName } from '../../../src/remote/temporaryName.ts';
import { bothWays, PairSite } from '../../sync/support/pairSite.ts';
import { ConnectionHarness, profileOf } from '../support/connectionHarness.ts';
import { WorkspaceMemory } from '../support/workspaceMemory.ts';

/** A site whose settings a test changes while it is in use. */
class ConfiguredSite implements Disposable {
  sync: unknown = { remote: '/' };
  source: ProfileSource = { level: 'workspace' };
  folders: readonly LocalFolder[];
  limits = { snapshotLimit: 1_000_000, compareLimit: 1_000_000 };
  readonly pairs: SyncPairs;
  /** What it has come by, by the folder in or below which it is. */
  readonly listed: string[] = [];

  constructor(at: PairSite) {
    this.folders = [{ address: 'file:///home/anna', path: at.local }];
    const harness = new ConnectionHarness(profileOf());
    harness.passwords = ['secret'];
    harness.serve = async () => at.site.files;
    this.pairs = new SyncPairs({
      profiles: { all: () => [this.#stored()] },
      connections: { get: (): Connection => harness.connection },
      active: new ActiveProfile(new WorkspaceMemory()),
      marks: new SyncMarks(),
      folders: () => this.folders,
      storage: at.storage,
      clock: { now: () => at.now },
      limits: () => this.limits,
      onListed: (_connection, folder, entries) =>
        this.listed.push(...entries.map(({ path }) => `${folder}: ${path}`)),
    });
  }

  get pair(): SyncPair {
    const [pair] = this.pairs.all();
    if (!pair) throw new Error('Nothing is mapped.');
    return pair;
  }

  [Symbol.dispose](): void {
    this.pairs.dispose();
  }

  #stored() {
    const value = { host: 'ftp.example.com', user: 'me', sync: this.sync };
    return { name: 'site', value, source: this.source, result: readProfile('site', value) };
  }
}

describe('the sync of two folders', () => {
  it('goes on where the ignore rules change under a save, and follows them from then on', async () => {
    await using at = await PairSite.start();
    using site = new ConfiguredSite(at);
    await at.putLocal('a.txt', 'saved');
    await at.putLocal('b.log', 'written');
    const sync = site.pairs.sync(site.pair);
    await sync.review(bothWays);
    let saving: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve) => {
      saving = sync.save({ path: 'a.txt', onProgress: () => resolve() });
    });
    site.sync = { remote: '/', ignore: ['*.log'] };
    const now = site.pairs.sync(site.pair);
    expect((await now.review(bothWays)).steps.map(({ path }) => path)).not.toContain('b.log');
    expect(await saving).toMatchObject({ kind: 'uploaded' });
    expect(await sync.isInStep('a.txt')).toBe(true);
    site.sync = { remote: '/' };
    const { steps } = await site.pairs.sync(site.pair).review(bothWays);
    expect(steps.map(({ path, action }) => `${action} ${path}`)).toEqual(['upload b.log']);
  });

  it('tells of unfinished uploads wherever it comes by them, and leaves them alone', async () => {
    await using at = await PairSite.start();
    const unfinished = temporaryName('page.html');
    await at.putRemote(`css/deep/${unfinished}`, 'hal');
    using site = new ConfiguredSite(at);
    const { steps } = await site.pairs.sync(site.pair).review(bothWays);
    expect(steps.map(({ path }) => path)).toEqual(['css', 'css/deep']);
    expect(site.listed).toEqual([`/: /css/deep/${unfinished}`]);
  });

  it.each(['toRemote', 'toLocal', 'both'] as const)(
    'neither uploads nor deletes what a mapping inside of it covers, here and on the server, %s',
    async (direction) => {
      await using at = await PairSite.start();
      using site = new ConfiguredSite(at);
      const outer = { remote: '/www' };
      site.sync = [
        outer,
        { local: 'admin', remote: '/backend' },
        { local: 'Blog', remote: '/www/deep/blog', onSave: true },
      ];
      await at.putLocal('admin/secret.php', 'password');
      await at.putLocal('blog/post.md', 'of the disk that spells it otherwise');
      await at.putLocal('.ftpsignore', '!admin\n!admin/**');
      await at.putRemote('www/deep/blog/post.html', 'of the blog');
      await at.putRemote('www/admin/old.php', 'of somebody');
      const sync = site.pairs.sync(site.pair);
      const { steps, files } = await sync.review({ ...bothWays, direction });
      const made = direction === 'toRemote' ? [] : ['download deep'];
      expect(steps.map(({ action, path }) => `${action} ${path}`)).toEqual(made);
      expect(files).toEqual({ local: 0, remote: 0 });
    },
  );

  it('knows what it knew when a mapping inside of it is added', async () => {
    await using at = await PairSite.start();
    using site = new ConfiguredSite(at);
    for (const path of ['a.txt', 'admin/b.txt']) await at.putLocal(path, 'in step');
    const before = site.pairs.sync(site.pair);
    await before.apply((await before.review(bothWays)).steps);
    at.now += 3_600_000;
    site.sync = [{ remote: '/' }, { local: 'admin', remote: '/backend' }];
    await at.putLocal('a.txt', 'changed');
    await rm(join(at.local, 'admin'), { recursive: true });
    const after = site.pairs.sync(site.pair);
    const { steps } = await after.review(bothWays);
    expect(steps.map(({ action, reason, path }) => `${action} ${path}, ${reason}`)).toEqual([
      'upload a.txt, changed',
    ]);
    expect((await after.carryDeletion(['admin'], 20)).steps).toEqual([]);
    expect(after).toBe(before);
  });

  it('is that of the inner one where two folders of the workspace lie in each other and both have it', async () => {
    await using at = await PairSite.start();
    using site = new ConfiguredSite(at);
    const inner = join(at.local, 'inner');
    site.folders = [...site.folders, { address: 'file:///home/anna/inner', path: inner }];
    site.source = { level: 'folder', folders: site.folders.map(({ address }) => address) };
    site.sync = { remote: '/', ignore: ['/skipped.txt'] };
    const placesOf = (file: string) =>
      site.pairs.of(file).map(({ pair, path }) => [pair.workspaceFolder, path]);
    expect(placesOf(join(inner, 'a.txt'))).toEqual([[inner, 'a.txt']]);
    expect(placesOf(join(inner, 'skipped.txt'))).toEqual([]);
    expect(placesOf(join(at.local, 'a.txt'))).toEqual([[at.local, 'a.txt']]);
  });

  it('keeps as much for an undo as the settings say by now', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'old');
    await at.run();
    at.now += 3_600_000;
    await at.putLocal('a.txt', 'changed');
    using site = new ConfiguredSite(at);
    const sync = site.pairs.sync(site.pair);
    const { steps } = await sync.review(bothWays);
    site.limits = { ...site.limits, snapshotLimit: 0 };
    expect((await sync.take('a.txt', 'mine')).outcomes[0]?.error?.kind).toBe('noSpace');
    site.limits = { ...site.limits, snapshotLimit: 1_000_000 };
    expect((await sync.take('a.txt', 'mine')).outcomes[0]?.error).toBeUndefined();
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'changed' });
    expect(steps).toHaveLength(1);
  });

  it('tells what it has carried over, and what is gone from both sides', async () => {
    await using at = await PairSite.start();
    using site = new ConfiguredSite(at);
    const sync = site.pairs.sync(site.pair);
    await at.putLocal('css/a.css', 'new');
    const carried: CarriedFile[] = [];
    site.pairs.onCarried.add((file) => carried.push(file));
    await sync.apply((await sync.review(bothWays)).steps);
    expect(carried).toContainEqual({
      connection: 'site',
      localFile: join(at.local, 'css', 'a.css'),
      isGone: false,
    });
    at.now += 3_600_000;
    await at.site.files.delete('/css/a.css', { recursive: false });
    await sync.apply((await sync.review(bothWays)).steps);
    expect(carried.at(-1)).toMatchObject({ localFile: join(at.local, 'css', 'a.css'), isGone: true });
  });
});
