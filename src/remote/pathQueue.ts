import { SharedSignal } from './requests.ts';

export interface QueueOptions {
  /** The job makes the one that waits before it needless, when that one allows it as well. */
  readonly supersedes: boolean;
}

type Job<Result> = (signal: AbortSignal) => Promise<Result>;

interface Item<Result> {
  job: Job<Result>;
  readonly supersedes: boolean;
  readonly shared: SharedSignal;
  readonly result: Promise<Result>;
  readonly start: () => void;
}

/**
 * Jobs on the same path run one after the other, and of those that wait only the newest runs: all who asked get its
 * result. Jobs on different paths do not wait for each other.
 */
export class PathQueue<Result> {
  /** Waiting jobs by path; a path is present while a job on it runs. */
  readonly #waiting = new Map<string, Item<Result>[]>();

  async run(path: string, job: Job<Result>, options: QueueOptions, signal?: AbortSignal): Promise<Result> {
    const waiting = this.#waiting.get(path);
    const last = waiting?.at(-1);
    if (last?.supersedes && options.supersedes && !last.shared.signal.aborted) {
      last.job = job;
      return last.shared.join(last.result, path, signal);
    }
    const item = newItem(job, options);
    const finish = (): void => this.#next(path);
    item.result.then(finish, finish);
    if (waiting) waiting.push(item);
    else {
      this.#waiting.set(path, []);
      item.start();
    }
    return item.shared.join(item.result, path, signal);
  }

  #next(path: string): void {
    const item = this.#waiting.get(path)?.shift();
    if (item) item.start();
    else this.#waiting.delete(path);
  }
}

function newItem<Result>(job: Job<Result>, { supersedes }: QueueOptions): Item<Result> {
  const shared = new SharedSignal();
  let start = (): void => {};
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const item: Item<Result> = {
    job,
    supersedes,
    shared,
    start,
    result: started.then(() => item.job(shared.signal)),
  };
  return item;
}
