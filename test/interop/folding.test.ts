import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderSync } from '../../src/sync/folderSync.ts';
import { settle } from '../../src/sync/planStep.ts';
import { bothWays, PairSite } from '../sync/support/pairSite.ts';
import { startServer } from './servers/foreignServer.ts';
import { filesOf } from './support/filesOf.ts';
import { type Folding, FoldingDisk, foldings } from './support/foldingDisk.ts';

const composed = 'caf\u00e9.txt';
const decomposed = 'cafe\u0301.txt';

describe.each(foldings)('a local folder on a disk that folds names (%s)', (folding: Folding) => {
  let disk: FoldingDisk;
  beforeAll(async () => {
    disk = await FoldingDisk.mount(folding);
  });
  afterAll(async () => {
    await disk[Symbol.asyncDispose]();
  });

  const start = (): Promise<PairSite> => PairSite.start({}, {}, disk.folder);

  async function settleAll(site: PairSite, side: 'mine' | 'theirs'): Promise<string[]> {
    await using sync = site.sync();
    const { steps } = await sync.review(bothWays);
    const { outcomes } = await sync.apply(
      steps.map((step) => (step.action === 'conflict' ? settle(step, side) : step)),
    );
    return outcomes.flatMap(({ step, error }) => (error ? [`${step.path}: ${error.kind}`] : []));
  }

  it('is one: what is written under one name is found under another', async () => {
    await writeFile(join(disk.folder, 'Probe'), 'here');
    expect(await readFile(join(disk.folder, 'pROBE'), 'utf8')).toBe('here');
  });

  const meeting = [
    ['case', 'Readme.txt', 'README.txt'],
    ['a letter that has two small forms', '\u039f\u0394\u039f\u03c2.txt', '\u03bf\u03b4\u03bf\u03c3.txt'],
    ...(folding === 'exFAT' ? [] : ([['Unicode form', composed, decomposed]] as const)),
  ] as const;

  it.each(meeting)(
    'shows a conflict of two names on the server that differ by %s, and gets neither',
    async (_, one, other) => {
      await using site = await start();
      await site.putRemote(one, 'one');
      await site.putRemote(other, 'other');
      await site.putRemote('alone.txt', 'alone');
      expect(await site.review()).toEqual(
        [
          'alone.txt: download, new',
          ...[one, other].toSorted().map((name) => `${name}: conflict, namesFold`),
        ].toSorted(),
      );
      expect(await site.run()).toEqual(['download alone.txt']);
      expect(await site.localContents()).toEqual({ 'alone.txt': 'alone' });
      expect(await site.remoteContents()).toMatchObject({ [one]: 'one', [other]: 'other' });
    },
  );

  it.each(meeting)(
    'gets one of two that differ by %s when both are wanted, and puts the other nowhere',
    async (_, one, other) => {
      await using site = await start();
      await site.putRemote(one, 'one');
      await site.putRemote(other, 'other');
      const refused = await settleAll(site, 'theirs');
      expect(refused).toHaveLength(1);
      expect(Object.values(await site.localContents())).toHaveLength(1);
      // Not even later, when what is here is taken for changed.
      await settleAll(site, 'mine');
      const kept = Object.values(await site.remoteContents());
      expect(kept.every((content) => content === 'one' || content === 'other')).toBe(true);
    },
  );

  it.each(meeting)(
    'keeps its own file when the server has another whose name differs by %s',
    async (_, mine, theirs) => {
      await using site = await start();
      await site.putLocal(mine, 'mine');
      await site.putRemote(theirs, 'theirs');
      await site.run();
      expect(Object.values(await site.localContents())).toEqual(['mine']);
      expect(await site.remoteContents()).toEqual({ [theirs]: 'theirs' });
    },
  );

  it('carries a rename of the case alone over when the user says whose name is right', async () => {
    await using site = await start();
    await site.putLocal('Readme.txt', 'text');
    await site.run();
    await rename(join(site.local, 'Readme.txt'), join(site.local, 'README.txt'));
    expect(await readdir(site.local)).toEqual(['README.txt']);
    expect(await site.run()).toEqual([]);
    expect(await site.remoteContents()).toEqual({ 'Readme.txt': 'text' });
    expect(await settleAll(site, 'mine')).toEqual([]);
    expect(await site.remoteContents()).toEqual({ 'README.txt': 'text' });
    expect(await site.review()).toEqual([]);
  });

  it('takes the name of the server back after a rename of the case alone, and loses nothing', async () => {
    await using site = await start();
    await site.putLocal('Readme.txt', 'text');
    await site.run();
    await rename(join(site.local, 'Readme.txt'), join(site.local, 'README.txt'));
    expect(await settleAll(site, 'theirs')).toEqual([]);
    expect(await site.localContents()).toEqual({ 'Readme.txt': 'text' });
    expect(await site.review()).toEqual([]);
  });

  it('does not take a renamed file that was given up for a deletion on the server', async () => {
    await using site = await start();
    await site.putLocal('Readme.txt', 'text');
    await site.run();
    await rename(join(site.local, 'Readme.txt'), join(site.local, 'README.txt'));
    await using sync = site.sync();
    const { steps } = await sync.review(bothWays);
    await sync.apply(steps.filter(({ path }) => path === 'README.txt').map((step) => settle(step, 'theirs')));
    expect(await site.review()).toEqual(['Readme.txt: download, new']);
  });

  it('fills no folder with what belongs into another one, whose name differs by case', async () => {
    await using site = await start();
    await site.putRemote('Docs/a.txt', 'upper');
    await site.run();
    await site.putRemote('docs/a.txt', 'lower');
    await site.putRemote('docs/b.txt', 'only there');
    expect(await site.review()).toEqual([
      'docs: conflict, namesFold',
      'docs/a.txt: conflict, namesFold',
      'docs/b.txt: conflict, namesFold',
    ]);
    expect(await settleAll(site, 'theirs')).toHaveLength(3);
    expect(await site.localContents()).toEqual({ Docs: null, 'Docs/a.txt': 'upper' });
    expect(await site.run()).toEqual([]);
    expect(await site.remoteContents()).toMatchObject({ 'Docs/a.txt': 'upper', 'docs/a.txt': 'lower' });
  });

  it('uploads a file that was opened under another spelling under its own name', async () => {
    await using site = await start();
    await site.putLocal('Folder/Readme.txt', 'first');
    await site.run();
    await site.putLocal('Folder/Readme.txt', 'second');
    await using sync = site.sync();
    site.now += 10_000;
    expect(await sync.save({ path: 'folder/README.txt' })).toMatchObject({ kind: 'uploaded' });
    expect(await site.remoteContents()).toEqual({ Folder: null, 'Folder/Readme.txt': 'second' });
  });

  it('gets a file anew, permissions and all that the disk has, and notices each change of it', async () => {
    await using site = await start();
    await site.putRemote('a.txt', 'one');
    await site.run();
    await site.putRemote('a.txt', 'another');
    expect(await site.run()).toEqual(['download a.txt']);
    expect(await site.localContents()).toEqual({ 'a.txt': 'another' });
    await site.putLocal('a.txt', 'changed');
    expect(await site.run()).toEqual(['upload a.txt']);
    // As long, and within the second that the disk may tell.
    await site.putLocal('a.txt', 'chanGed');
    expect(await site.run()).toEqual(['upload a.txt']);
    await using sync = site.sync();
    await sync.undoLast();
    expect(await site.remoteContents()).toEqual({ 'a.txt': 'changed' });
  });

  it('is downloaded into without one file over the other', async () => {
    await using site = await start();
    for (const [name, text] of [
      ['Readme.txt', 'one'],
      ['README.txt', 'other'],
      ['Docs/a', 'upper'],
      ['docs/a', 'lower'],
      ['docs/b', 'b'],
      ['fine', 'fine'],
    ] as const)
      await site.putRemote(`site/${name}`, text);
    const target = join(site.local, 'copy');
    const failure = await site.site.files.downloadDirectory('/site', target).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'failed' });
    expect(String(failure)).toContain('case or Unicode form');
    const got = await site.localContents();
    expect(Object.keys(got).map((name) => name.toLowerCase())).toHaveLength(
      new Set(Object.keys(got).map((name) => name.toLowerCase())).size,
    );
    expect(got['copy/Readme.txt'] ?? got['copy/README.txt']).toBe('copy/Readme.txt' in got ? 'one' : 'other');
    expect(got['copy/Docs/a'] ?? got['copy/docs/a']).toBe('copy/Docs' in got ? 'upper' : 'lower');
    // Nor over what was there before.
    await mkdir(join(site.local, 'kept'));
    await writeFile(join(site.local, 'kept', 'FINE'), 'mine');
    await site.site.files.downloadDirectory('/site', join(site.local, 'kept')).catch(() => undefined);
    expect(await readFile(join(site.local, 'kept', 'FINE'), 'utf8')).toBe('mine');
    expect((await lstat(join(site.local, 'kept'))).isDirectory()).toBe(true);
  });

  it('gets from vsftpd neither of two names that it takes for one, and all that stands alone', async () => {
    await using server = await startServer('vsftpd', { security: 'explicit', requireSessionReuse: true });
    const pairs = folding === 'exFAT' ? [] : [composed, decomposed];
    const names = ['Readme.txt', 'README.txt', 'alone.txt', ...pairs];
    for (const name of names) await writeFile(join(server.root, name), name, { mode: 0o666 });
    const files = filesOf(server);
    const base = await mkdtemp(join(tmpdir(), 'ftps-storage-'));
    const localFolder = await mkdtemp(join(disk.folder, 'local-'));
    const options = { ignore: [], now: Date.now, snapshotLimit: 1_000_000, compareLimit: 1_000_000 };
    const pair = { host: server.host, port: server.port, user: server.user, remoteFolder: '/', localFolder };
    {
      await using sync = new FolderSync({ ...options, pair, files, storage: base });
      const { steps } = await sync.review(bothWays);
      expect(steps.filter(({ reason }) => reason === 'namesFold').map(({ path }) => path)).toEqual(
        names.filter((name) => name !== 'alone.txt').toSorted(),
      );
      const { outcomes } = await sync.apply(
        steps.map((step) => (step.action === 'conflict' ? settle(step, 'theirs') : step)),
      );
      expect(outcomes.filter(({ error }) => error).map(({ error }) => error?.kind)).toEqual(
        folding === 'exFAT' ? ['conflict'] : ['conflict', 'conflict'],
      );
    }
    expect(await readdir(localFolder)).toHaveLength(folding === 'exFAT' ? 2 : 3);
    for (const name of names) expect(await readFile(join(server.root, name), 'utf8')).toBe(name);
    await files.close();
    await rm(base, { recursive: true });
  });
});
