import type { SecretStore } from '../../../src/editor/keychainStore.ts';

/** Secrets in plain sight of a test. */
export class MemoryStore implements SecretStore {
  readonly secrets = new Map<string, string>();

  async get(account: string): Promise<string | undefined> {
    return this.secrets.get(account);
  }

  async set(account: string, secret: string): Promise<void> {
    this.secrets.set(account, secret);
  }

  async delete(account: string): Promise<void> {
    this.secrets.delete(account);
  }
}
