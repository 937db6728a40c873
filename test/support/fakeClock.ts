import type { Clock } from '../../src/client/clock.ts';

interface Alarm {
  readonly due: number;
  readonly act: () => void;
}

/** A clock that stands still until a test advances it, so that a test can say which time limit fired. */
export class FakeClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  constructor(now = Date.UTC(2026, 0, 15, 12, 0, 0)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, act: () => void): () => void {
    const alarm = { due: this.#now + milliseconds, act };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** The time passes while the computer sleeps: no alarm rings. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Delays, in milliseconds from now, of the alarms that are set. */
  pending(): number[] {
    return [...this.#alarms].map((alarm) => alarm.due - this.#now).sort((a, b) => a - b);
  }

  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#alarms].filter((alarm) => alarm.due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#alarms.delete(next);
      this.#now = next.due;
      next.act();
    }
    this.#now = until;
  }
}
