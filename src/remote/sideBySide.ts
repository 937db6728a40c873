/** Pieces of work on one tree that are under way at the same time; how many get a session is the pool's decision. */
export const treeWidth = 16;

/** Commands that leave together on one session. */
export const flightLength = 32;

/** Runs pieces of work side by side, never more than a given number. */
export class SideBySide {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  readonly #idling: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves as soon as the work has begun. @param work must not reject */
  async start(work: () => Promise<void>): Promise<void> {
    if (this.#running < this.#limit) this.#running++;
    // Whose work ends leaves the place to the first that waits, lest all of them look for it.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    void work().finally(() => this.#end());
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#idling.push(resolve));
  }

  #end(): void {
    const next = this.#waiting.shift();
    if (next) return next();
    this.#running--;
    if (this.#running === 0) for (const wake of this.#idling.splice(0)) wake();
  }
}

/** Does something for each item, some of them ahead of the one that is asked for; the results keep the items' order. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  act: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for (const item of items) {
    const result = act(item);
    // It may fail before its turn comes.
    result.catch(() => {});
    begun.push(result);
    const first = begun.length > ahead ? begun.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of begun) yield await result;
}

/** Does something for many paths, those of one flight at once and several flights side by side. @throws its failure */
export async function inFlights(
  paths: readonly string[],
  act: (flight: readonly string[]) => Promise<void>,
): Promise<void> {
  const work = new SideBySide(treeWidth);
  const failures: unknown[] = [];
  for (let start = 0; start < paths.length && failures.length === 0; start += flightLength) {
    const flight = paths.slice(start, start + flightLength);
    await work.start(() => act(flight).catch((error: unknown) => void failures.push(error)));
  }
  await work.idle();
  if (failures.length > 0) throw failures[0];
}
