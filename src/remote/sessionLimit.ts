import type { Clock } from '../client/clock.ts';

/** How many sessions a server bore when it refused one more, and when that was, in milliseconds since the epoch. */
export interface LearntLimit {
  readonly sessions: number;
  readonly at: number;
}

interface SessionLimitOptions {
  /** Most sessions that the user wants. */
  readonly wanted: number;
  /** Milliseconds for which a limit that the server showed is believed; after that, one session more is tried. */
  readonly believedFor?: number;
  /** What was learnt in an earlier run. */
  readonly learnt?: LearntLimit | undefined;
  /** Told what to remember; undefined when the server bears all that are wanted. */
  readonly onLearnt?: ((limit: LearntLimit | undefined) => void) | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** Milliseconds without another attempt after one has failed for a reason that says nothing about the server's limit. */
const holdTime = 30_000;

/** How many sessions may be open: as many as the user wants, or as few as the server has shown to bear. */
export class SessionLimit {
  readonly #options: SessionLimitOptions;
  #learnt: LearntLimit | undefined;
  #held: LearntLimit | undefined;

  constructor(options: SessionLimitOptions) {
    this.#options = options;
    this.#learnt = options.learnt;
  }

  get current(): number {
    return Math.min(this.forUser, Math.max(1, this.#heldAt()));
  }

  /** The same for what the user waits for, who is not kept waiting because another attempt has failed. */
  get forUser(): number {
    return Math.max(1, Math.min(this.#options.wanted, this.#borne()));
  }

  /** Milliseconds until one more may be tried by the mere passing of time; undefined when no time is awaited. */
  get risesIn(): number | undefined {
    const leftOf = (limit: LearntLimit | undefined, believedFor: number): readonly number[] =>
      !limit || this.#isOver(limit.at, believedFor)
        ? []
        : [limit.at + believedFor - this.#options.clock.now()];
    const left = [...leftOf(this.#held, holdTime), ...leftOf(this.#learnt, this.#believedFor)];
    return left.length > 0 ? Math.min(...left) : undefined;
  }

  /** The server refused a session while these were open. */
  refused(open: number): void {
    this.#learn({ sessions: open, at: this.#options.clock.now() });
  }

  /** A session failed to open for another reason while these were: what waits goes on with them for a while. */
  failed(open: number): void {
    this.#held = { sessions: open, at: this.#options.clock.now() };
  }

  /** So many sessions stand side by side. Those that were opened together may be refused before others are taken. */
  bore(open: number): void {
    this.#held = undefined;
    if (!this.#learnt || open <= this.#learnt.sessions) return;
    this.#learn(open < this.#options.wanted ? { sessions: open, at: this.#learnt.at } : undefined);
  }

  get #believedFor(): number {
    return this.#options.believedFor ?? 600_000;
  }

  #learn(limit: LearntLimit | undefined): void {
    this.#learnt = limit;
    this.#options.onLearnt?.(limit);
  }

  #borne(): number {
    if (!this.#learnt) return Number.POSITIVE_INFINITY;
    const { sessions, at } = this.#learnt;
    return this.#isOver(at, this.#believedFor) ? sessions + 1 : sessions;
  }

  #heldAt(): number {
    if (!this.#held || this.#isOver(this.#held.at, holdTime)) return Number.POSITIVE_INFINITY;
    return this.#held.sessions;
  }

  /** A time in the future is of a clock that was set back since. */
  #isOver(at: number, milliseconds: number): boolean {
    const passed = this.#options.clock.now() - at;
    return passed < 0 || passed >= milliseconds;
  }
}
