import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Deletions } from '../../src/editor/deletions.ts';
import { PairSite } from '../sync/support/pairSite.ts';
import { SitePairs } from './support/sitePairs.ts';

const carries = { remote: '/', deleteOnServer: true };

function deletionsOf(pairs: SitePairs) {
  const told: string[] = [];
  const deletions = new Deletions({
    pairs,
    log: { info: (message) => told.push(message), warn: (message) => told.push(message) },
    onMany: ({ profile }, count) => told.push(`${count} on ${profile.name}`),
  });
  return { deletions, told };
}

describe('what is deleted here', () => {
  it('is deleted on the server where the mapping says so, a folder with what was in it', async () => {
    await using at = await PairSite.inStep(['a.txt', 'css/a.css', 'css/deep/b.css', 'stays.txt']);
    await using pairs = new SitePairs(at, { site: carries });
    const { deletions, told } = deletionsOf(pairs);
    await rm(join(at.local, 'css'), { recursive: true });
    await deletions.carry([join(at.local, 'css')]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a.txt', 'stays.txt': 'stays.txt' });
    expect(told).toContain('Deleted /css/a.css on site, as it was deleted here');
  });

  it('stays on the server where the mapping does not say so', async () => {
    await using at = await PairSite.inStep(['a.txt']);
    await using pairs = new SitePairs(at, { site: { remote: '/' } });
    await rm(join(at.local, 'a.txt'));
    await deletionsOf(pairs).deletions.carry([join(at.local, 'a.txt')]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a.txt' });
  });

  it('stays where somebody else has changed it since, which is told', async () => {
    await using at = await PairSite.inStep(['a.txt']);
    await using pairs = new SitePairs(at, { site: carries });
    const { deletions, told } = deletionsOf(pairs);
    await at.putRemote('a.txt', 'of a colleague');
    await rm(join(at.local, 'a.txt'));
    await deletions.carry([join(at.local, 'a.txt')]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'of a colleague' });
    expect(told).toEqual([expect.stringMatching(/^Left \/a\.txt on site: .*changed/)]);
  });

  it('waits for a look at it where it is much', async () => {
    const files = Array.from({ length: 21 }, (_, file) => `many/${file}.txt`);
    await using at = await PairSite.inStep(files);
    await using pairs = new SitePairs(at, { site: carries });
    const { deletions, told } = deletionsOf(pairs);
    await rm(join(at.local, 'many'), { recursive: true });
    await deletions.carry([join(at.local, 'many')]);
    expect(Object.keys(await at.remoteContents())).toEqual(expect.arrayContaining(files));
    expect(told).toEqual(['22 on site']);
  });

  it.each([
    ['files', 21, (folders: readonly string[], files: readonly string[]) => files],
    ['folders of a few files each', 24, (folders: readonly string[]) => folders],
  ])('waits for a look at it where many %s go at once', async (_, count, goneOf) => {
    const folders = ['a', 'b', 'c'];
    const files = folders.flatMap((folder) =>
      Array.from({ length: 7 }, (__, file) => `${folder}/${file}.txt`),
    );
    await using at = await PairSite.inStep(files);
    await using pairs = new SitePairs(at, { site: carries });
    const { deletions, told } = deletionsOf(pairs);
    const gone = goneOf(folders, files).map((path) => join(at.local, path));
    for (const path of gone) await rm(path, { recursive: true });
    await deletions.carry(gone);
    expect(Object.keys(await at.remoteContents())).toEqual(expect.arrayContaining(files));
    expect(told).toEqual([`${count} on site`]);
  });

  it('goes from no other connection because the active one ignores it, not even when that is chosen later', async () => {
    await using at = await PairSite.inStep(['a.map']);
    await using pairs = new SitePairs(at, {
      staging: { ...carries, ignore: ['*.map'], onSave: false },
      production: { ...carries, onSave: false },
    });
    await pairs.active.choose('staging');
    const { deletions, told } = deletionsOf(pairs);
    await rm(join(at.local, 'a.map'));
    await deletions.carry([join(at.local, 'a.map')]);
    await pairs.active.choose('production');
    await deletions.carryUndecided();
    expect(told).toEqual([]);
    expect(await at.remoteContents()).toEqual({ 'a.map': 'a.map' });
  });

  it('waits for the choice though one of the connections ignores it', async () => {
    await using at = await PairSite.inStep(['a.map']);
    await using pairs = new SitePairs(at, {
      staging: { ...carries, ignore: ['*.map'] },
      production: carries,
    });
    const undecided: unknown[] = [];
    pairs.active.onUndecided.add((file) => undecided.push(file));
    const { deletions, told } = deletionsOf(pairs);
    await rm(join(at.local, 'a.map'));
    await deletions.carry([join(at.local, 'a.map')]);
    expect(told).toEqual([]);
    expect(undecided).toHaveLength(1);
    await pairs.active.choose('production');
    await deletions.carryUndecided();
    expect(told).toEqual(['Deleted /a.map on production, as it was deleted here']);
  });

  it('is counted for each mapping by itself', async () => {
    const files = ['a', 'b'].flatMap((folder) =>
      Array.from({ length: 12 }, (_, file) => `${folder}/${file}.txt`),
    );
    await using at = await PairSite.inStep(files);
    await using pairs = new SitePairs(at, {
      one: { ...carries, local: 'a' },
      other: { ...carries, local: 'b' },
    });
    const counts: number[] = [];
    vi.spyOn(pairs.sync(), 'carryDeletion').mockImplementation(async (paths) => {
      counts.push(paths.length);
      return { steps: [], outcomes: [] };
    });
    await deletionsOf(pairs).deletions.carry(files.map((file) => join(at.local, file)));
    expect(counts).toEqual([12, 12]);
  });

  it('asks for no choice where it is a whole folder that several connections map, of which nothing goes', async () => {
    await using at = await PairSite.inStep(['a.txt']);
    await using pairs = new SitePairs(at, { live: carries, staging: carries });
    const undecided: unknown[] = [];
    pairs.active.onUndecided.add((file) => undecided.push(file));
    await rm(at.local, { recursive: true });
    await deletionsOf(pairs).deletions.carry([at.local]);
    expect(undecided).toEqual([]);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a.txt' });
  });

  it('goes from the connection that is chosen, once it is, where several map it', async () => {
    await using at = await PairSite.inStep(['a.txt', 'again.txt']);
    await using pairs = new SitePairs(at, { live: { ...carries, onSave: true }, staging: carries });
    const undecided: unknown[] = [];
    pairs.active.onUndecided.add((file) => undecided.push(file));
    const { deletions, told } = deletionsOf(pairs);
    for (const name of ['a.txt', 'again.txt']) {
      await rm(join(at.local, name));
      await deletions.carry([join(at.local, name)]);
    }
    expect(undecided[0]).toEqual({ localFile: join(at.local, 'a.txt'), isGone: true });
    expect(told).toEqual([]);
    await at.putLocal('again.txt', 'written once more');
    await pairs.active.choose('staging');
    await deletions.carryUndecided();
    expect(told).toEqual(['Deleted /a.txt on staging, as it was deleted here']);
    expect(await at.remoteContents()).toEqual({ 'again.txt': 'again.txt' });
    await deletions.carryUndecided();
    expect(told).toHaveLength(1);
  });
});
