import type { ReviewItem } from '../../sync/reviewModel.ts';
import { type Direction, settle } from '../../sync/planStep.ts';
import { parentOf } from '../../sync/sideTree.ts';
import { reasonText } from './reasonText.ts';

export interface StepContext {
  readonly direction: Direction;
  readonly isMerging: boolean;
}

/** What is shown in grey behind the name of a file: its folder, and why it is there. */
export function stepDescription(item: ReviewItem, context: StepContext): string {
  const folder = parentOf(item.step.path);
  const why = stepState(item, context);
  return folder === '' ? why : `${folder} · ${why}`;
}

/** Why it failed, how it was settled, or why it is in the plan. */
export function stepState(item: ReviewItem, { direction, isMerging }: StepContext): string {
  const { step, kept, error } = item;
  if (error) return `failed: ${error.message}`;
  if (isMerging) return kept ? 'merged: what is here goes to the server' : 'being merged';
  if (kept) return keptText(item, kept);
  return reasonText(step, { direction });
}

function keptText({ step }: ReviewItem, kept: 'mine' | 'theirs'): string {
  const { action } = settle(step, kept);
  switch (action) {
    case 'upload':
      return 'mine is kept, and goes to the server';
    case 'download':
      return 'theirs is kept, and comes here';
    case 'deleteRemote':
      return 'mine is kept: to be deleted on the server';
    case 'deleteLocal':
      return 'theirs is kept: to be deleted here';
    case 'conflict':
    case 'adopt':
    case 'forget':
    case 'leave':
      return '';
  }
}

/** What menus see of a step. */
export function stepContext({ step, group }: ReviewItem, canBeSettled: boolean, isMerging: boolean): string {
  if (group !== 'conflict') return `step-${group}-${step.kind}`;
  const isBoth = step.local?.kind === 'file' && step.remote?.kind === 'file';
  if (!canBeSettled) return 'step-conflict-blocked';
  return `step-conflict-settleable${isBoth ? '-both' : ''}${isMerging ? '-merging' : ''}`;
}
