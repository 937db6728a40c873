import type { TimeoutName, Timeouts } from '../../src/client/connectOptions.ts';
import { FakeClock } from '../support/fakeClock.ts';

/** Each of another length, so that an alarm tells which limit it belongs to. */
export const limits: Timeouts = {
  connect: 11_000,
  greeting: 12_000,
  tls: 13_000,
  reply: 14_000,
  login: 15_000,
  dataConnect: 16_000,
  dataIdle: 17_000,
  close: 18_000,
};

/** A fake clock that tells when a limit begins to run. */
export class WatchedClock extends FakeClock {
  readonly #watchers = new Set<() => void>();

  override after(milliseconds: number, act: () => void): () => void {
    const cancel = super.after(milliseconds, act);
    for (const look of this.#watchers) look();
    return cancel;
  }

  /** @param limit by its name, or in milliseconds */
  runs(limit: TimeoutName | number): boolean {
    return this.pending().includes(typeof limit === 'number' ? limit : limits[limit]);
  }

  /** Settles while the limit runs; at once if it already does. */
  running(limit: TimeoutName | number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.runs(limit)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Lets the limit pass. */
  pass(limit: TimeoutName): void {
    this.advance(limits[limit]);
  }
}
