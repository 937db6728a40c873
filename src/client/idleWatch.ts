import type { FtpsError } from './errors.ts';
import type { Session } from './session.ts';

/** Bytes of an upload that the systems on its way may hold when all is written. */
const mostHeld = 8 * 1024 * 1024;

/** Bytes a second: a slower line than this holds less. */
const slowest = 16 * 1024;

/** Watches that bytes keep moving on a data connection. C-54 */
export class IdleWatch {
  readonly #session: Session;
  readonly #onIdle: (error: FtpsError) => void;
  #began = 0;
  #lastMove = 0;
  #cancel: () => void = () => {};

  constructor(session: Session, onIdle: (error: FtpsError) => void) {
    this.#session = session;
    this.#onIdle = onIdle;
  }

  moved(): void {
    this.#lastMove = this.#session.clock.now();
  }

  start(): void {
    this.#began = this.#session.clock.now();
    this.#lastMove = this.#began;
    this.#arm(0);
  }

  /**
   * All is written, but not all has arrived, and nothing tells of what moves on: it may take as long as it would at the
   * rate seen so far, and the limit counts from then on, so that a dead peer is noticed nonetheless. C-39
   * @param bytes all that is written
   */
  written(bytes: number): void {
    const now = this.#session.clock.now();
    const held = Math.min(bytes, mostHeld);
    const gone = bytes - held;
    const rate = Math.max((gone * 1000) / Math.max(now - this.#began, 1), slowest);
    const unseen = (held * 1000) / rate;
    this.#cancel();
    this.#arm(-unseen);
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
