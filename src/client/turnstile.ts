interface Waiter {
  readonly exclusive: boolean;
  readonly enter: () => void;
}

/**
 * Lets commands onto the control connection side by side, and transfers one at a time and alone: nothing is said
 * across an unconfirmed transfer. First come, first served.
 */
export class Turnstile {
  readonly #waiting: Waiter[] = [];
  #inside = 0;
  #exclusive = false;

  /** @returns what to call, once, on leaving. Rejects with the signal's reason when it aborts while waiting. */
  async enter(exclusive: boolean, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#waiting.length > 0 || !this.#fits(exclusive)) await this.#wait(exclusive, signal);
    else this.#admit(exclusive);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside -= 1;
      this.#exclusive = false;
      this.#admitWaiting();
    };
  }

  #wait(exclusive: boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        exclusive,
        enter: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal?.reason);
        this.#admitWaiting();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  #fits(exclusive: boolean): boolean {
    return exclusive ? this.#inside === 0 : !this.#exclusive;
  }

  #admit(exclusive: boolean): void {
    this.#inside += 1;
    this.#exclusive = exclusive;
  }

  #admitWaiting(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next.exclusive); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#admit(next.exclusive);
      next.enter();
    }
  }
}
