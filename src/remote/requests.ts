import { cancelled } from './errors.ts';

/** Several callers behind one piece of work: it is cancelled when the last of them has left. */
export class SharedSignal {
  readonly #controller = new AbortController();
  #callers = 0;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for the work on behalf of one caller, who may leave by a signal of its own. */
  async join<Result>(work: Promise<Result>, path: string, signal?: AbortSignal): Promise<Result> {
    this.#callers++;
    return untilAborted(work, path, signal, () => {
      this.#callers--;
      if (this.#callers === 0) this.#controller.abort(signal?.reason);
    });
  }
}

/** The result of the work, or a cancellation as soon as the signal says so; the work itself goes on. */
export async function untilAborted<Result>(
  work: Promise<Result>,
  path: string,
  signal: AbortSignal | undefined,
  onAbort: () => void = () => {},
): Promise<Result> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(cancelled(path, signal.reason));
      onAbort();
    };
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}

interface Request<Result> {
  readonly shared: SharedSignal;
  readonly work: Promise<Result>;
}

/** Callers who ask for the same thing at the same time share one request. */
export class SharedRequests<Result> {
  readonly #running = new Map<string, Request<Result>>();

  async run(
    path: string,
    ask: (signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const running = this.#running.get(path);
    const request = running && !running.shared.signal.aborted ? running : this.#start(path, ask);
    return request.shared.join(request.work, path, signal);
  }

  /** Whoever asks from now on starts a request anew: the answer under way may already be out of date. */
  forget(matches: (path: string) => boolean): void {
    for (const path of this.#running.keys()) if (matches(path)) this.#running.delete(path);
  }

  #start(path: string, ask: (signal: AbortSignal) => Promise<Result>): Request<Result> {
    const shared = new SharedSignal();
    const request = { shared, work: ask(shared.signal) };
    this.#running.set(path, request);
    const finish = () => {
      if (this.#running.get(path) === request) this.#running.delete(path);
    };
    request.work.then(finish, finish);
    return request;
  }
}
