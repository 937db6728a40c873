import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type CarryProgress, CarryWork } from '../../../src/editor/commands/carryWork.ts';
import type { CarryDirection } from '../../../src/editor/commands/carryText.ts';
import { isCancellation } from '../../../src/remote/errors.ts';
import type { FolderSync } from '../../../src/sync/folderSync.ts';
import { PairSite } from '../../sync/support/pairSite.ts';

function workOf(
  at: PairSite,
  sync: FolderSync,
  direction: CarryDirection,
  onProgress: CarryProgress = () => undefined,
): CarryWork {
  return new CarryWork({
    onProgress,
    direction,
    sync,
    localFolder: at.local,
    ignore: [],
    apart: ['admin'],
    requireRemote: async (path) => void (await at.site.files.stat(`/${path}`, { fresh: true })),
  });
}

const signal = new AbortController().signal;

/** A site whose files both sides once had in step. */
async function inStep(files: Readonly<Record<string, string>>): Promise<PairSite> {
  const at = await PairSite.start();
  for (const [path, content] of Object.entries(files)) await at.putLocal(path, content);
  await at.run();
  at.now += 3_600_000;
  return at;
}

describe('a file that is uploaded on command', () => {
  it('replaces what the server has where nobody else has changed it', async () => {
    await using at = await inStep({ 'a.txt': 'old', 'b.txt': 'other' });
    await using sync = at.sync();
    await at.putLocal('a.txt', 'new here');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['a.txt', 'b.txt'], signal);
    expect(work).toMatchObject({ done: 1, same: 1, left: 0, errors: [] });
    expect((await at.remoteContents())['a.txt']).toBe('new here');
  });

  it('leaves a colleague’s newer file until the user says otherwise, and keeps it for an undo', async () => {
    await using at = await inStep({ 'a.txt': 'old' });
    await using sync = at.sync();
    await at.putLocal('a.txt', 'new here');
    await at.putRemote('a.txt', 'a colleague’s');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['a.txt'], signal);
    expect(work.questionable).toEqual(['a.txt']);
    expect((await at.remoteContents())['a.txt']).toBe('a colleague’s');
    await work.overwrite(signal);
    expect(work).toMatchObject({ done: 1, left: 0 });
    expect((await at.remoteContents())['a.txt']).toBe('new here');
    await sync.undoLast();
    expect((await at.remoteContents())['a.txt']).toBe('a colleague’s');
  });

  it('stays here when an ignore rule of the folder names it', async () => {
    await using at = await inStep({ '.ftpsignore': '*.env' });
    await using sync = at.sync();
    await at.putLocal('secret.env', 'password');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['secret.env'], signal);
    expect(work.errors.map(({ message }) => message)).toEqual([
      'secret.env is left alone by an ignore rule.',
    ]);
    expect(await at.remoteContents()).not.toHaveProperty('secret.env');
  });

  it('stays here when another mapping covers it', async () => {
    await using at = await inStep({ 'a.txt': 'a' });
    await using sync = at.sync();
    await at.putLocal('admin/secret.php', 'password');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['admin/secret.php'], signal);
    expect(work.errors.map(({ message }) => message)).toEqual([
      'admin/secret.php is left to another mapping, which covers it.',
    ]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a' });
  });

  it('does not keep the others when it is gone', async () => {
    await using at = await inStep({ 'b.txt': 'old' });
    await using sync = at.sync();
    await at.putLocal('b.txt', 'new here');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['a.txt', 'b.txt'], signal);
    expect(work.errors).toHaveLength(1);
    expect((await at.remoteContents())['b.txt']).toBe('new here');
  });
});

describe('many files that are selected', () => {
  const names = Array.from({ length: 9 }, (_, index) => `${index}.txt`);

  it('are all uploaded, and each is told', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    for (const name of names) await at.putLocal(name, name);
    const told: string[] = [];
    let files = 0;
    const work = workOf(at, sync, 'toRemote', (progress) => {
      told.push(progress.path);
      files = progress.files;
    });
    await work.begin(names, signal);
    expect(work).toMatchObject({ done: 9, left: 0, errors: [] });
    expect(await at.remoteContents()).toEqual(Object.fromEntries(names.map((name) => [name, name])));
    expect([told.toSorted(), files]).toEqual([names, 9]);
  });

  it('are not begun any more once the user has called it off', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    for (const name of names) await at.putLocal(name, name);
    const abort = new AbortController();
    const work = workOf(at, sync, 'toRemote', () => abort.abort());
    await expect(work.begin(names, abort.signal)).rejects.toSatisfy(isCancellation);
    expect(Object.keys(await at.remoteContents()).length).toBeLessThan(names.length);
  });
});

