import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/sync/hashOf.ts';
import { PairSite } from './support/pairSite.ts';

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

  it('is a question when it was deleted on the server meanwhile', async () => {
    await using at = await PairSite.start();
    await using sync = at.sync();
    await at.putLocal('a.txt', 'one');
    await sync.save({ path: 'a.txt' });
    await rm(at.site.local('a.txt'));
    expect(await sync.save({ path: 'a.txt' })).toEqual({ kind: 'conflict', remote: undefined });
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
});
