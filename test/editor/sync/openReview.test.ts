import { describe, expect, it } from 'vitest';
import { OpenReview } from '../../../src/editor/sync/openReview.ts';
import type { SyncRow } from '../../../src/editor/sync/syncRow.ts';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { Review } from '../../../src/sync/folderSync.ts';
import type { PlanStep } from '../../../src/sync/planStep.ts';
import { fileNode, stepOf } from '../support/steps.ts';

const options = { direction: 'both', deleteExtra: true, onlyNewer: false, existingOnly: false } as const;
const both = { local: fileNode(), remote: fileNode() };
const conflict = { action: 'conflict', reason: 'bothChanged', ...both } as const;
const deletion = { action: 'deleteRemote', reason: 'extra', remote: fileNode(), bytes: 0 } as const;

function reviewOf(steps: readonly PlanStep[], further: Partial<Review> = {}): Review {
  return {
    steps,
    unknown: { local: [], remote: [] },
    undecided: [],
    files: { local: 100, remote: 100 },
    ...further,
  };
}

function open(steps: readonly PlanStep[], further: Partial<Review> = {}): OpenReview {
  return new OpenReview(reviewOf(steps, further), options);
}

function group(review: OpenReview, name: string): SyncRow {
  const row = review.roots.find((row) => row.kind === 'group' && row.group === name);
  if (!row) throw new Error(`no ${name}`);
  return row;
}

function pathsIn(review: OpenReview, name: string): string[] {
  return review
    .childrenOf(group(review, name))
    .map((row) => (row.kind === 'step' ? row.path : `<${row.kind}>`));
}

describe('the rows of a review', () => {
  it('are the groups that have something in them, conflicts first', () => {
    const review = open([stepOf('up'), stepOf('c', conflict), stepOf('gone', deletion)]);
    const groups = review.roots.flatMap((row) => (row.kind === 'group' ? [row.group] : []));
    expect(groups).toEqual(['conflict', 'upload', 'delete']);
  });

  it('are in the order of their paths, whatever the order in which they are done', () => {
    const review = open([stepOf('z', deletion), stepOf('b/c', deletion), stepOf('b', deletion)]);
    expect(pathsIn(review, 'delete')).toEqual(['b', 'b/c', 'z']);
  });

  it('begin with the one that applies what is checked, where something is', () => {
    const review = open([stepOf('a'), stepOf('b'), stepOf('c', conflict)]);
    expect(review.roots[0]).toEqual({ kind: 'apply' });
    expect([review.checked, review.open]).toEqual([2, 3]);
    review.checkAll('upload', false);
    expect(review.roots.map(({ kind }) => kind)).toEqual(['group', 'group']);
  });

  it('stay the same objects, so that what is expanded stays so', () => {
    const review = open([stepOf('a'), stepOf('b')]);
    const [before] = review.childrenOf(group(review, 'upload'));
    review.check('b', false);
    expect(review.childrenOf(group(review, 'upload'))[0]).toBe(before);
    expect(before && review.parentOf(before)).toBe(group(review, 'upload'));
  });

  it('begin with what could not be found out, by name', () => {
    const review = open([], { unknown: { local: ['x'], remote: ['up'] }, undecided: ['big.iso'] });
    expect(review.isWhole).toBe(false);
    const notes = review.roots;
    expect(notes.map((row) => row.kind === 'note' && row.note)).toEqual(['unknown', 'undecided']);
    const places = notes.flatMap((row) => review.childrenOf(row));
    expect(places.map((row) => row.kind === 'place' && [row.path, row.side])).toEqual([
      ['x', 'local'],
      ['up', 'remote'],
      ['big.iso', undefined],
    ]);
    expect(places.map((row) => review.parentOf(row))).toEqual([notes[0], notes[0], notes[1]]);
  });

  it('come in pages where there are very many, while the box of the group counts for all', () => {
    const review = open(Array.from({ length: 20_000 }, (_, index) => stepOf(`f${10_000 + index}`)));
    const rows = review.childrenOf(group(review, 'upload'));
    expect(rows.length).toBe(501);
    expect(rows.at(-1)).toEqual({ kind: 'more', group: 'upload' });
    expect(review.hiddenIn('upload')).toBe(19_500);
    review.showMore('upload');
    expect(review.childrenOf(group(review, 'upload')).length).toBe(1001);
    review.checkAll('upload', false);
    expect(review.selected).toEqual([]);
    review.checkAll('upload', true);
    expect(review.selected.length).toBe(20_000);
  });
});

