import { hostKey } from '../remote/profile.ts';

/** The part of VS Code's Memento that is used; what it keeps lives outside the workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

type Endpoint = Parameters<typeof hostKey>[0];

/** What the user has agreed to, by host and port: a certificate that does not verify, or no encryption at all. */
export class CertificateTrust {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** SHA-256 of the one certificate that is trusted for this server although it does not verify. */
  pin(endpoint: Endpoint): string | undefined {
    const kept = this.#memory.get(pinKey(endpoint));
    return typeof kept === 'string' ? kept : undefined;
  }

  async trust(endpoint: Endpoint, fingerprint: string): Promise<void> {
    await this.#memory.update(pinKey(endpoint), fingerprint);
  }

  allowsClearText(endpoint: Endpoint): boolean {
    return this.#memory.get(clearKey(endpoint)) === true;
  }

  async allowClearText(endpoint: Endpoint): Promise<void> {
    await this.#memory.update(clearKey(endpoint), true);
  }

  async forget(endpoint: Endpoint): Promise<void> {
    await this.#memory.update(pinKey(endpoint), undefined);
    await this.#memory.update(clearKey(endpoint), undefined);
  }
}

function pinKey(endpoint: Endpoint): string {
  return `pin:${hostKey(endpoint)}`;
}

function clearKey(endpoint: Endpoint): string {
  return `clearText:${hostKey(endpoint)}`;
}
