import { describe, expect, it } from 'vitest';
import { bothWays, PairSite } from './support/pairSite.ts';

describe('a comparison of one folder of a pair', () => {
  it('sees what differs in it, and nothing of the rest', async () => {
    await using at = await PairSite.start();
    for (const path of ['css/same.css', 'css/deep/a.css', 'js/a.js', 'css.txt'])
      await at.putLocal(path, path);
    await at.run();
    at.now += 3_600_000;
    for (const path of ['css/deep/a.css', 'css/new.css', 'js/a.js', 'css.txt'])
      await at.putLocal(path, 'changed');
    await at.putRemote('css/theirs.css', 'new');
    await at.putRemote('js/theirs.js', 'new');
    await using sync = at.sync();
    const review = await sync.review({ ...bothWays, below: 'css' });
    expect(review.steps.map(({ action, path }) => `${action} ${path}`).toSorted()).toEqual([
      'download css/theirs.css',
      'upload css/deep/a.css',
      'upload css/new.css',
    ]);
    expect(review.files).toEqual({ local: 3, remote: 3 });
    await sync.apply(review.steps);
    expect(await at.review()).toEqual([
      'css.txt: upload, changed',
      'js/a.js: upload, changed',
      'js/theirs.js: download, new',
    ]);
  });

  it('makes the folders around it where they are missing, and deletes none of them', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a/b/c/file.txt', 'here');
    await at.putRemote('x/y/z/file.txt', 'there');
    await at.putRemote('x/other.txt', 'there');
    await using sync = at.sync();
    const made = await sync.review({ ...bothWays, direction: 'toRemote', below: 'a/b' });
    expect(made.steps.map(({ action, path }) => `${action} ${path}`)).toEqual([
      'upload a',
      'upload a/b',
      'upload a/b/c',
      'upload a/b/c/file.txt',
    ]);
    const gone = await sync.review({ ...bothWays, direction: 'toRemote', below: 'x/y' });
    expect(gone.steps.map(({ action, path }) => `${action} ${path}`).toSorted()).toEqual([
      'deleteRemote x/y',
      'deleteRemote x/y/z',
      'deleteRemote x/y/z/file.txt',
    ]);
    const { outcomes } = await sync.apply(gone.steps);
    expect(outcomes.filter(({ error }) => error)).toEqual([]);
    expect(await at.remoteContents()).toEqual({ x: null, 'x/other.txt': 'there' });
  });

  it('forgets nothing of what it did not look at', async () => {
    await using at = await PairSite.start();
    for (const path of ['css/a.css', 'js/a.js']) await at.putLocal(path, path);
    await at.run();
    at.now += 3_600_000;
    await using sync = at.sync();
    await at.site.files.delete('/js/a.js', { recursive: false });
    expect((await sync.review({ ...bothWays, below: 'css' })).steps).toEqual([]);
    expect(await at.review()).toEqual(['js/a.js: deleteLocal, deletedOnOtherSide']);
  });
});
