import { randomUUID } from 'node:crypto';
import type { Clock } from '../client/clock.ts';
import type { Keychain } from './keychainLibrary.ts';

const service = 'FTPS Explorer';

/** Milliseconds that one call may take; long enough to type the password of a locked keyring. */
export const keychainLimit = 15_000;

/** Secrets by account. An absent secret is undefined. */
export interface SecretStore {
  get(account: string): Promise<string | undefined>;
  set(account: string, secret: string): Promise<void>;
  delete(account: string): Promise<void>;
}

/** The system's keychain. Every call ends within {@link keychainLimit}, answered or not. */
export class KeychainStore implements SecretStore {
  readonly #keychain: Keychain;
  readonly #clock: Pick<Clock, 'after'>;

  constructor(keychain: Keychain, clock: Pick<Clock, 'after'>) {
    this.#keychain = keychain;
    this.#clock = clock;
  }

  /**
   * Writes a random secret and reads it again: a locked keychain answers "no such secret" to a mere read.
   *
   * @throws Error saying why the keychain cannot be used
   */
  async probe(): Promise<void> {
    const account = `probe ${randomUUID()}`;
    const secret = randomUUID();
    await this.set(account, secret);
    const found = await this.get(account);
    if (found !== secret) throw new Error('The keychain is locked, or does not keep what it is given.');
    await this.delete(account);
  }

  async get(account: string): Promise<string | undefined> {
    const found = await this.#bounded(this.#keychain.getPassword(service, account));
    return found ?? undefined;
  }

  async set(account: string, secret: string): Promise<void> {
    await this.#bounded(this.#keychain.setPassword(service, account, secret));
  }

  async delete(account: string): Promise<void> {
    await this.#bounded(this.#keychain.deletePassword(service, account));
  }

  #bounded<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(keychainLimit, () =>
        reject(new Error(`The keychain did not answer within ${keychainLimit / 1000} seconds.`)),
      );
      answer.then(resolve, reject).finally(cancel);
    });
  }
}
