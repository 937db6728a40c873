import type { Reply } from '../protocol/reply.ts';
import type { TimeoutName } from './connectOptions.ts';
import type { Deadlines } from './deadline.ts';
import type { FtpsError, Step } from './errors.ts';

export interface CommandOptions {
  readonly step?: Step;
  readonly limit?: TimeoutName;
  /** Replies after which the connection must fall silent, because TLS begins or ends: what follows is an attack. C-12 */
  readonly silentAfter?: (reply: Reply) => boolean;
  /** What the reply must not repeat in logs and messages, should the server echo it. C-56 */
  readonly secret?: string;
  /** Codes that are this command's even while the reply to a transfer before it is due. */
  readonly interjections?: ReadonlySet<number>;
  /** Codes by which only this command is answered: they are its own wherever they come. */
  readonly ownCodes?: ReadonlySet<number>;
  /** The transfer right before it, which is never answered by `ownCodes`; whatever was said before that may be. */
  readonly behind?: Expectation;
  /** Said before it is needed: nobody's turn lasts until its reply. */
  readonly isAhead?: boolean;
  /** ABOR: it ends the command whose reply is due. */
  readonly isInterruption?: boolean;
  /** NOOP behind replies whose number is not known: its 200 shows that none of them is left. C-40 */
  readonly isFence?: boolean;
}

interface ExpectationOptions extends CommandOptions {
  /** For messages: "the reply to RETR". */
  readonly what: string;
  readonly deadlines: Deadlines;
  readonly onTimeout: (error: FtpsError) => void;
}

const noCodes: ReadonlySet<number> = new Set();

/** For so many of its lengths announcements put a time limit off: for ever, it would be none. C-54 */
const mostPatience = 10;

/** One reply that is due: preliminary ones (1xx) first, if any, then a final one. RFC 959 §5.4 */
export class Expectation {
  /** The first preliminary reply; undefined when the final one comes without. C-34 */
  readonly preliminary: Promise<Reply | undefined>;
  readonly final: Promise<Reply>;
  readonly what: string;
  readonly step: Step;
  readonly silentAfter: ((reply: Reply) => boolean) | undefined;
  readonly secret: string | undefined;
  readonly interjections: ReadonlySet<number>;
  readonly isAhead: boolean;
  readonly isFence: boolean;
  readonly #ownCodes: ReadonlySet<number>;
  readonly #options: ExpectationOptions;
  #stopTimer: () => void = () => {};
  #onPreliminary: (reply: Reply | undefined) => void = () => {};
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: FtpsError) => void = () => {};
  #suspended = false;
  #announced = false;
  #putOffSince: number | undefined;
  #settled = false;
  #hasOvertaken = false;

  constructor(options: ExpectationOptions) {
    this.#options = options;
    this.what = options.what;
    this.step = options.step ?? 'command';
    this.silentAfter = options.silentAfter;
    this.secret = options.secret;
    this.interjections = options.interjections ?? noCodes;
    this.#ownCodes = options.ownCodes ?? noCodes;
    this.isAhead = options.isAhead ?? false;
    this.isFence = options.isFence ?? false;
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

  /** Whether it is said even while the reply before it is due, however the server likes that. C-40, C-54 */
  get isUrgent(): boolean {
    return this.isFence || this.#options.interjections !== undefined || this.#options.isInterruption === true;
  }

  /** Whether it may be answered out of turn, or show that nothing before it will be answered any more. */
  get mayBeApart(): boolean {
    return this.isFence || this.#ownCodes.size > 0 || this.interjections.size > 0;
  }

  /** Whether a preliminary reply has come. */
  get isAnnounced(): boolean {
    return this.#announced;
  }

  /** Whether a reply of this code is its own, be it its turn or not. @param head whose turn it is */
  claims(code: number, head: Expectation | undefined): boolean {
    const { behind } = this.#options;
    // C-53: before the transfer is due, it is the reply to something else.
    const isNear = behind === undefined || behind === head || behind.isSettled;
    return isNear && this.#ownCodes.has(code);
  }

  /** Whether it was answered before what was said before it. */
  get hasOvertaken(): boolean {
    return this.#hasOvertaken;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** It is this reply's turn: its time limit starts, unless data is watched already. C-54 */
  begin(): void {
    if (!this.#suspended) this.arm();
  }

  /** Starts the time limit: from the moment it is this reply's turn, or with another limit for what is left. */
  arm(limit: TimeoutName = this.#options.limit ?? 'reply'): void {
    this.#suspended = false;
    this.#stopTimer();
    if (this.#settled) return;
    const { deadlines, what, onTimeout } = this.#options;
    this.#stopTimer = deadlines.start(limit, this.step, what, onTimeout);
  }

  /** No limit while a transfer moves data: the data connection is watched instead. C-54 */
  suspend(): void {
    this.#suspended = true;
    this.#stopTimer();
  }

  /** Later preliminary replies prove that the server is alive, and mean nothing else. C-34 */
  onPreliminary(reply: Reply): void {
    if (!this.#suspended && this.#mayPutOff()) this.arm();
    this.#announced = true;
    this.#onPreliminary(reply);
  }

  onFinal(reply: Reply, hasOvertaken = false): void {
    this.#hasOvertaken = hasOvertaken;
    this.#settle();
    this.#resolve(reply);
  }

  fail(error: FtpsError): void {
    this.#settle();
    this.#reject(error);
  }

  #mayPutOff(): boolean {
    const { deadlines, limit = 'reply' } = this.#options;
    const now = deadlines.now();
    this.#putOffSince ??= now;
    return now - this.#putOffSince < mostPatience * deadlines.lengthOf(limit);
  }

  #settle(): void {
    this.#settled = true;
    this.#stopTimer();
    this.#onPreliminary(undefined);
  }
}
