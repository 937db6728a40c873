import type { Clock } from '../../client/clock.ts';

/** Milliseconds for which others may join the first. */
const patience = 100;

/** Tells once of all that comes within a moment: to show how things stand costs the more, the more of them there are. */
export class Gathering<Value> {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #tell: (values: readonly Value[]) => void;
  #values: Value[] = [];
  #cancel: () => void = () => undefined;

  constructor(clock: Pick<Clock, 'after'>, tell: (values: readonly Value[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(value: Value): void {
    this.#values.push(value);
    if (this.#values.length === 1) this.#cancel = this.#clock.after(patience, () => this.#end());
  }

  /** Forgets what has not been told. */
  dispose(): void {
    this.#cancel();
  }

  #end(): void {
    const values = this.#values;
    this.#values = [];
    this.#tell(values);
  }
}
