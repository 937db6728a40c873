import { RemoteError, type RemoteErrorKind } from '../remote/errors.ts';
import {
  credentialAccount,
  passphraseAccount,
  type Profile,
  sendsPasswordInClear,
} from '../remote/profile.ts';
import type { RemoteChange, RemoteFileSystem } from '../remote/remoteFileSystem.ts';
import { untilAborted } from '../remote/requests.ts';
import { AskedSecret } from './askedSecret.ts';
import type { CertificateReport } from './certificateText.ts';
import type { CertificateTrust } from './certificateTrust.ts';
import type { Credentials } from './credentials.ts';
import { Listeners } from './listeners.ts';
import { NotConnected } from './notConnected.ts';

/** Milliseconds for which VS Code's own questions get the last failure again, instead of another attempt. */
export const restAfterFailure = 10_000;

export type ConnectionState =
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What only the user can answer. An answer of undefined or false gives up; an aborted question is taken back. */
export interface ConnectionPrompts {
  /** @param refusal the server's words, where it has refused a password before */
  password(profile: Profile, refusal: string | undefined, signal?: AbortSignal): Promise<string | undefined>;
  /** @param reason why one is needed, or why the last one did not do */
  passphrase(profile: Profile, reason: string, signal?: AbortSignal): Promise<string | undefined>;
  trust(profile: Profile, certificate: CertificateReport): Promise<boolean>;
  clearText(profile: Profile): Promise<boolean>;
}

export interface Access {
  readonly password: string;
  /** Of the key of the client certificate. */
  readonly passphrase: string | undefined;
  readonly pinnedFingerprint: string | undefined;
}

/** What was learnt about servers and outlives the window. */
interface ServerMemory {
  forget(profile: Profile): Promise<void>;
  /** Writes at once what is not yet written. */
  flush(): Promise<void>;
}

export interface ConnectionPorts {
  /** Logs in once, so that what is wrong shows at once. */
  readonly open: (profile: Profile, access: Access, signal: AbortSignal) => Promise<RemoteFileSystem>;
  /** What has to be done before the first connection. */
  readonly prepared?: Promise<void> | undefined;
  readonly credentials: Pick<Credentials, 'get' | 'set'>;
  readonly trust: CertificateTrust;
  readonly servers?: ServerMemory;
  readonly prompts: ConnectionPrompts;
  /** Whether a server may be contacted without the user's gesture; not in an untrusted workspace. */
  readonly mayConnectUnasked: () => boolean;
  readonly now: () => number;
}

export interface RunOptions {
  /** The user asked for it: connects whatever was before, and may ask questions. */
  readonly gesture: boolean;
}

