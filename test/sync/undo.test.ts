import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FolderSync } from '../../src/sync/folderSync.ts';
import { settle } from '../../src/sync/planStep.ts';
import { timeOfSync } from '../../src/sync/snapshotId.ts';
import { SyncAction } from '../../src/sync/syncAction.ts';
import { SourceMissing } from '../../src/sync/takeStep.ts';
import { bothWays, PairSite } from './support/pairSite.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}.txt`);

/** A site on which both sides have these files, and each has changed them since. */
async function inConflict(files: readonly string[], options: Parameters<typeof PairSite.start>[1] = {}) {
  const at = await PairSite.start({}, options);
  for (const name of files) await at.putLocal(name, `base of ${name}`);
  await at.run();
  for (const name of files) {
    await at.putLocal(name, `mine of ${name}, changed`);
    await at.putRemote(name, `theirs of ${name}, changed`);
  }
  return at;
}

async function failures(sync: FolderSync): Promise<(string | undefined)[]> {
  return (await sync.undoLast()).map(({ error }) => error?.message);
}

function theirs(files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((name) => [name, `theirs of ${name}, changed`]));
}

/** Files with what is kept, of all syncs. */
async function kept(at: PairSite): Promise<string[]> {
  const contents: string[] = [];
  for (const entry of await readdir(at.storage, { recursive: true, withFileTypes: true })) {
    if (/^\d+$/.test(entry.name) && entry.parentPath.includes('snapshots'))
      contents.push(await readFile(join(entry.parentPath, entry.name), 'utf8'));
  }
  return contents.toSorted();
}

describe('a user who has answered several questions at once fears', () => {
  it.each(['mine', 'theirs'] as const)('that one answer loses what another one kept (%s)', async (from) => {
    await using at = await inConflict(names);
    await using sync = at.sync();
    // All in one millisecond.
    await Promise.all(names.map((name) => sync.take(name, from)));
    const lost = from === 'mine' ? 'theirs' : 'mine';
    expect(await kept(at)).toEqual(names.map((name) => `${lost} of ${name}, changed`));
    for (const _ of names) expect(await failures(sync)).toEqual([undefined]);
    expect(await at.remoteContents()).toEqual(theirs(names));
    expect((await at.localContents())['a.txt']).toBe('mine of a.txt, changed');
  });

  it('that two windows at the same folder keep over each other', async () => {
    await using at = await inConflict(names);
    await using one = at.sync();
    await using other = at.sync();
    await Promise.all(names.map((name, index) => (index % 2 ? one : other).take(name, 'mine')));
    expect(await kept(at)).toEqual(names.map((name) => `theirs of ${name}, changed`));
  });

  it('that an undo reaches only the last of them', async () => {
    await using at = await inConflict(names);
    await using sync = at.sync();
    const action = new SyncAction();
    await Promise.all(names.slice(0, 4).map((name) => sync.take(name, 'mine', { action })));
    // And those that follow when the first have ended.
    for (const name of names.slice(4)) await sync.take(name, 'mine', { action });
    expect(await failures(sync)).toEqual(names.map(() => undefined));
    expect(await at.remoteContents()).toEqual(theirs(names));
  });
});

describe('a user who takes one side of a file fears', () => {
  it('that "Overwrite" deletes it on the server, because it has gone here meanwhile', async () => {
    await using at = await inConflict(['a.txt']);
    await rm(join(at.local, 'a.txt'));
    await using sync = at.sync();
    await expect(sync.take('a.txt', 'mine')).rejects.toThrow(SourceMissing);
    expect(await at.remoteContents()).toEqual(theirs(['a.txt']));
  });

  it('that "Take Theirs" deletes it here, unless that is what was asked', async () => {
    await using at = await inConflict(['a.txt']);
    await rm(at.site.local('a.txt'));
    await using sync = at.sync();
    await expect(sync.take('a.txt', 'theirs')).rejects.toThrow('a.txt is not on the server any more');
    expect(await at.localContents()).toEqual({ 'a.txt': 'mine of a.txt, changed' });
    await sync.take('a.txt', 'theirs', { mayDelete: true });
    expect(await at.localContents()).toEqual({});
  });
});

