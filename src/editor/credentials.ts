import { errorText } from './errorText.ts';
import type { KeychainStore, SecretStore } from './keychainStore.ts';

export interface CredentialsOptions {
  /** Loads the system's keychain; throws where there is none. Called once, at the first need. */
  readonly openKeychain: () => KeychainStore;
  /** VS Code's own secret storage, for machines without a keychain. */
  readonly secrets: SecretStore;
  /** Says once that passwords are kept in VS Code's own storage, and why. */
  readonly announceFallback: (reason: string) => void;
}

/** Passwords: in the system's keychain, or where that cannot be used in VS Code's secret storage. */
export class Credentials {
  readonly #options: CredentialsOptions;
  #keychain: Promise<KeychainStore | undefined> | undefined;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  async get(account: string): Promise<string | undefined> {
    // It is there only since a day on which the keychain, which may hold an older one, could not be used.
    const newer = await this.#options.secrets.get(account).catch(() => undefined);
    if (newer !== undefined) return newer;
    const keychain = await this.#usableKeychain();
    return keychain?.get(account).catch(() => undefined);
  }

  async set(account: string, secret: string): Promise<void> {
    const keychain = await this.#usableKeychain();
    // A keychain keeps no empty secret, which is none anyway.
    if (!keychain || secret === '') {
      await keychain?.delete(account).catch(() => undefined);
      return this.#options.secrets.set(account, secret);
    }
    try {
      await keychain.set(account, secret);
    } catch (error) {
      this.#options.announceFallback(errorText(error));
      return this.#options.secrets.set(account, secret);
    }
    return this.#options.secrets.delete(account);
  }

  /** Removes the secret from wherever it may be. */
  async delete(account: string): Promise<void> {
    const keychain = await this.#usableKeychain();
    await keychain?.delete(account).catch(() => undefined);
    await this.#options.secrets.delete(account);
  }

  #usableKeychain(): Promise<KeychainStore | undefined> {
    this.#keychain ??= this.#open();
    return this.#keychain;
  }

  async #open(): Promise<KeychainStore | undefined> {
    try {
      const keychain = this.#options.openKeychain();
      await keychain.probe();
      return keychain;
    } catch (error) {
      this.#options.announceFallback(errorText(error));
      return undefined;
    }
  }
}