/** One profile's way to its server: opened at the first need, by one attempt at a time, with the user's answers. */
export class Connection {
  readonly profile: Profile;
  readonly onDidChangeState = new Listeners<ConnectionState>();
  readonly onDidChangeFiles = new Listeners<readonly RemoteChange[]>();
  readonly #ports: ConnectionPorts;
  #state: ConnectionState = { kind: 'disconnected' };
  #files: RemoteFileSystem | undefined;
  #attempt: { readonly files: Promise<RemoteFileSystem>; readonly abort: AbortController } | undefined;
  /** The user has disconnected or declined: only a gesture connects again. */
  #declined = false;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(profile: Profile, ports: ConnectionPorts) {
    this.profile = profile;
    this.#ports = ports;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * Does something on the server, connecting first where needed. Refused access that shows later (a password or
   * a certificate that has changed) is put to the user, and the deed is tried once more.
   */
  async run<T>(act: (files: RemoteFileSystem) => Promise<T>, options: RunOptions): Promise<T> {
    const files = await this.#ready(options);
    try {
      return await act(files);
    } catch (error) {
      if (!isRefusedAccess(error)) throw error;
      this.#drop(files);
      return act(await this.#ready(options));
    }
  }

  /** Forgets what is known of a folder and all below it. */
  refresh(path: string): void {
    this.#files?.refresh(path);
  }

  async connect(): Promise<void> {
    await this.#ready({ gesture: true });
  }

  async disconnect(): Promise<void> {
    this.#declined = true;
    this.#attempt?.abort.abort();
    this.#attempt = undefined;
    const files = this.#files;
    this.#files = undefined;
    this.#enter({ kind: 'disconnected' });
    await files?.close();
    if (files) await this.#ports.servers?.flush();
  }

  /** Forgets what was learnt about the server by talking to it. */
  async forgetServer(): Promise<void> {
    await this.#ports.servers?.forget(this.profile);
  }

  #ready({ gesture }: RunOptions): Promise<RemoteFileSystem> {
    if (this.#files) return Promise.resolve(this.#files);
    if (this.#attempt) return this.#attempt.files;
    if (!gesture) {
      const refusal = this.#refusesUnasked();
      if (refusal !== undefined) return Promise.reject(refusal);
    }
    this.#declined = false;
    const abort = new AbortController();
    const attempt = { files: this.#attemptOnce(abort.signal), abort };
    this.#attempt = attempt;
    return attempt.files.finally(() => {
      if (this.#attempt === attempt) this.#attempt = undefined;
    });
  }

  #refusesUnasked(): unknown {
    const { name } = this.profile;
    if (this.#declined || !this.#ports.mayConnectUnasked()) return new NotConnected(name);
    const rested = this.#ports.now() - this.#failedAt >= restAfterFailure;
    return this.#state.kind === 'failed' && !rested ? this.#state.error : undefined;
  }

  async #attemptOnce(signal: AbortSignal): Promise<RemoteFileSystem> {
    this.#enter({ kind: 'connecting' });
    try {
      const files = await this.#login(signal);
      if (signal.aborted) {
        await files.close();
        throw new NotConnected(this.profile.name);
      }
      files.onDidChange((changes) => this.onDidChangeFiles.tell(changes));
      this.#files = files;
      this.#enter({ kind: 'connected' });
      return files;
    } catch (error) {
      if (signal.aborted) throw new NotConnected(this.profile.name, { cause: error });
      if (error instanceof NotConnected) {
        this.#declined = true;
        this.#enter({ kind: 'disconnected' });
      } else {
        this.#fail(error);
      }
      throw error;
    }
  }

  async #login(signal: AbortSignal): Promise<RemoteFileSystem> {
    const { trust, prompts, open, prepared } = this.#ports;
    const { profile } = this;
    await prepared;
    if (sendsPasswordInClear(profile) && !trust.allowsClearText(profile)) {
      if (!(await asked(() => prompts.clearText(profile), signal))) throw new NotConnected(profile.name);
      await trust.allowClearText(profile);
    }
    const password = this.#secret(credentialAccount(profile), (why) =>
      asked(() => prompts.password(profile, why, signal), signal),
    );
    const passphrase = this.#secret(passphraseAccount(profile), (why) =>
      asked(() => prompts.passphrase(profile, why ?? '', signal), signal),
    );
    for (;;) {
      const access = {
        password: await password.obtain(),
        passphrase: profile.tls.clientCertificate && (await passphrase.known()),
        pinnedFingerprint: trust.pin(profile),
      };
      signal.throwIfAborted();
      try {
        const files = await open(profile, access, signal);
        await password.keep();
        await passphrase.keep();
        return files;
      } catch (error) {
        if (!isRefusedAccess(error)) throw error;
        if (error.certificate) {
          const { certificate } = error;
          if (!(await asked(() => prompts.trust(profile, certificate), signal)))
            throw new NotConnected(profile.name);
          await trust.trust(profile, certificate.fingerprint);
        } else if (error.kind === 'passphrase') {
          passphrase.refuse(error.message);
          await passphrase.obtain();
        } else {
          password.refuse(error.message);
        }
      }
    }
  }

  #secret(account: string, ask: (refusal: string | undefined) => Promise<string | undefined>): AskedSecret {
    const { credentials } = this.#ports;
    return new AskedSecret({ credentials, account, connection: this.profile.name, ask });
  }

  #drop(files: RemoteFileSystem): void {
    if (this.#files !== files) return;
    this.#files = undefined;
    this.#enter({ kind: 'disconnected' });
    void files.close().catch(() => undefined);
  }

  #fail(error: unknown): void {
    this.#failedAt = this.#ports.now();
    this.#enter({ kind: 'failed', error });
  }

  #enter(state: ConnectionState): void {
    const same = state.kind === this.#state.kind && state.kind !== 'failed';
    this.#state = state;
    if (!same) this.onDidChangeState.tell(state);
  }
}

/** Nobody is asked after the signal, and nobody's answer is waited for. */
async function asked<Answer>(question: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  return untilAborted(question(), '/', signal);
}

const refusedAccess: ReadonlySet<RemoteErrorKind> = new Set(['certificate', 'loginRefused', 'passphrase']);

function isRefusedAccess(error: unknown): error is RemoteError {
  return error instanceof RemoteError && refusedAccess.has(error.kind);
}
