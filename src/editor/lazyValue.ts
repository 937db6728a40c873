/** Something that is made when it is first needed; what could not be made is tried again when it is next needed. */
export class LazyValue<Value> {
  readonly #make: () => Promise<Value>;
  #made: Promise<Value> | undefined;

  constructor(make: () => Promise<Value>) {
    this.#make = make;
  }

  /** What is there, or is being made, without making it. */
  get begun(): Promise<Value> | undefined {
    return this.#made;
  }

  get(): Promise<Value> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }
}
