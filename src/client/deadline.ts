import type { Clock } from './clock.ts';
import type { TimeoutName, Timeouts } from './connectOptions.ts';
import { aborted, FtpsError, type Step } from './errors.ts';

/** One wait: how long, for what, and what to do when it is given up. What it was is read when it is over. */
export interface Wait {
  readonly limit: TimeoutName;
  readonly step: Step;
  /** Names what was awaited: "the greeting of ftp.example.com". */
  readonly what: string;
  /** What may help, where that is not what helps against most that pass this limit. */
  readonly hint?: string;
  readonly signal?: AbortSignal | undefined;
  /** Runs before the promise rejects, so that nobody is left holding what was being waited for. */
  readonly giveUp: () => void;
}

/** Knows the time limits of one session and turns a passed one into an error that names it. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;

  constructor(clock: Clock, timeouts: Timeouts) {
    this.#clock = clock;
    this.#timeouts = timeouts;
  }

  /**
   * Runs `act` with the error to report once `limit` has passed; the answer cancels it.
   * @param spent milliseconds of it that are over already
   */
  start(
    limit: TimeoutName,
    step: Step,
    what: string,
    act: (error: FtpsError) => void,
    spent = 0,
  ): () => void {
    return this.#after({ limit, step, what }, act, spent);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** In milliseconds. */
  lengthOf(limit: TimeoutName): number {
    return this.#timeouts[limit];
  }

  #after(
    wait: Pick<Wait, 'limit' | 'step' | 'what' | 'hint'>,
    act: (error: FtpsError) => void,
    spent = 0,
  ): () => void {
    const milliseconds = this.#timeouts[wait.limit];
    return this.#clock.after(milliseconds - spent, () => act(timeoutError(wait, milliseconds)));
  }

  /** Settles as `work` does, unless the limit passes or the signal aborts first. */
  async bound<T>(work: Promise<T>, wait: Wait): Promise<T> {
    const { signal } = wait;
    let cancelTimer = (): void => {};
    let onAbort = (): void => {};
    const interruption = new Promise<never>((_, reject) => {
      const stop = (error: FtpsError): void => {
        wait.giveUp();
        reject(error);
      };
      cancelTimer = this.#after(wait, stop);
      onAbort = () => stop(aborted(wait.step, signal));
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([work, interruption]);
    } finally {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

const advice: Record<TimeoutName, string> = {
  connect: 'Check host and port, and whether a firewall drops the connection.',
  greeting:
    'The port may expect TLS at once: try security "implicit" if it is "explicit", and the other way round.',
  tls: 'The port may not speak TLS: check security ("explicit" or "implicit") and port.',
  reply: 'The server may be overloaded; try again, or raise the profile\'s time limit "reply".',
  login: 'The server is slow to check the password; try again, or raise the profile\'s time limit "login".',
  dataConnect: "The server's passive port range may be closed in a firewall.",
  dataIdle: 'The transfer stalled; try again, or raise the profile\'s time limit "dataIdle".',
  close: 'The server did not end in good order.',
};

const dataTlsAdvice = 'The server does not protect data connections as it said; try again, or see its log.';

function timeoutError(
  { limit, step, what, hint: own }: Pick<Wait, 'limit' | 'step' | 'what' | 'hint'>,
  milliseconds: number,
): FtpsError {
  const seconds = Math.round(milliseconds / 100) / 10;
  const hint = own ?? (step === 'dataTls' ? dataTlsAdvice : advice[limit]);
  return new FtpsError('timeout', step, `No sign of ${what} within ${seconds} s. ${hint}`, { limit });
}
