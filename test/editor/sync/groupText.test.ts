import { describe, expect, it } from 'vitest';
import { groupText, openText } from '../../../src/editor/sync/groupText.ts';
import type { ReviewItem } from '../../../src/sync/reviewModel.ts';
import type { PlanStep } from '../../../src/sync/planStep.ts';
import { stepOf } from '../support/steps.ts';

function item(step: Partial<PlanStep> = {}, further: Partial<ReviewItem> = {}): ReviewItem {
  const whole = stepOf('a.txt', step);
  return { step: whole, group: 'upload', isChecked: true, kept: undefined, error: undefined, ...further };
}

function text(group: ReviewItem['group'], items: readonly ReviewItem[]): string {
  return groupText(group, items, 'en');
}

describe('the badge of the view', () => {
  it('tells files and folders apart', () => {
    expect(openText([item(), item(), item({ kind: 'folder' })], 'en')).toBe('2 files, 1 folder not in step');
  });
});

describe('what stands behind the name of a group', () => {
  it('is how much there is, and how large it is', () => {
    const items = [item({ bytes: 1024 }), item({ bytes: 1024 }), item({ kind: 'folder', bytes: 0 })];
    expect(text('upload', items)).toBe('2 files, 1 folder, 2 KB');
    expect(text('download', [item({ bytes: 0 })])).toBe('1 file');
  });

  it('is how much of it is checked, where that is not all', () => {
    const items = [item({ bytes: 1024 }), item({ bytes: 1024 }, { isChecked: false })];
    expect(text('upload', items)).toBe('1 of 2 files, 1 KB');
    const many = Array.from({ length: 20_000 }, (_, index) => item({ bytes: 0 }, { isChecked: index > 0 }));
    expect(text('upload', many)).toBe('19,999 of 20,000 files');
  });

  it('is where files are to be deleted', () => {
    const remote = item({ action: 'deleteRemote' });
    const local = item({ action: 'deleteLocal' });
    expect(text('delete', [remote, remote])).toBe('2 files on server');
    expect(text('delete', [remote, local, { ...local, isChecked: false }])).toBe(
      '1 file on server, 1 of 2 files here',
    );
  });

  it('is how many conflicts are to be settled', () => {
    const open = item({ action: 'conflict' }, { isChecked: false });
    const settled = { ...open, kept: 'mine', isChecked: true } as const;
    expect(text('conflict', [open, open])).toBe('2 files, to be settled');
    expect(text('conflict', [open, settled])).toBe('2 files, 1 to be settled');
    expect(text('conflict', [settled])).toBe('1 file, all settled');
  });

  it('counts what is left alone, whether checked or not', () => {
    expect(text('left', [item({ action: 'leave' }, { isChecked: false })])).toBe('1 file');
  });

  it('can be read for many files', () => {
    expect(
      text(
        'left',
        Array.from({ length: 20_000 }, () => item()),
      ),
    ).toBe('20,000 files');
  });
});
