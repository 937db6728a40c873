import type { StepOutcome } from '../../sync/applySteps.ts';
import { type ApplyResult, FolderSync, type FolderSyncOptions, type Review } from '../../sync/folderSync.ts';
import type { ReviewOptions } from '../../sync/partOfPair.ts';
import type { PlanStep } from '../../sync/planStep.ts';
import { conflictKind } from '../../sync/saveFailure.ts';
import type { SavedFile, SaveRequest } from '../../sync/saveFile.ts';
import type { SyncAction } from '../../sync/syncAction.ts';
import type { SyncMarks } from './syncMarks.ts';

/** A sync that has what it finds out marked in the Explorer, and tells what it has carried over. */
export class MarkingSync extends FolderSync {
  readonly #marks: SyncMarks;
  readonly #pair: Parameters<SyncMarks['compared']>[0];
  readonly #onCarried: (step: PlanStep) => void;

  /** @param options are read at each use, so that they can follow the settings */
  constructor(
    options: FolderSyncOptions,
    marks: SyncMarks,
    pair: Parameters<SyncMarks['compared']>[0],
    onCarried: (step: PlanStep) => void,
  ) {
    super(options);
    this.#marks = marks;
    this.#pair = pair;
    this.#onCarried = onCarried;
  }

  override async review(options: ReviewOptions, signal?: AbortSignal): Promise<Review> {
    const review = await super.review(options, signal);
    this.#marks.compared(this.#pair, review.steps, options);
    return review;
  }

  override apply(
    steps: readonly PlanStep[],
    onStep?: (outcome: StepOutcome) => void,
    signal?: AbortSignal,
    action?: SyncAction,
  ): Promise<ApplyResult> {
    const done = (outcome: StepOutcome): void => {
      if (!outcome.error) {
        this.#marks.inStep(this.#pair, outcome.step.path);
        this.#onCarried(outcome.step);
      }
      onStep?.(outcome);
    };
    return super.apply(steps, done, signal, action);
  }

  override async save(request: SaveRequest): Promise<SavedFile> {
    const saved = await super.save(request);
    if (saved.kind === 'conflict') this.#marks.conflict(this.#pair, request.path, conflictKind(saved));
    else this.#marks.inStep(this.#pair, request.path);
    return saved;
  }
}
