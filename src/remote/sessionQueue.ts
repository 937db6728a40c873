import { cancelled } from './errors.ts';

/** `interactive`: somebody looks at the screen and waits. `background`: whole trees, synchronisation, what is read ahead. */
export type Priority = 'interactive' | 'background';

export interface Waiter<Grant> {
  readonly priority: Priority;
  readonly grant: (granted: Grant) => void;
  readonly refuse: (error: unknown) => void;
  /** The attempt to open a session that was begun for it. */
  opening?: AbortController;
}

/** Those who wait for a session: the interactive ones before the others, each in the order in which they came. */
export class SessionQueue<Grant> {
  readonly #waiters: Waiter<Grant>[] = [];

  get length(): number {
    return this.#waiters.length;
  }

  get first(): Waiter<Grant> | undefined {
    return this.#waiters[0];
  }

  /** @param onLeave told when the signal has ended the wait */
  wait(
    priority: Priority,
    signal: AbortSignal | undefined,
    onLeave: (left: Waiter<Grant>) => void,
  ): Promise<Grant> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.remove(waiter);
        reject(cancelled('/', signal?.reason));
        onLeave(waiter);
      };
      const waiter: Waiter<Grant> = {
        priority,
        grant: (granted) => {
          signal?.removeEventListener('abort', leave);
          resolve(granted);
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.splice(this.#placeOf(priority), 0, waiter);
    });
  }

  find(matches: (waiter: Waiter<Grant>) => boolean): Waiter<Grant> | undefined {
    return this.#waiters.find(matches);
  }

  /** @returns whether it was still waiting */
  remove(waiter: Waiter<Grant>): boolean {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
    return index >= 0;
  }

  refuseAll(error: unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(error);
  }

  #placeOf(priority: Priority): number {
    const background = this.#waiters.findIndex((waiter) => waiter.priority === 'background');
    return priority === 'interactive' && background >= 0 ? background : this.#waiters.length;
  }
}
