import { chmod, mkdir } from 'node:fs/promises';
import { commands, type LogOutputChannel } from 'vscode';
import { credentialAccount, type Profile, readProfile } from '../remote/profile.ts';
import type { CertificateTrust } from './certificateTrust.ts';
import type { Credentials } from './credentials.ts';
import { type ProfileSource, type WriteLevel, writeLevels } from './profileLevels.ts';
import type { ProfileStore, StoredProfile } from './profileStore.ts';
import { leadsToSandbox } from './sandboxPlace.ts';
import { nearestLevel, writeProfile } from './settings.ts';

/** A sandbox server that runs; `fingerprint` is the SHA-256 of its certificate. */
export interface SandboxServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly fingerprint: string;
  close(): Promise<void>;
}

export type StartSandbox = (options: {
  readonly folder: string;
  readonly log: (line: string) => void;
}) => Promise<SandboxServer>;

export interface SandboxOptions {
  /** Keeps its state and its files. */
  readonly folder: string;
  /** Loads the server's own bundle, which nobody needs who has a server. */
  readonly load: () => StartSandbox;
  readonly profiles: ProfileStore;
  readonly credentials: Credentials;
  readonly trust: CertificateTrust;
  readonly log: LogOutputChannel;
}

/** The server inside the extension on which a newcomer tries it. At most one runs. */
export class Sandbox {
  readonly #options: SandboxOptions;
  #server: Promise<SandboxServer> | undefined;
  #connection: string | undefined;

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  /**
   * Starts it, and makes a connection fit: its address, its password and its certificate.
   *
   * @returns the connection's name
   */
  async start(): Promise<string> {
    this.#server ??= this.#serve();
    try {
      const server = await this.#server;
      this.#connection = await this.#adopt(server);
      await commands.executeCommand('setContext', 'ftps.sandboxRuns', true);
      return this.#connection;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #serve(): Promise<SandboxServer> {
    const { folder, load, log } = this.#options;
    // It holds keys and a password.
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    return load()({ folder, log: (line) => log.debug(`sandbox: ${line}`) });
  }

  /** Whether a connection leads to it while it does not run here. */
  async isStoppedFor(profile: Profile): Promise<boolean> {
    return this.#server === undefined && leadsToSandbox(this.#options.folder, profile);
  }

  /** @returns the name of the connection that leads nowhere from now on */
  async stop(): Promise<string | undefined> {
    const server = this.#server;
    this.#server = undefined;
    await commands.executeCommand('setContext', 'ftps.sandboxRuns', false);
    const running = await server?.catch(() => undefined);
    await running?.close();
    return this.#connection;
  }

  async #adopt(server: SandboxServer): Promise<string> {
    const { profiles, credentials, trust } = this.#options;
    const { host, port, user } = server;
    const written = { host, port, user, remotePath: '/' };
    const { name, known } = this.#connectionFor(server);
    const result = readProfile(name, written);
    if (!result.ok) throw new Error(result.problems.join(' '));
    const account = credentialAccount(result.profile);
    await credentials.set(account, server.password);
    await trust.trust(result.profile, server.fingerprint);
    if (!known?.result.ok || credentialAccount(known.result.profile) !== account) {
      for (const level of levelsOf(known?.source)) await writeProfile(name, written, level);
    }
    await profiles.refresh();
    return name;
  }

  /** A connection of that name which goes elsewhere is the user's own, and stays as it is. */
  #connectionFor(server: SandboxServer): {
    readonly name: string;
    readonly known: StoredProfile | undefined;
  } {
    for (let number = 1; ; number++) {
      const name = number === 1 ? 'sandbox' : `sandbox ${number}`;
      const known = this.#options.profiles.find(name);
      const { result } = known ?? {};
      const ours = result?.ok && result.profile.host === server.host && result.profile.user === server.user;
      if (!known || ours) return { name: known?.name ?? name, known };
    }
  }
}

/** Where it is written already, so that it is not there twice. */
function levelsOf(source: ProfileSource | undefined): readonly WriteLevel[] {
  const known = source ? writeLevels(source) : [];
  return known.length > 0 ? known : [nearestLevel()];
}
