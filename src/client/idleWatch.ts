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
    this.#arm(0);
  }

  stop(): void {
    this.#cancel();
  }

  /** One timer a limit, not one a chunk: when it fires, it asks how long ago the last move was. */
  #arm(idle: number): void {
    const { clock, deadlines } = this.#session;
    const fired = (error: FtpsError): void => {
      const since = clock.now() - this.#lastMove;
      if (since >= deadlines.lengthOf('dataIdle')) this.#onIdle(error);
      else this.#arm(Math.max(since, 0));
    };
    this.#cancel = deadlines.start('dataIdle', 'transfer', 'any movement of data', fired, idle);
  }
}
