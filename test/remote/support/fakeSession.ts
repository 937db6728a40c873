import type { PooledClient } from '../../../src/remote/sessionPool.ts';

/** A session that exists only as far as a pool can see. */
export class FakeSession implements PooledClient {
  readonly number: number;
  readonly closed: Promise<unknown>;
  isOpen = true;
  /** The signs of life it was asked for. */
  noops = 0;
  ended: 'quit' | 'destroyed' | 'lost' | undefined;
  #markClosed: (reason: unknown) => void = () => {};

  constructor(number: number) {
    this.number = number;
    this.closed = new Promise((resolve) => {
      this.#markClosed = resolve;
    });
  }

  async noop(): Promise<void> {
    this.noops++;
    if (!this.isOpen) throw new Error('The session is gone.');
  }

  async quit(): Promise<void> {
    this.#end('quit');
  }

  destroy(): void {
    this.#end('destroyed');
  }

  /** The server ends it, as after an idle time, or it is lost for another reason. */
  lose(reason?: unknown): void {
    this.#end('lost', reason);
  }

  #end(how: 'quit' | 'destroyed' | 'lost', reason?: unknown): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.ended = how;
    this.#markClosed(reason);
  }
}

interface Attempt {
  readonly signal: AbortSignal;
  readonly accept: () => FakeSession;
  readonly refuse: (error: unknown) => void;
}

/** A server whose answers to connection attempts a test gives one by one. */
export class FakeHost {
  readonly attempts: Attempt[] = [];
  readonly sessions: FakeSession[] = [];

  readonly connect = (signal: AbortSignal): Promise<FakeSession> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
      this.attempts.push({
        signal,
        accept: () => {
          const session = new FakeSession(this.sessions.length + 1);
          this.sessions.push(session);
          resolve(session);
          return session;
        },
        refuse: reject,
      });
    });

  /** Counted from 1. */
  attempt(number: number): Attempt {
    const attempt = this.attempts[number - 1];
    if (!attempt) throw new Error(`There was no connection attempt ${number}, only ${this.attempts.length}.`);
    return attempt;
  }
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
