import type { FtpsError } from './errors.ts';
import type { Session } from './session.ts';

/** Watches that bytes keep moving on a data connection. C-54 */
export class IdleWatch {
  readonly #session: Session;
  readonly #onIdle: (error: FtpsError) => void;
  #lastMove = 0;
  #cancel: () => void = () => {};

  constructor(session: Session, onIdle: (error: FtpsError) => void) {
    this.#session = session;
    this.#onIdle = onIdle;
  }

  readonly moved = (): void => {
    this.#lastMove = this.#session.clock.now();
  };

  start(): void {
    this.moved();
    this.#arm(this.#lastMove);
  }

  stop(): void {
    this.#cancel();
  }

  /** One timer a limit, not one a chunk: when it fires, it asks whether anything has moved since it was set. */
  #arm(seen: number): void {
    this.#cancel = this.#session.deadlines.start('dataIdle', 'transfer', 'any movement of data', (error) => {
      if (this.#lastMove === seen) this.#onIdle(error);
      else this.#arm(this.#lastMove);
    });
  }
}
