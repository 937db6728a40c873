import { rename, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { hashOf } from '../../src/sync/hashOf.ts';
import { bothWays, PairSite } from './support/pairSite.ts';

describe('a file that is saved here', () => {
  it('goes to the server, again and again, without a question', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    for (const text of ['one', 'two', 'six', 'three']) {
      await at.putLocal('a.txt', text);
      expect(await sync.save({ path: 'a.txt' })).toMatchObject({ kind: 'uploaded' });
      expect(await at.remoteContents()).toEqual({ 'a.txt': text });
    }
  });

  it('costs no question that every save asks anyway, where the server has what it had', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    const longAgo = new Date(at.now - 7 * 24 * 3_600_000);
    for (const path of ['a.txt', 'b.txt']) {
      await at.putLocal(path, 'in step');
      await at.putRemote(path, 'in step');
      await utimes(at.site.local(path), longAgo, longAgo);
    }
    await at.run();
    await at.putLocal('a.txt', 'saved');
    await at.putLocal('b.txt', 'saved');
    await at.site.files.stat('/', { fresh: true });
    const said = (): readonly string[] =>
      at.site
        .said()
        .filter((command) => command.includes('.txt'))
        .map((command) => command.replaceAll(/[ab]\.(ftps-explorer-\w+\.)?txt/g, 'it'));
    said();
    await at.site.files.upload(join(at.local, 'b.txt'), '/b.txt');
    const plainly = said();
    expect(await sync.save({ path: 'a.txt' })).toMatchObject({ kind: 'uploaded' });
    expect(said()).toEqual(plainly);
    expect(plainly).toContain('MLST /it');
  });

  it("does not replace a colleague's newer file, and can be put over it, which is undone", async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await sync.save({ path: 'a.txt' });
    await at.putRemote('a.txt', 'two');
    await at.putLocal('a.txt', 'six');
    expect(await sync.save({ path: 'a.txt' })).toMatchObject({ kind: 'conflict', remote: { size: 3 } });
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'two' });
    await sync.take('a.txt', 'mine');
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'six' });
    await sync.undoLast();
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'two' });
    await sync.take('a.txt', 'theirs');
    expect(await at.localContents()).toEqual({ 'a.txt': 'two' });
    expect(await at.review()).toEqual([]);
  });

  it.each([
    ['in step before', true],
    ['never compared', false],
  ])('does not replace what a colleague saves during the upload (%s)', async (_, isInStep) => {
    let isSaving = false;
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      moveVerified: client.moveVerified.bind(client),
      store: async (path, source, options, signal) => {
        const sent = await client.store(path, source, options, signal);
        if (isSaving) await at.putRemote('a.txt', 'of a colleague');
        return sent;
      },
    });
    await using at = await PairSite.start({ oddity });
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    if (isInStep) await sync.save({ path: 'a.txt' });
    else await at.putRemote('a.txt', 'one');
    const previousHash = await hashOf(join(at.local, 'a.txt'));
    await at.putLocal('a.txt', 'two');
    isSaving = true;
    expect(await sync.save({ path: 'a.txt', previousHash })).toMatchObject({
      kind: 'conflict',
      remote: { size: 14 },
      wasInStep: isInStep,
    });
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'of a colleague' });
  });

  it('is a question when it was deleted on the server meanwhile', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await sync.save({ path: 'a.txt' });
    await rm(at.site.local('a.txt'));
    expect(await sync.save({ path: 'a.txt' })).toEqual({
      kind: 'conflict',
      remote: undefined,
      wasInStep: true,
    });
  });

  it('replaces a file that was never compared if the server has what was here before', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'old');
    await at.putRemote('a.txt', 'old');
    await at.putRemote('b.txt', 'theirs');
    const previousHash = await hashOf(join(at.local, 'a.txt'));
    await at.putLocal('a.txt', 'new');
    await at.putLocal('b.txt', 'mine');
    expect(await sync.save({ path: 'a.txt', previousHash })).toMatchObject({ kind: 'uploaded' });
    expect(await sync.save({ path: 'b.txt' })).toMatchObject({ kind: 'conflict' });
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'new', 'b.txt': 'theirs' });
  });

  it('is not sent where the server has the same', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'same');
    await at.putRemote('a.txt', 'same');
    expect(await sync.save({ path: 'a.txt' })).toEqual({ kind: 'same' });
    expect(await at.review()).toEqual([]);
  });

  it('is not sent again when it is saved twice without a change (double Ctrl+S)', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await sync.save({ path: 'a.txt' });
    expect(await sync.isInStep('a.txt')).toBe(true);
    expect(await sync.save({ path: 'a.txt' })).toEqual({ kind: 'same' });
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'one' });
    await at.putLocal('a.txt', 'other');
    expect(await sync.isInStep('a.txt')).toBe(false);
  });

  it('goes into folders that the server does not have yet', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('new/deep/a.txt', 'one');
    expect(await sync.save({ path: 'new/deep/a.txt' })).toMatchObject({ kind: 'uploaded' });
    expect(await at.remoteContents()).toEqual({ new: null, 'new/deep': null, 'new/deep/a.txt': 'one' });
  });

  it('is told when it is no longer here, and leaves the server alone', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putRemote('a.txt', 'theirs');
    expect(await sync.save({ path: 'a.txt' })).toEqual({ kind: 'gone' });
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'theirs' });
  });

  it('goes through a link here, of which a sync takes no note', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await symlink(join(at.local, 'a.txt'), join(at.local, 'alias.txt'));
    expect(await sync.save({ path: 'alias.txt' })).toMatchObject({ kind: 'uploaded' });
    const previousHash = await hashOf(join(at.local, 'a.txt'));
    await at.putLocal('a.txt', 'two');
    expect(await sync.save({ path: 'alias.txt', previousHash })).toMatchObject({ kind: 'uploaded' });
    await at.putRemote('alias.txt', 'theirs');
    expect(await sync.save({ path: 'alias.txt' })).toMatchObject({ kind: 'conflict', wasInStep: false });
    expect(await at.remoteContents()).toEqual({ 'alias.txt': 'theirs' });
  });
});

