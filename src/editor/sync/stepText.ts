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
  if (isMerging) return kept ? 'merged here' : 'being merged';
  if (kept) return kept === 'mine' ? 'keeps mine' : 'keeps theirs';
  return reasonText(step, { direction });
}

/** What applying the step would do, as a sentence for its tooltip. */
export function stepDeed({ step, kept }: ReviewItem): string {
  const { action, reason } = kept ? settle(step, kept) : step;
  switch (action) {
    case 'upload':
      return step.remote ? 'To be uploaded, over what the server has.' : 'To be uploaded.';
    case 'download':
      return step.local ? 'To be downloaded, over what is here.' : 'To be downloaded.';
    case 'deleteRemote':
      return 'To be deleted on the server.';
    case 'deleteLocal':
      return 'To be deleted here.';
    case 'conflict':
      if (reason === 'kindsDiffer') return 'Rename or remove one of the two, and compare again.';
      return 'Nothing is done until you keep mine (what is here) or theirs (what the server has).';
    case 'adopt':
    case 'forget':
    case 'leave':
      return 'Left as it is.';
  }
}

/** What menus see of a step. */
export function stepContext({ step, group }: ReviewItem, canBeSettled: boolean, isMerging: boolean): string {
  if (group !== 'conflict') return `step-${group}-${step.kind}`;
  const isBoth = step.local?.kind === 'file' && step.remote?.kind === 'file';
  if (!canBeSettled) return 'step-conflict-blocked';
  return `step-conflict-settleable${isBoth ? '-both' : ''}${isMerging ? '-merging' : ''}`;
}