describe('a user who undoes fears', () => {
  it('that the undo throws away what it is to bring back, because the space is full', async () => {
    const files = names.slice(0, 3);
    await using at = await inConflict(files, { snapshotLimit: 2000 });
    for (const name of files) await at.putLocal(name, name.repeat(120));
    for (const name of files) await at.putRemote(name, `${theirs([name])[name]}`.padEnd(600));
    const before = await at.remoteContents();
    await using sync = at.sync();
    const { steps } = await sync.review(bothWays);
    await sync.apply(steps.map((step) => settle(step, 'mine')));
    expect((await kept(at)).join('')).toHaveLength(1800);
    expect(await failures(sync)).toEqual([undefined, undefined, undefined]);
    expect(await at.remoteContents()).toEqual(before);
  });

  it('that the second undo brings back what the first one took away, instead of what was there before', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    const contents = ['one', 'the second', 'and number three', 'the last one of all'];
    for (const content of contents) {
      await at.putLocal('a.txt', content);
      const { steps } = await sync.review(bothWays);
      await sync.apply(steps);
      at.now += 3_600_000;
    }
    for (const content of contents.toReversed().slice(1)) {
      expect(await failures(sync)).toEqual([undefined]);
      expect(await at.remoteContents()).toEqual({ 'a.txt': content });
    }
    expect(await failures(sync)).toEqual([undefined]);
    expect(await at.remoteContents()).toEqual({});
    expect(await sync.undoLast()).toEqual([]);
  });

  it('that a colleague loses what came between two syncs that are both taken back', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await at.run();
    await at.putRemote('a.txt', 'a colleague');
    await at.putLocal('a.txt', 'two');
    await sync.take('a.txt', 'mine');
    expect(await failures(sync)).toEqual([undefined]);
    expect(await failures(sync)).toEqual([expect.stringContaining('has changed')]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a colleague' });
  });

  it('that folders stay behind which were made for a file alone', async () => {
    await using at = await PairSite.start();
    await at.putLocal('d/e/a.txt', 'a');
    await using sync = at.sync();
    await sync.take('d/e/a.txt', 'mine');
    expect(await at.remoteContents()).toEqual({ d: null, 'd/e': null, 'd/e/a.txt': 'a' });
    expect(await failures(sync)).toEqual([undefined, undefined, undefined]);
    expect(await at.remoteContents()).toEqual({});
    await rm(join(at.local, 'd'), { recursive: true });
    await at.putRemote('d/e/a.txt', 'a');
    await sync.take('d/e/a.txt', 'theirs');
    expect(await failures(sync)).toEqual([undefined, undefined, undefined]);
    expect(await at.localContents()).toEqual({});
  });

  it('that another sync than the one in the question is taken back', async () => {
    await using at = await inConflict(['a.txt', 'b.txt']);
    await using sync = at.sync();
    const { id } = await sync.take('a.txt', 'mine');
    await sync.take('b.txt', 'mine');
    await expect(sync.undoLast(id)).rejects.toMatchObject({ kind: 'conflict' });
    expect((await at.remoteContents())['b.txt']).toBe('mine of b.txt, changed');
  });

  it('that what could not be taken back for want of a connection can never be', async () => {
    await using at = await inConflict(names.slice(0, 3));
    await using sync = at.sync();
    const action = new SyncAction();
    for (const name of names.slice(0, 3)) await sync.take(name, 'mine', { action });
    const cancel = new AbortController();
    const first = await sync.undoLast(undefined, () => cancel.abort(), cancel.signal);
    expect(first.map(({ error }) => error?.kind)).toEqual([undefined, 'cancelled', 'cancelled']);
    expect(await failures(sync)).toEqual([undefined, undefined]);
    expect(await at.remoteContents()).toEqual(theirs(names.slice(0, 3)));
    // What is offered next is the sync before.
    expect((await sync.lastSync())?.entries.map(({ change }) => change)).toEqual([
      'created',
      'created',
      'created',
    ]);
  });

  it('that a damaged copy is put over a good file', async () => {
    await using at = await inConflict(['a.txt']);
    await using sync = at.sync();
    const { id } = await sync.take('a.txt', 'theirs');
    const snapshots = join(at.storage, (await readdir(at.storage))[0] ?? '', 'snapshots', id);
    await writeFile(join(snapshots, '1'), 'mine of b.txt, changed');
    expect(await failures(sync)).toEqual([expect.stringContaining('is not kept as it was')]);
    expect((await at.localContents())['a.txt']).toBe('theirs of a.txt, changed');
  });

  it('that a file with passwords comes back for everyone to read', async () => {
    await using at = await PairSite.start();
    await at.putLocal('wp-config.php', 'password');
    await at.putLocal('local.key', 'password');
    await at.run();
    await chmod(at.site.local('wp-config.php'), 0o600);
    await chmod(join(at.local, 'local.key'), 0o600);
    await rm(join(at.local, 'wp-config.php'));
    await rm(at.site.local('local.key'));
    expect((await at.run()).toSorted()).toEqual(['deleteLocal local.key', 'deleteRemote wp-config.php']);
    await using sync = at.sync();
    expect(await failures(sync)).toEqual([undefined, undefined]);
    expect((await stat(at.site.local('wp-config.php'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(at.local, 'local.key'))).mode & 0o777).toBe(0o600);
  });

  it('that trying again what has failed hides what was done before', async () => {
    let isStuck = true;
    await using at = await PairSite.start({
      oddity: (client) => ({
        store: (path, source, options, signal) =>
          isStuck && path.includes('stuck')
            ? Promise.reject(new Error('stuck'))
            : client.store(path, source, options, signal),
      }),
    });
    for (const name of ['a.txt', 'stuck.txt']) await at.putLocal(name, name);
    await using sync = at.sync();
    const { steps } = await sync.review(bothWays);
    const action = new SyncAction();
    const first = await sync.apply(steps, undefined, undefined, action);
    isStuck = false;
    const failed = first.outcomes.filter(({ error }) => error).map(({ step }) => step);
    const again = await sync.apply(failed, undefined, undefined, action);
    expect([failed.map(({ path }) => path), again.id]).toEqual([['stuck.txt'], first.id]);
    expect(await failures(sync)).toEqual([undefined, undefined]);
    expect(await at.remoteContents()).toEqual({});
  });
});

