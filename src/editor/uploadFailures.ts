import { failureReason } from '../sync/saveFailure.ts';
import { jobKey, type SaveJob } from '../sync/saveJob.ts';
import type { SaveItem, SaveOutcome } from '../sync/saveQueue.ts';
import { failedUploadsText } from './uploadReport.ts';

export interface UploadFailuresOptions {
  readonly queue: {
    readonly items: readonly SaveItem[];
    retry(): Promise<readonly SaveOutcome[]>;
  };
  /** Shows one message; resolves when it is closed, with whether the user wants to try again. */
  readonly ask: (message: string) => Promise<boolean>;
  /** Called before a retry with each connection that it needs; may ask the user. */
  readonly connect: (connection: string) => Promise<void>;
}

/** Tells of uploads that failed: one message at a time stands for all of them, and each is told once for one reason. */
export class UploadFailures {
  readonly #options: UploadFailuresOptions;
  /** What was said of each. */
  readonly #told = new Map<string, string>();
  #asking = false;

  constructor(options: UploadFailuresOptions) {
    this.#options = options;
  }

  /** To be called when an upload has failed. */
  async tell(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    let again = false;
    try {
      for (let news = this.#news(); news.length > 0 && !again; news = this.#news()) {
        for (const { job, message } of news) this.#told.set(jobKey(job), message);
        again = await this.#options.ask(failedUploadsText(news));
      }
      if (again) await this.#connect();
    } finally {
      this.#asking = false;
    }
    if (!again) return;
    // All are tried again, also those that failed while the message stood; what fails now is news.
    this.#told.clear();
    void this.#options.queue.retry();
  }

  /** It has arrived, or the user has saved it anew: should it fail again, that is news. */
  forget(job: SaveJob): void {
    this.#told.delete(jobKey(job));
  }

  async #connect(): Promise<void> {
    const connections = new Set(this.#failed().map(({ job }) => job.connection));
    await Promise.allSettled([...connections].map((connection) => this.#options.connect(connection)));
  }

  #news() {
    return this.#failed().filter(({ job, message }) => this.#told.get(jobKey(job)) !== message);
  }

  /** Conflicts are questions of their own; what is gone here, somebody has deleted here. */
  #failed() {
    return this.#options.queue.items.flatMap(({ job, state }) => {
      if (state.kind !== 'failed') return [];
      const reason = failureReason(state.error);
      if (reason === 'conflict' || reason === 'gone') return [];
      return [{ job, message: state.error.message, isAway: reason === 'away' }];
    });
  }
}
