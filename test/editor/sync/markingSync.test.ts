import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MarkingSync } from '../../../src/editor/sync/markingSync.ts';
import { SyncMarks } from '../../../src/editor/sync/syncMarks.ts';
import type { PlanStep } from '../../../src/sync/planStep.ts';
import { bothWays, PairSite } from '../../sync/support/pairSite.ts';

function marked(
  at: PairSite,
  marks: SyncMarks,
  name = 'demo',
  ignore: readonly string[] = [],
  onCarried: (step: PlanStep) => void = () => undefined,
) {
  const { host, port } = at.site.server;
  const options = {
    pair: { host, port, user: 'anna', remoteFolder: '/', localFolder: at.local },
    files: at.site.files,
    ignore,
    storage: at.storage,
    now: () => at.now,
    snapshotLimit: 100_000_000,
    compareLimit: 10_000_000,
  };
  const pair = { profile: { name }, mapping: { remote: '/' }, localFolder: at.local };
  return new MarkingSync(options, marks, pair, onCarried);
}

function badges(at: PairSite, marks: SyncMarks, paths: readonly string[]) {
  return paths.map((path) => marks.of(join(at.local, path))?.badge);
}

describe('the marks in the Explorer', () => {
  it('show after a comparison what differs and how, and go when it is carried over', async () => {
    await using at = await PairSite.start();
    for (const path of ['same.txt', 'mine.txt', 'd/theirs.txt', 'both.txt']) await at.putLocal(path, path);
    await at.run();
    at.now += 3_600_000;
    await at.putLocal('mine.txt', 'changed here');
    await at.putRemote('d/theirs.txt', 'changed there');
    await at.putLocal('both.txt', 'changed here');
    await at.putRemote('both.txt', 'changed there too');
    await at.putRemote('only-there.txt', 'new');
    const marks = new SyncMarks();
    const told: string[] = [];
    marks.onDidChange.add((files) => told.push(...files));
    await using sync = marked(at, marks);
    const { steps } = await sync.review(bothWays);
    const paths = ['same.txt', 'mine.txt', 'd/theirs.txt', 'both.txt', 'only-there.txt', 'd'];
    expect(badges(at, marks, paths)).toEqual([undefined, '↑', '↓', '!', undefined, undefined]);
    expect(marks.of(join(at.local, 'mine.txt'))?.tooltip).toBe('Differs from demo: to be uploaded');
    expect(told.toSorted()).toEqual(
      ['both.txt', 'd/theirs.txt', 'mine.txt'].map((path) => join(at.local, path)),
    );
    await sync.apply(steps.filter(({ action }) => action !== 'conflict'));
    expect(badges(at, marks, paths)).toEqual([undefined, undefined, undefined, '!', undefined, undefined]);
    await sync.take('both.txt', 'mine');
    expect(badges(at, marks, ['both.txt'])).toEqual([undefined]);
  });

  it('say of a conflict what has become of the file on each side', async () => {
    await using at = await PairSite.start();
    for (const path of ['gone.txt', 'theirs.txt']) await at.putLocal(path, 'old');
    await at.run();
    at.now += 3_600_000;
    await at.putLocal('gone.txt', 'changed here');
    await at.putRemote('theirs.txt', 'changed there');
    await rm(at.site.local('gone.txt'));
    const marks = new SyncMarks();
    await using sync = marked(at, marks);
    const tooltipOf = (path: string) => marks.of(join(at.local, path))?.tooltip;
    await sync.review(bothWays);
    expect(tooltipOf('gone.txt')).toBe('Conflict with demo: changed here, deleted on server');
    await sync.review({ ...bothWays, direction: 'toRemote' });
    expect(tooltipOf('theirs.txt')).toBe('Conflict with demo: changed on server');
  });

  it('stay where a file could not be carried over, and others hear of those that were only', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'old');
    await at.run();
    at.now += 3_600_000;
    await at.putLocal('a.txt', 'changed here');
    const marks = new SyncMarks();
    const carried: string[] = [];
    await using sync = marked(at, marks, 'demo', [], ({ path }) => carried.push(path));
    const { steps } = await sync.review(bothWays);
    await at.putRemote('a.txt', 'changed there after the comparison');
    const { outcomes } = await sync.apply(steps);
    expect(outcomes.map(({ error }) => error?.kind)).toEqual(['conflict']);
    expect(badges(at, marks, ['a.txt'])).toEqual(['↑']);
    expect(carried).toEqual([]);
    await sync.take('a.txt', 'mine');
    expect(carried).toEqual(['a.txt']);
    expect(badges(at, marks, ['a.txt'])).toEqual([undefined]);
  });

  it('show what could not be sent because others have changed it', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'old');
    await at.run();
    await at.putLocal('a.txt', 'mine');
    await at.putRemote('a.txt', 'somebody else’s');
    const marks = new SyncMarks();
    await using sync = marked(at, marks);
    await sync.save({ path: 'a.txt' });
    expect(marks.of(join(at.local, 'a.txt'))).toEqual({ badge: '!', tooltip: 'Changed here and on demo' });
    await sync.take('a.txt', 'theirs');
    expect(badges(at, marks, ['a.txt'])).toEqual([undefined]);
    await at.putLocal('a.txt', 'mine again');
    await rm(at.site.local('a.txt'));
    await sync.save({ path: 'a.txt' });
    expect(marks.of(join(at.local, 'a.txt'))?.tooltip).toBe('Changed here, deleted on demo');
    await at.putLocal('new.txt', 'here');
    await at.putRemote('new.txt', 'over there');
    await sync.save({ path: 'new.txt' });
    expect(marks.of(join(at.local, 'new.txt'))?.tooltip).toBe('Differs from demo, and was never compared');
  });

  it('are those of the last comparison of the pair, and leave those of another pair alone', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'here');
    await at.putLocal('b.txt', 'here');
    const marks = new SyncMarks();
    await using whole = marked(at, marks);
    await whole.review({ ...bothWays, direction: 'toRemote' });
    expect(badges(at, marks, ['a.txt', 'b.txt'])).toEqual(['↑', '↑']);
    await using part = marked(at, marks, 'other', ['b.txt']);
    await part.review({ ...bothWays, direction: 'toRemote' });
    expect(marks.of(join(at.local, 'a.txt'))?.tooltip).toContain('other');
    expect(marks.of(join(at.local, 'b.txt'))?.tooltip).toContain('demo');
    marks.clear();
    expect(badges(at, marks, ['a.txt', 'b.txt'])).toEqual([undefined, undefined]);
  });

  it('of one folder that is compared are new, and those of the rest stay as they were', async () => {
    await using at = await PairSite.start();
    for (const path of ['css/a.css', 'css.txt', 'js/a.js']) await at.putLocal(path, 'here');
    const marks = new SyncMarks();
    await using sync = marked(at, marks);
    await sync.review({ ...bothWays, direction: 'toRemote' });
    for (const path of ['css/a.css', 'css.txt', 'js/a.js']) await at.putRemote(path, 'here');
    await sync.review({ ...bothWays, direction: 'toRemote', below: 'css' });
    expect(badges(at, marks, ['css/a.css', 'css.txt', 'js/a.js'])).toEqual([undefined, '↑', '↑']);
  });

  it('show what one side keeps though the other has not got it', async () => {
    await using at = await PairSite.start();
    await at.putLocal('only-here.txt', 'here');
    await at.putLocal('differs.txt', 'here');
    await at.putRemote('differs.txt', 'over there');
    const marks = new SyncMarks();
    await using sync = marked(at, marks);
    await sync.review({ ...bothWays, direction: 'toLocal', deleteExtra: false });
    expect(badges(at, marks, ['only-here.txt', 'differs.txt'])).toEqual(['↑', '↓']);
  });
});