describe('a conflict about a link', () => {
  it("can be settled by putting what the link leads to over a colleague's, which is undone", async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'mine');
    await symlink(join(at.local, 'a.txt'), join(at.local, 'alias.txt'));
    await at.putRemote('alias.txt', 'theirs');
    expect(await sync.save({ path: 'alias.txt' })).toMatchObject({ kind: 'conflict' });
    const { outcomes } = await sync.take('alias.txt', 'mine');
    expect(outcomes.map(({ error }) => error)).toEqual([undefined]);
    expect(await at.remoteContents()).toEqual({ 'alias.txt': 'mine' });
    await sync.undoLast();
    expect(await at.remoteContents()).toEqual({ 'alias.txt': 'theirs' });
    await sync.take('alias.txt', 'mine');
    // Without the link the server's file is not one that was deleted here.
    await rm(join(at.local, 'alias.txt'));
    expect(await at.review({ direction: 'both' })).toEqual([
      'a.txt: upload, new',
      'alias.txt: download, new',
    ]);
  });

  it('says that it is a link where taking theirs would write through one here', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'mine');
    await symlink(join(at.local, 'a.txt'), join(at.local, 'alias.txt'));
    await at.putRemote('alias.txt', 'theirs');
    await expect(sync.take('alias.txt', 'theirs')).rejects.toThrow(
      'it is a symbolic link on this computer, which a sync leaves alone. Change by hand what it leads to,',
    );
    expect(await at.localContents()).toEqual({ 'a.txt': 'mine', 'alias.txt': 'mine' });
  });

  it.each(['mine', 'theirs'] as const)('says that it is a link on the server: %s', async (side) => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putRemote('real.txt', 'theirs');
    await at.site.seedLink('alias.txt', at.site.local('real.txt'));
    await at.putLocal('alias.txt', 'mine');
    await expect(sync.take('alias.txt', side)).rejects.toThrow('it is a symbolic link on the server');
    expect((await at.remoteContents())['real.txt']).toBe('theirs');
    expect(await at.localContents()).toEqual({ 'alias.txt': 'mine' });
  });

  it('is none about a file in a folder that is a link, once it has been settled', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('real/a.txt', 'mine');
    await symlink(join(at.local, 'real'), join(at.local, 'up'));
    await at.putRemote('up/a.txt', 'theirs');
    expect(await sync.save({ path: 'up/a.txt' })).toMatchObject({ kind: 'conflict' });
    await sync.take('up/a.txt', 'mine');
    for (const text of ['mine, later', 'mine, last']) {
      await at.putLocal('real/a.txt', text);
      expect(await sync.save({ path: 'up/a.txt' })).toMatchObject({ kind: 'uploaded' });
    }
    expect((await at.remoteContents())['up/a.txt']).toBe('mine, last');
  });
});