describe('a file that is downloaded on command', () => {
  it('replaces the local one where that has not changed', async () => {
    await using at = await inStep({ 'a.txt': 'old' });
    await using sync = at.sync();
    await at.putRemote('a.txt', 'new there');
    const work = workOf(at, sync, 'toLocal');
    await work.begin(['a.txt'], signal);
    expect(work).toMatchObject({ done: 1, left: 0, errors: [] });
    expect((await at.localContents())['a.txt']).toBe('new there');
  });

  it('leaves what was changed here until the user says otherwise', async () => {
    await using at = await inStep({ 'a.txt': 'old' });
    await using sync = at.sync();
    await at.putLocal('a.txt', 'my work of today');
    const work = workOf(at, sync, 'toLocal');
    await work.begin(['a.txt'], signal);
    expect(work.questionable).toEqual(['a.txt']);
    expect((await at.localContents())['a.txt']).toBe('my work of today');
    await work.overwrite(signal);
    expect((await at.localContents())['a.txt']).toBe('old');
  });

  it('comes back with all the others of the same command by one undo', async () => {
    const files = ['a.txt', 'b.txt', 'c.txt', 'd/e.txt', 'mine.txt'];
    await using at = await inStep(Object.fromEntries(files.map((file) => [file, 'old'])));
    await using sync = at.sync();
    for (const file of files) await at.putRemote(file, 'new there');
    await at.putLocal('mine.txt', 'my work of today');
    const before = await at.localContents();
    const work = workOf(at, sync, 'toLocal');
    await work.begin(['a.txt', 'b.txt', 'c.txt', 'd', 'mine.txt'], signal);
    await work.overwrite(signal);
    expect(work).toMatchObject({ done: 5, errors: [] });
    const outcomes = await sync.undoLast();
    expect(outcomes.map(({ error }) => error)).toEqual(files.map(() => undefined));
    expect(await at.localContents()).toEqual(before);
  });

  it('is not deleted here when it goes on the server while the question stands', async () => {
    await using at = await inStep({ 'a.txt': 'old' });
    await using sync = at.sync();
    await at.putLocal('a.txt', 'my work of today');
    const work = workOf(at, sync, 'toLocal');
    await work.begin(['a.txt'], signal);
    await rm(at.site.local('a.txt'));
    await work.overwrite(signal);
    expect(work.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('a.txt is not on the server any more'),
    ]);
    expect((await at.localContents())['a.txt']).toBe('my work of today');
  });

  it('is not deleted here because the server does not have it', async () => {
    await using at = await inStep({ 'a.txt': 'old' });
    await using sync = at.sync();
    await rm(at.site.local('a.txt'));
    const work = workOf(at, sync, 'toLocal');
    await work.begin(['a.txt'], signal);
    expect(work).toMatchObject({ done: 0, left: 0 });
    expect(work.errors).toHaveLength(1);
    expect((await at.localContents())['a.txt']).toBe('old');
  });
});

describe('a folder that is carried over on command', () => {
  it('takes with it what is in it, and nothing beside it', async () => {
    await using at = await inStep({ 'd/old.txt': 'old' });
    await using sync = at.sync();
    for (const path of ['d/e/a.txt', 'd/b.txt', 'beside.txt', 'd2/c.txt']) await at.putLocal(path, path);
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['d'], signal);
    expect(work).toMatchObject({ done: 2, left: 0, errors: [] });
    expect(Object.keys(await at.remoteContents()).toSorted()).toEqual([
      'd',
      'd/b.txt',
      'd/e',
      'd/e/a.txt',
      'd/old.txt',
    ]);
  });

  it('comes with the folders around it that the server does not have yet', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('x/y/z/a.txt', 'deep');
    await at.putLocal('x/b.txt', 'beside');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['x/y/z'], signal);
    expect(work).toMatchObject({ done: 1, errors: [] });
    expect(await at.remoteContents()).toEqual({ x: null, 'x/y': null, 'x/y/z': null, 'x/y/z/a.txt': 'deep' });
  });

  it('overwrites nothing that was never compared, and deletes nothing, unasked', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('d/a.txt', 'from here');
    await at.putLocal('d/new.txt', 'new');
    await at.putRemote('d/a.txt', 'somebody’s site');
    await at.putRemote('d/only-there.txt', 'there');
    const work = workOf(at, sync, 'toRemote');
    await work.begin(['d'], signal);
    expect(work.questionable).toEqual(['d/a.txt']);
    const before = { d: null, 'd/only-there.txt': 'there', 'd/new.txt': 'new' };
    expect(await at.remoteContents()).toEqual({ ...before, 'd/a.txt': 'somebody’s site' });
    await work.overwrite(signal);
    expect(await at.remoteContents()).toEqual({ ...before, 'd/a.txt': 'from here' });
  });

  it('brings what is new on the server, and asks about what has changed on both sides', async () => {
    await using at = await inStep({ 'd/a.txt': 'old', 'd/b.txt': 'old' });
    await using sync = at.sync();
    await at.putLocal('d/a.txt', 'mine');
    await at.putRemote('d/a.txt', 'theirs');
    await at.putRemote('d/b.txt', 'new there');
    const work = workOf(at, sync, 'toLocal');
    await work.begin([''], signal);
    expect(work.questionable).toEqual(['d/a.txt']);
    expect(await at.localContents()).toEqual({ d: null, 'd/a.txt': 'mine', 'd/b.txt': 'new there' });
    await work.overwrite(signal);
    expect(work).toMatchObject({ done: 2, left: 0, errors: [] });
    expect((await at.localContents())['d/a.txt']).toBe('theirs');
  });
});
