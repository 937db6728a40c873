import { type FailedUpload, failedUploadsText } from './uploadReport.ts';

/** Shows one message; resolves when it is closed, with whether the user wants to try again. */
export type AskToRetry = (message: string) => Promise<boolean>;

/** What failed and waits for the user. One message at a time stands for all of it. */
export class UploadFailures {
  readonly #askToRetry: AskToRetry;
  readonly #failed = new Map<string, FailedUpload>();
  #asking = false;

  constructor(askToRetry: AskToRetry) {
    this.#askToRetry = askToRetry;
  }

  add(failed: FailedUpload): void {
    this.#failed.set(failed.key, failed);
    if (!this.#asking) void this.#ask();
  }

  /** It has been uploaded after all. */
  settle(key: string): void {
    this.#failed.delete(key);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      while (this.#failed.size > 0) {
        const shown = [...this.#failed.values()];
        const again = await this.#askToRetry(failedUploadsText(shown));
        // On retry all go, also those that failed while the message stood; a dismissal is about what it named.
        const settled = again ? [...this.#failed.values()] : shown;
        for (const failed of settled) {
          if (this.#failed.get(failed.key) === failed || again) this.#failed.delete(failed.key);
        }
        if (again) for (const failed of settled) failed.retry();
      }
    } finally {
      this.#asking = false;
    }
  }
}
