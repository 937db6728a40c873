import type { RemoteError } from '../remote/errors.ts';
import type { StepOutcome } from './applySteps.ts';
import type { Review } from './folderSync.ts';
import { canBeSettled, type PlanStep, settle } from './planStep.ts';

/** What the steps of a review are shown under. */
export type Group = 'conflict' | 'upload' | 'download' | 'delete' | 'left';

export interface ReviewItem {
  readonly step: PlanStep;
  readonly group: Group;
  /** Whether it is to be done. */
  readonly isChecked: boolean;
  /** Of a conflict: which side the user takes. */
  readonly kept: 'mine' | 'theirs' | undefined;
  /** Why it was not done the last time. */
  readonly error: RemoteError | undefined;
}

/** Deletions that ought not to happen by mistake. */
export interface Guard {
  readonly side: 'local' | 'remote';
  readonly files: number;
  /** Of how many files there. */
  readonly of: number;
}

const mostDeletions = 50;
const mostShare = 0.25;

/** A review as the user goes through it: what is checked, how conflicts are settled, what has been done. */
export class ReviewModel {
  readonly review: Review;
  readonly #steps: Map<string, PlanStep>;
  readonly #checked = new Set<string>();
  readonly #kept = new Map<string, 'mine' | 'theirs'>();
  readonly #errors = new Map<string, RemoteError>();

  constructor(review: Review) {
    this.review = review;
    this.#steps = new Map(review.steps.map((step) => [step.path, step]));
    for (const [path, { action }] of this.#steps) {
      if (action !== 'conflict' && action !== 'leave') this.#checked.add(path);
    }
  }

  /** In the order of the plan. */
  get items(): readonly ReviewItem[] {
    return [...this.#steps].map(([path, step]) => ({
      step,
      group: groupOf(step),
      isChecked: this.#checked.has(path),
      kept: this.#kept.get(path),
      error: this.#errors.get(path),
    }));
  }

  /** Whether nothing is left to do or to decide. */
  get isInStep(): boolean {
    return [...this.#steps.values()].every(({ action }) => action === 'leave');
  }

  /** A conflict can be checked only once it is settled, what is left alone never. */
  check(path: string, isChecked: boolean): void {
    const step = this.#steps.get(path);
    const canBe = step && step.action !== 'leave' && (step.action !== 'conflict' || this.#kept.has(path));
    if (isChecked && canBe) this.#checked.add(path);
    else this.#checked.delete(path);
  }

  /** Takes one side of a conflict. */
  keep(path: string, side: 'mine' | 'theirs'): void {
    const step = this.#steps.get(path);
    if (!step || !canBeSettled(step)) return;
    this.#kept.set(path, side);
    this.#checked.add(path);
  }

  /** What is to be done now. */
  get selected(): readonly PlanStep[] {
    return [...this.#steps].flatMap(([path, step]) => {
      if (!this.#checked.has(path)) return [];
      const kept = this.#kept.get(path);
      return [kept ? settle(step, kept) : step];
    });
  }

  /** What the user has to confirm in words before it is done: many deletions, or a large part of one side. */
  get guards(): readonly Guard[] {
    return (['local', 'remote'] as const).flatMap((side) => {
      const action = side === 'local' ? 'deleteLocal' : 'deleteRemote';
      const files = this.selected.filter((step) => step.action === action && step.kind === 'file').length;
      const of = this.review.files[side];
      return files > mostDeletions || files > of * mostShare ? [{ side, files, of }] : [];
    });
  }

  /** Takes note of what has come of a step: what is done leaves the review, what failed stays with its reason. */
  record({ step, error }: StepOutcome): void {
    if (error) this.#errors.set(step.path, error);
    else this.#steps.delete(step.path);
  }
}

function groupOf({ action }: PlanStep): Group {
  switch (action) {
    case 'upload':
    case 'download':
    case 'conflict':
      return action;
    case 'deleteLocal':
    case 'deleteRemote':
      return 'delete';
    case 'adopt':
    case 'forget':
    case 'leave':
      return 'left';
  }
}
