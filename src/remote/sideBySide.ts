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

/**
 * Does something for each item, so many at a time; once one has failed nothing more is begun.
 * @throws the first failure, when all that was begun has ended
 */
export async function sideBySide<Item>(
  items: Iterable<Item>,
  most: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const work = new SideBySide(most);
  const failures: unknown[] = [];
  const begin = async (item: Item): Promise<void> => {
    // One may have failed while this one waited for its place.
    if (failures.length === 0) await act(item).catch((error: unknown) => void failures.push(error));
  };
  for (const item of items) {
    if (failures.length > 0) break;
    await work.start(() => begin(item));
  }
  await work.idle();
  if (failures.length > 0) throw failures[0];
}

/** Does something for many paths, those of one flight at once and several flights side by side. @throws its failure */
export function inFlights(
  paths: readonly string[],
  act: (flight: readonly string[]) => Promise<void>,
): Promise<void> {
  return sideBySide(inParts(paths, flightLength), treeWidth, act);
}

/** The items in their order, so many together. */
export function* inParts<Item>(items: readonly Item[], most: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += most) yield items.slice(start, start + most);
}
