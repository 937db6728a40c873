import type { Reply } from '../protocol/reply.ts';
import type { TimeoutName } from './connectOptions.ts';
import type { Deadlines } from './deadline.ts';
import type { FtpsError, Step } from './errors.ts';

export interface ExpectationOptions {
  /** For messages: "the reply to RETR". */
  readonly what: string;
  readonly step: Step;
  readonly limit: TimeoutName;
  readonly silentAfter: ((reply: Reply) => boolean) | undefined;
  readonly secret: string | undefined;
  readonly deadlines: Deadlines;
  readonly onTimeout: (error: FtpsError) => void;
}

/** One reply that is due: preliminary ones (1xx) first, if any, then a final one. RFC 959 §5.4 */
export class Expectation {
  /** The first preliminary reply; undefined when the final one comes without. C-34 */
  readonly preliminary: Promise<Reply | undefined>;
  readonly final: Promise<Reply>;
  readonly what: string;
  readonly step: Step;
  readonly silentAfter: ((reply: Reply) => boolean) | undefined;
  readonly secret: string | undefined;
  readonly #options: ExpectationOptions;
  #stopTimer: () => void = () => {};
  #onPreliminary: (reply: Reply | undefined) => void = () => {};
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: FtpsError) => void = () => {};
  #suspended = false;
  #announced = false;
  #settled = false;

  constructor(options: ExpectationOptions) {
    this.#options = options;
    this.what = options.what;
    this.step = options.step;
    this.silentAfter = options.silentAfter;
    this.secret = options.secret;
    this.preliminary = new Promise((resolve) => {
      this.#onPreliminary = resolve;
    });
    this.final = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever pipelines may give up on an earlier command and never look at this one.
    this.final.catch(() => {});
  }

  /** Whether a preliminary reply has come. */
  get isAnnounced(): boolean {
    return this.#announced;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Starts the time limit: from the moment it is this reply's turn, or with another limit for what is left. */
  arm(limit: TimeoutName = this.#options.limit): void {
    this.#suspended = false;
    this.#stopTimer();
    if (this.#settled) return;
    const { deadlines, what, step, onTimeout } = this.#options;
    this.#stopTimer = deadlines.start(limit, step, what, onTimeout);
  }

  /** No limit while a transfer moves data: the data connection is watched instead. C-54 */
  suspend(): void {
    this.#suspended = true;
    this.#stopTimer();
  }

  /** Later preliminary replies prove that the server is alive, and mean nothing else. C-34 */
  onPreliminary(reply: Reply): void {
    if (!this.#suspended) this.arm();
    this.#announced = true;
    this.#onPreliminary(reply);
  }

  onFinal(reply: Reply): void {
    this.#settle();
    this.#resolve(reply);
  }

  fail(error: FtpsError): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.#settled = true;
    this.#stopTimer();
    this.#onPreliminary(undefined);
  }
}