describe('a user whose clock was set back fears', () => {
  const day = 86_400_000;

  async function run(at: PairSite): Promise<string> {
    await using sync = at.sync();
    const { steps } = await sync.review(bothWays);
    return (await sync.apply(steps)).id;
  }

  it('that an undo takes back a sync before the last one', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'first');
    await run(at);
    at.now -= day;
    await at.putLocal('b.txt', 'the second');
    const second = await run(at);
    await using sync = at.sync();
    expect((await sync.lastSync())?.id).toBe(second);
    expect(timeOfSync(second)).toBe(at.now);
    await sync.undoLast(second);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'first' });
  });

  it('that what the last syncs have kept gives way before what older ones have', async () => {
    await using at = await PairSite.start({}, { snapshotLimit: 28_000 });
    for (const name of ['a', 'b', 'c']) await at.putRemote(name, name.repeat(10_000));
    await run(at);
    await at.putLocal('a', 'new');
    await run(at);
    at.now -= day;
    for (const name of ['b', 'c']) {
      await at.putLocal(name, 'new');
      await run(at);
      at.now += 60_000;
    }
    expect(await kept(at)).toEqual(['b'.repeat(10_000), 'c'.repeat(10_000)]);
  });
});

describe('a user whose space for undos is small fears', () => {
  const large = 'x'.repeat(200);

  it('that one large file throws away all that is kept, and is not kept itself', async () => {
    await using at = await inConflict(['a.txt', 'b.txt', 'large.txt'], { snapshotLimit: 1500 });
    await at.putRemote('large.txt', large.repeat(10));
    await using sync = at.sync();
    await sync.take('a.txt', 'mine');
    await sync.take('b.txt', 'mine');
    const before = await kept(at);
    const { outcomes } = await sync.take('large.txt', 'mine');
    expect(outcomes[0]?.error).toMatchObject({
      kind: 'noSpace',
      message: expect.stringContaining('snapshotLimit'),
    });
    expect((await at.remoteContents())['large.txt']).toBe(large.repeat(10));
    expect(await kept(at)).toEqual(before);
    expect(await failures(sync)).toEqual([undefined]);
  });

  it('that the oldest go at last only for what is really kept in their place', async () => {
    await using at = await inConflict(['a.txt', 'b.txt'], { snapshotLimit: 1500 });
    await using sync = at.sync();
    await at.putRemote('a.txt', 'a'.repeat(600));
    await sync.take('a.txt', 'mine');
    const { steps } = await sync.review(bothWays);
    // It gets as far as to fetch what is to be kept, and finds another file.
    await at.putRemote('b.txt', 'b'.repeat(700));
    const stale = steps.map((step) => settle(step, 'mine'));
    expect((await sync.apply(stale)).outcomes[0]?.error?.kind).toBe('conflict');
    expect(await kept(at)).toEqual(['a'.repeat(600)]);
    at.now += 1000;
    await sync.take('b.txt', 'mine');
    expect(await kept(at)).toEqual(['b'.repeat(700)]);
  });

  it('that a sync which is under way loses what it has kept to another one, of this window or of another', async () => {
    let gate: Promise<unknown> = Promise.resolve();
    await using at = await PairSite.start(
      {
        oddity: (client) => ({
          store: async (path, source, options, signal) => {
            if (path.includes('held')) await gate;
            return client.store(path, source, options, signal);
          },
        }),
      },
      { snapshotLimit: 800 },
    );
    const put = async (content: string): Promise<void> => {
      for (const name of ['a', 'held', 'other']) await at.putRemote(`${name}.txt`, content + name);
      for (const name of ['a', 'held', 'other']) await at.putLocal(`${name}.txt`, name);
    };
    await put('x'.repeat(300));
    await using sync = at.sync();
    await using window = at.sync();
    const { steps } = await sync.review(bothWays);
    const [first, held] = steps.map((step) => settle(step, 'mine'));
    let open = (): void => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    let tell = (): void => undefined;
    const isDone = new Promise<void>((resolve) => (tell = resolve));
    const applied = sync.apply(
      [first, held].flatMap((step) => step ?? []),
      ({ step }) => {
        if (step.path === 'a.txt') tell();
      },
    );
    await isDone;
    for (const each of [sync, window]) {
      const { outcomes } = await each.take('other.txt', 'mine');
      expect(outcomes[0]?.error?.kind).toBe('noSpace');
    }
    open();
    await applied;
    expect(await failures(sync)).toEqual([undefined, undefined]);
    expect((await at.remoteContents())['a.txt']).toBe(`${'x'.repeat(300)}a`);
  });
});
