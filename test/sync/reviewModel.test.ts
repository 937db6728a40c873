import { describe, expect, it } from 'vitest';
import { RemoteError } from '../../src/remote/errors.ts';
import type { Action, PlanStep } from '../../src/sync/planStep.ts';
import { ReviewModel } from '../../src/sync/reviewModel.ts';
import { file } from './support/trees.ts';

function step(path: string, action: Action, kind: 'file' | 'folder' = 'file'): PlanStep {
  return { path, kind, action, reason: 'changed', local: file(1), remote: file(2), bytes: 1 };
}

function model(steps: readonly PlanStep[], files = { local: 1000, remote: 1000 }): ReviewModel {
  return new ReviewModel({ steps, unknown: { local: [], remote: [] }, undecided: [], files });
}

const paths = (steps: readonly PlanStep[]) => steps.map(({ path, action }) => `${action} ${path}`);

describe('a review', () => {
  it('has everything checked but conflicts and what is left alone', () => {
    const review = model([
      step('a', 'upload'),
      step('b', 'conflict'),
      step('c', 'leave'),
      step('d', 'deleteLocal'),
    ]);
    expect(paths(review.selected)).toEqual(['upload a', 'deleteLocal d']);
    expect(review.items.map(({ group }) => group)).toEqual(['upload', 'conflict', 'left', 'delete']);
  });

  it('does only what is checked', () => {
    const review = model([step('a', 'upload'), step('b', 'download')]);
    review.check('a', false);
    expect(paths(review.selected)).toEqual(['download b']);
    review.check('a', true);
    expect(paths(review.selected)).toEqual(['upload a', 'download b']);
  });

  it('does nothing about a conflict before one side is taken', () => {
    const review = model([step('b', 'conflict')]);
    review.check('b', true);
    expect(review.selected).toEqual([]);
    review.keep('b', 'theirs');
    expect(paths(review.selected)).toEqual(['download b']);
    review.keep('b', 'mine');
    expect(paths(review.selected)).toEqual(['upload b']);
  });

  it('loses what is done, and keeps what failed with its reason', () => {
    const [a, b] = [step('a', 'upload'), step('b', 'download')];
    const review = model([a, b]);
    const error = new RemoteError('noSpace', '/b', 'The disk is full.');
    review.record({ step: a });
    review.record({ step: b, error });
    expect(review.items).toMatchObject([{ step: { path: 'b' }, error, isChecked: true }]);
    expect(review.isInStep).toBe(false);
  });

  it('is in step when nothing is left but what is left alone', () => {
    expect(model([step('a', 'leave')]).isInStep).toBe(true);
    expect(model([step('a', 'conflict')]).isInStep).toBe(false);
  });

  it('is guarded where more than 50 files would be deleted, or more than a quarter of a side', () => {
    const deletions = (count: number) =>
      Array.from({ length: count }, (_, index) => step(`f${index}`, 'deleteRemote'));
    expect(model(deletions(50)).guards).toEqual([]);
    expect(model(deletions(51)).guards).toEqual([{ side: 'remote', files: 51, of: 1000 }]);
    expect(model(deletions(2), { local: 0, remote: 8 }).guards).toEqual([]);
    expect(model(deletions(3), { local: 0, remote: 8 }).guards).toEqual([
      { side: 'remote', files: 3, of: 8 },
    ]);
    const unchecked = model(deletions(51));
    unchecked.check('f0', false);
    expect(unchecked.guards).toEqual([]);
  });
});
