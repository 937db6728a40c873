import type { Clock } from './clock.ts';

export type WatchedChange = 'changed' | 'deleted';

export interface WatchBatchOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Given what has changed, by path, once nothing has for a while. */
  readonly onSettled: (changes: ReadonlyMap<string, WatchedChange>) => void;
}

/** Milliseconds without a change after which what has changed is taken for finished. */
const settleTime = 750;
/** Milliseconds after which what has changed is told though changes go on. */
const longestWait = 10_000;

/** Gathers the changes that a watcher tells, so that a build or a checkout comes as one, and each file once. */
export class WatchBatch {
  readonly #options: WatchBatchOptions;
  #changes = new Map<string, WatchedChange>();
  #cancelSettling: () => void = () => undefined;
  #cancelLongest: () => void = () => undefined;

  constructor(options: WatchBatchOptions) {
    this.#options = options;
  }

  add(path: string, change: WatchedChange): void {
    const { clock } = this.#options;
    if (this.#changes.size === 0) this.#cancelLongest = clock.after(longestWait, () => this.#settle());
    // What is written anew is deleted first by some: the last word counts.
    this.#changes.set(path, change);
    this.#cancelSettling();
    this.#cancelSettling = clock.after(settleTime, () => this.#settle());
  }

  /** Forgets what has not settled. */
  dispose(): void {
    this.#cancelSettling();
    this.#cancelLongest();
    this.#changes.clear();
  }

  #settle(): void {
    const changes = this.#changes;
    this.#changes = new Map();
    this.#cancelSettling();
    this.#cancelLongest();
    this.#options.onSettled(changes);
  }
}