describe('what the user makes of a review', () => {
  it('is remembered when the same folders are compared again', () => {
    const steps = [stepOf('a'), stepOf('b'), stepOf('c', conflict), stepOf('l', { action: 'leave' })];
    const review = open(steps);
    review.check('b', false);
    expect(review.unchecked).toEqual(['b']);
    const again = new OpenReview(reviewOf(steps), options, review.unchecked);
    expect(again.selected.map(({ path }) => path)).toEqual(['a']);
  });

  it('can be to leave the deletions of one side undone', () => {
    const here = { action: 'deleteLocal', reason: 'extra', local: fileNode() } as const;
    const review = open([stepOf('a'), stepOf('gone', deletion), stepOf('here', here)]);
    review.uncheckDeletions('remote');
    expect(review.selected.map(({ path }) => path)).toEqual(['a', 'here']);
  });

  it('settles a conflict, whose box can then be used', () => {
    const review = open([stepOf('c', conflict)]);
    review.checkAll('conflict', true);
    expect(review.selected).toEqual([]);
    review.keep('c', 'theirs');
    expect(review.selected.map(({ action }) => action)).toEqual(['download']);
    review.checkAll('conflict', false);
    expect(review.selected).toEqual([]);
  });

  it('uploads what was merged as it is then, over what the server had at the comparison', async () => {
    const review = open([stepOf('c', conflict), stepOf('a')]);
    review.beginMerge('c');
    expect(review.selected.map(({ path }) => path)).toEqual(['a']);
    review.keepMerged('c');
    const version = { size: 77, modifiedAt: 5, precision: 'millisecond', source: 'local' } as const;
    const [merged, other] = await review.withMerged(review.selected, async (path) => {
      expect(path).toBe('c');
      return version;
    });
    expect(merged).toMatchObject({ action: 'upload', bytes: 77, local: { version }, remote: both.remote });
    expect(other).toEqual(stepOf('a'));
  });

  it('forgets a merge for one whole side', async () => {
    const review = open([stepOf('c', conflict)]);
    review.keepMerged('c');
    review.keep('c', 'mine');
    expect(review.isMerging('c')).toBe(false);
    const steps = await review.withMerged(review.selected, () => Promise.reject(new Error('not asked')));
    expect(steps).toEqual(review.selected);
  });
});

describe('what has come of a step', () => {
  const [a, b] = [stepOf('a'), stepOf('b')];

  it('leaves the review when it is done, and stays with its reason when it has failed', () => {
    const review = open([a, b]);
    review.record({ step: a });
    review.record({ step: b, error: new RemoteError('noSpace', '/b', 'The disk is full.') });
    expect(pathsIn(review, 'upload')).toEqual(['b']);
    expect(review.item('b')?.error?.message).toBe('The disk is full.');
    expect(review.failed).toEqual([b]);
    expect(review.open).toBe(1);
  });

  it('is no failure when it was called off', () => {
    const review = open([a]);
    review.record({ step: a, error: new RemoteError('cancelled', '/a', 'It was cancelled.') });
    expect(review.item('a')?.error).toBeUndefined();
    expect(review.failed).toEqual([]);
    expect(review.selected).toEqual([a]);
  });

  it('counts no step that is left alone among the open ones', () => {
    const review = open([a, stepOf('l', { action: 'leave', reason: 'kept' })]);
    expect(review.open).toBe(1);
    review.record({ step: a });
    expect(review.isInStep).toBe(true);
  });
});
