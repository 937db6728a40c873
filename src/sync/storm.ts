/** What the user says to many changes at once. */
export type StormAnswer = 'upload' | 'review' | 'notNow';

export interface StormOptions<Change> {
  /** Most changes that are carried over without a question. */
  readonly limit: number;
  /** Asks once for all of them. */
  readonly ask: (changes: readonly Change[]) => Promise<StormAnswer>;
  readonly carry: (changes: readonly Change[]) => Promise<void>;
  readonly review: () => Promise<void>;
}

/** Lets few changes pass, and turns many into one question. What comes while it stands waits for the answer. */
export class Storm<Change> {
  readonly #options: StormOptions<Change>;
  readonly #pending = new Map<string, Change>();
  #isAsking = false;

  constructor(options: StormOptions<Change>) {
    this.#options = options;
  }

  /** @param changes by what tells one from another; the last one of each counts */
  async add(changes: ReadonlyMap<string, Change>): Promise<void> {
    for (const [key, change] of changes) this.#pending.set(key, change);
    if (this.#isAsking) return;
    while (this.#pending.size > 0) await this.#passOn();
  }

  async #passOn(): Promise<void> {
    const { limit, ask, carry, review } = this.#options;
    if (this.#pending.size <= limit) return carry(this.#take(this.#pending.keys()));
    this.#isAsking = true;
    try {
      const asked = new Map(this.#pending);
      const answer = await ask([...asked.values()]);
      // What came since was not in the question.
      if (answer === 'upload') return await carry(this.#take(asked.keys()));
      for (const [key, change] of asked) if (this.#pending.get(key) === change) this.#pending.delete(key);
      if (answer === 'review') await review();
    } finally {
      this.#isAsking = false;
    }
  }

  /** As they are by now. */
  #take(keys: Iterable<string>): readonly Change[] {
    return [...keys].flatMap((key) => {
      const change = this.#pending.get(key);
      this.#pending.delete(key);
      return change === undefined ? [] : [change];
    });
  }
}
