import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ensureKeyringTools } from '../../../scripts/bootstrap.mjs';

export interface StoredSecret {
  readonly account: string;
  readonly password: string;
}

/** A real Secret Service: gnome-keyring, unlocked, on a session bus of its own. */
export class SecretService implements AsyncDisposable {
  /** What a program needs in its environment to find this service. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #stop: () => Promise<void>;

  private constructor(environment: NodeJS.ProcessEnv, stop: () => Promise<void>) {
    this.environment = environment;
    this.#stop = stop;
  }

  static async start(): Promise<SecretService> {
    ensureKeyringTools();
    const root = mkdtempSync(join(tmpdir(), 'keyring-'));
    const folders = {
      XDG_DATA_HOME: join(root, 'data'),
      XDG_CACHE_HOME: join(root, 'cache'),
      XDG_RUNTIME_DIR: join(root, 'run'),
    };
    for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o700 });
    const inherited = { ...process.env, ...folders };
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
      env: inherited,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(bus, 'close');
    // The keyring ends with the bus that it serves.
    const stop = async (): Promise<void> => {
      bus.kill();
      await ended;
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    };
    const address = await firstLine(bus.stdout);
    const environment = { ...inherited, DBUS_SESSION_BUS_ADDRESS: address };
    await unlockKeyring(environment);
    const found = { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: folders.XDG_RUNTIME_DIR };
    return new SecretService(found, stop);
  }

  /** All secrets that the keyring holds for a service's name. */
  async secretsOf(service: string): Promise<StoredSecret[]> {
    const program = `require('keytar').findCredentials(${JSON.stringify(service)})
      .then((found) => process.stdout.write(JSON.stringify(found)));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      cwd: import.meta.dirname,
      env: { ...process.env, ...this.environment },
      timeout: 20_000,
    });
    return JSON.parse(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

async function firstLine(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  for await (const line of lines) return line;
  throw new Error('dbus-daemon ended without naming its address');
}

/** Returns once the keyring serves; it goes on in the background. */
async function unlockKeyring(environment: NodeJS.ProcessEnv): Promise<void> {
  const keyring = spawn('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keyring.stdin.end('a password for this run');
  const [status] = await once(keyring, 'exit');
  if (status !== 0) throw new Error(`gnome-keyring-daemon ended with ${status}`);
}
