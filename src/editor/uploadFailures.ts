import type { SaveItem, SaveQueue } from '../sync/saveQueue.ts';
import { failedUploadsText } from './uploadReport.ts';

export interface UploadFailuresOptions {
  readonly queue: Pick<SaveQueue, 'items' | 'retry' | 'dismiss'>;
  /** Shows one message; resolves when it is closed, with whether the user wants to try again. */
  readonly ask: (message: string) => Promise<boolean>;
  /** Called before a retry with each connection that it needs; may ask the user. */
  readonly connect: (connection: string) => Promise<void>;
}

/** Uploads that failed and wait for the user. One message at a time stands for all of them. */
export class UploadFailures {
  readonly #options: UploadFailuresOptions;
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
      for (let shown = this.#failed(); shown.length > 0 && !again; shown = this.#failed()) {
        again = await this.#options.ask(failedUploadsText(shown));
        if (!again) for (const { job } of shown) this.#options.queue.dismiss(job);
      }
      if (again) await this.#connect();
    } finally {
      this.#asking = false;
    }
    // All are tried again, also those that failed while the message stood; what fails now is news.
    if (again) void this.#options.queue.retry();
  }

  async #connect(): Promise<void> {
    const connections = new Set(this.#failed().map(({ job }) => job.connection));
    await Promise.allSettled([...connections].map((connection) => this.#options.connect(connection)));
  }

  #failed(): readonly SaveItem[] {
    return this.#options.queue.items.filter(({ state }) => state.kind === 'failed');
  }
}