describe('what is deleted here', () => {
  it('is deleted on the server where that is wanted, and comes back with an undo', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    for (const path of ['a/b.txt', 'a/c/d.txt', 'e.txt']) {
      await at.putLocal(path, path);
      await sync.save({ path });
    }
    await sync.review(bothWays);
    await rm(join(at.local, 'a'), { recursive: true });
    expect(await sync.carryDeletion(['a'], 3)).toMatchObject({ outcomes: [] });
    const { outcomes } = await sync.carryDeletion(['a'], 10);
    expect(outcomes.map(({ step }) => step.path).toSorted()).toEqual(['a', 'a/b.txt', 'a/c', 'a/c/d.txt']);
    expect(await at.remoteContents()).toEqual({ 'e.txt': 'e.txt' });
    await sync.undoLast();
    expect(Object.keys(await at.remoteContents()).toSorted()).toEqual([
      'a',
      'a/b.txt',
      'a/c',
      'a/c/d.txt',
      'e.txt',
    ]);
  });

  it('stays on the server where somebody has changed it, or nobody has sent it from here', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a/b.txt', 'mine');
    await sync.save({ path: 'a/b.txt' });
    await at.putRemote('a/b.txt', 'theirs, newer');
    await at.putRemote('a/other.txt', 'theirs alone');
    await rm(join(at.local, 'a'), { recursive: true });
    const { outcomes } = await sync.carryDeletion(['a'], 10);
    expect(outcomes.filter(({ error }) => !error)).toEqual([]);
    expect(await at.remoteContents()).toEqual({
      a: null,
      'a/b.txt': 'theirs, newer',
      'a/other.txt': 'theirs alone',
    });
  });

  it('is not taken for deleted while it is still here, or while the whole folder is away', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await sync.save({ path: 'a.txt' });
    expect(await sync.carryDeletion(['a.txt'], 10)).toEqual({ steps: [], outcomes: [] });
    await rename(at.local, `${at.local}-unmounted`);
    expect(await sync.carryDeletion(['a.txt'], 10)).toEqual({ steps: [], outcomes: [] });
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'one' });
  });

  it.each([
    ['a file', 'Logo.png', 'logo.png'],
    ['a file with an accent', 'caf\u00e9.png', 'cafe\u0301.png'],
    ['a folder', 'Img', 'img'],
    ['a folder inside of another', 'deep/Img', 'deep/IMG'],
  ])('stays where nothing but the case or Unicode form of its name was changed: %s', async (_, from, to) => {
    await using at = await PairSite.inStep(
      from.endsWith('Img') ? [`${from}/a.png`, `${from}/b.png`] : [from],
    );
    await using sync = at.sync();
    const before = await at.remoteContents();
    await rename(join(at.local, from), join(at.local, to));
    expect(await sync.carryDeletion([from], 20)).toEqual({ steps: [], outcomes: [] });
    expect(await at.remoteContents()).toEqual(before);
  });

  it('stays where it was moved to a folder whose name differs in case alone', async () => {
    await using at = await PairSite.inStep(['Img/a.png', 'Img/b.png']);
    await using sync = at.sync();
    await at.putLocal('img/a.png', 'Img/a.png');
    await rm(join(at.local, 'Img/a.png'));
    expect((await sync.carryDeletion(['Img/a.png'], 20)).steps).toEqual([]);
    expect(await at.remoteContents()).toMatchObject({ 'Img/a.png': 'Img/a.png' });
  });

  it('goes though the folder that it was in has another case now', async () => {
    await using at = await PairSite.inStep(['Img/a.png', 'Img/b.png']);
    await using sync = at.sync();
    await rename(join(at.local, 'Img'), join(at.local, 'img'));
    await rm(join(at.local, 'img/a.png'));
    await sync.carryDeletion(['Img'], 20);
    expect(await at.remoteContents()).toEqual({ Img: null, 'Img/b.png': 'Img/b.png' });
  });
});
