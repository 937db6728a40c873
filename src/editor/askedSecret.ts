import type { Credentials } from './credentials.ts';
import { NotConnected } from './notConnected.ts';

export interface AskedSecretOptions {
  readonly credentials: Pick<Credentials, 'get' | 'set'>;
  readonly account: string;
  /** The name of the connection. */
  readonly connection: string;
  /** @param refusal why the last answer did not do, where there was one. Undefined gives up. */
  readonly ask: (refusal: string | undefined) => Promise<string | undefined>;
}

/** One secret of one attempt to connect: as it is kept, or as the user gives it; kept once it has proven right. */
export class AskedSecret {
  readonly #options: AskedSecretOptions;
  #value: string | undefined;
  #refusal: string | undefined;
  #isTyped = false;

  constructor(options: AskedSecretOptions) {
    this.#options = options;
  }

  /** The kept one, or what was typed so far. */
  async known(): Promise<string | undefined> {
    if (this.#refusal === undefined)
      this.#value ??= await this.#options.credentials.get(this.#options.account);
    return this.#value;
  }

  /** The known one, or what the user answers. @throws NotConnected when the user gives none */
  async obtain(): Promise<string> {
    return (await this.known()) ?? this.#ask();
  }

  /** What was given so far did not do: the user is asked, at once or with the next `obtain`. */
  refuse(reason: string): void {
    this.#refusal = reason;
    this.#value = undefined;
  }

  async keep(): Promise<void> {
    if (this.#isTyped && this.#value !== undefined) {
      await this.#options.credentials.set(this.#options.account, this.#value);
    }
  }

  async #ask(): Promise<string> {
    const answer = await this.#options.ask(this.#refusal);
    if (answer === undefined) throw new NotConnected(this.#options.connection);
    this.#isTyped = true;
    this.#value = answer;
    return answer;
  }
}
