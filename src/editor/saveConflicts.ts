import { type ConflictKind, SaveConflict } from '../sync/saveFailure.ts';
import { SyncAction } from '../sync/syncAction.ts';
import { jobKey, type SaveJob } from '../sync/saveJob.ts';
import type { SaveItem } from '../sync/saveQueue.ts';
import {
  type ConflictAnswer,
  type ConflictedSave,
  type ConflictQuestion,
  conflictQuestion,
} from './saveConflictText.ts';

export interface SaveConflictsOptions {
  readonly items: () => readonly SaveItem[];
  /** Shows one question; resolves when it is closed. */
  readonly ask: (question: ConflictQuestion) => Promise<ConflictAnswer | undefined>;
  readonly settle: (job: SaveJob, decision: 'mine' | 'theirs', action: SyncAction) => Promise<unknown>;
  readonly compare: (job: SaveJob) => Promise<void>;
  /** Shows all that waits for a decision. */
  readonly show: () => Promise<void>;
}

/**
 * Asks about saved files that somebody else has changed on the server: one question at a time, for all that came up
 * meanwhile, and about each file once. What is not decided then stays in the outbox.
 */
export class SaveConflicts {
  readonly #options: SaveConflictsOptions;
  /** What was asked about each file. */
  readonly #asked = new Map<string, ConflictKind>();
  #isAsking = false;

  constructor(options: SaveConflictsOptions) {
    this.#options = options;
  }

  /** To be called when a conflict has come up. */
  async tell(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let news = this.#news(); news.length > 0; news = this.#news()) {
        for (const { job, conflict } of news) this.#asked.set(jobKey(job), conflict);
        await this.#act(news, await this.#options.ask(conflictQuestion(news)));
      }
    } finally {
      this.#isAsking = false;
    }
  }

  /** It is over, or the user has saved the file anew: should it come up again, that is news. */
  forget(job: SaveJob): void {
    this.#asked.delete(jobKey(job));
  }

  async #act(asked: readonly ConflictedSave[], answer: ConflictAnswer | undefined): Promise<void> {
    const { compare, settle, show } = this.#options;
    switch (answer) {
      case 'mine':
      case 'theirs': {
        const action = new SyncAction();
        // What was settled elsewhere while the question stood needs no answer any more.
        await Promise.all(this.#still(asked).map(({ job }) => settle(job, answer, action)));
        return;
      }
      case 'compare':
        for (const { job } of asked) await compare(job);
        return;
      case 'show':
        return show();
      case undefined:
        return;
    }
  }

  #news(): readonly ConflictedSave[] {
    return this.#all().filter(({ job, conflict }) => this.#asked.get(jobKey(job)) !== conflict);
  }

  #still(asked: readonly ConflictedSave[]): readonly ConflictedSave[] {
    const keys = new Set(asked.map(({ job }) => jobKey(job)));
    return this.#all().filter(({ job }) => keys.has(jobKey(job)));
  }

  #all(): readonly ConflictedSave[] {
    return this.#options.items().flatMap(({ job, state }) => {
      if (state.kind !== 'failed' || !(state.error instanceof SaveConflict)) return [];
      return [{ job, conflict: state.error.conflict }];
    });
  }
}
