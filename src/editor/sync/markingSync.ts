import type { StepOutcome } from '../../sync/applySteps.ts';
import { type ApplyResult, FolderSync, type FolderSyncOptions, type Review } from '../../sync/folderSync.ts';
import type { PlanOptions, PlanStep } from '../../sync/planStep.ts';
import type { SavedFile, SaveRequest } from '../../sync/saveFile.ts';
import type { SyncMarks } from './syncMarks.ts';

/** A sync that has what it finds out marked in the Explorer. */
export class MarkingSync extends FolderSync {
  readonly #marks: SyncMarks;
  readonly #pair: Parameters<SyncMarks['compared']>[0];

  constructor(options: FolderSyncOptions, marks: SyncMarks, pair: Parameters<SyncMarks['compared']>[0]) {
    super(options);
    this.#marks = marks;
    this.#pair = pair;
  }

  override async review(options: PlanOptions, signal?: AbortSignal): Promise<Review> {
    const review = await super.review(options, signal);
    this.#marks.compared(this.#pair, review.steps);
    return review;
  }

  override apply(
    steps: readonly PlanStep[],
    onStep?: (outcome: StepOutcome) => void,
    signal?: AbortSignal,
  ): Promise<ApplyResult> {
    const done = (outcome: StepOutcome): void => {
      if (!outcome.error) this.#marks.inStep(this.#pair, outcome.step.path);
      onStep?.(outcome);
    };
    return super.apply(steps, done, signal);
  }

  override async save(request: SaveRequest): Promise<SavedFile> {
    const saved = await super.save(request);
    if (saved.kind === 'conflict') this.#marks.conflict(this.#pair, request.path);
    else this.#marks.inStep(this.#pair, request.path);
    return saved;
  }
}
