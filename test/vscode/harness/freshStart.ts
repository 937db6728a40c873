import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../../../scripts/bootstrap.mjs';

/** `npm start` in a fresh copy of the repository: nothing installed, nothing built, no state from earlier. */
export class FreshStart implements AsyncDisposable {
  /** The address of VS Code that it printed. */
  readonly address: string;
  /** The password for it that it printed. */
  readonly password: string;
  /** Where it keeps what it needs at the next start. */
  readonly state: string;
  readonly #stop: () => Promise<void>;

  private constructor(address: string, password: string, state: string, stop: () => Promise<void>) {
    this.address = address;
    this.state = state;
    this.password = password;
    this.#stop = stop;
  }

  /** @throws Error with what it printed, when it ends without an address */
  static async run(): Promise<FreshStart> {
    const root = mkdtempSync(join(tmpdir(), 'ftps-fresh-'));
    const copy = join(root, 'repository');
    copyRepository(copy);
    const npm = spawn('npm', ['start', '--', '--no-open'], {
      cwd: copy,
      env: {
        ...freshEnvironment(),
        XDG_DATA_HOME: join(root, 'data'),
        XDG_CONFIG_HOME: join(root, 'config'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended = once(npm, 'close');
    const signal = (name: NodeJS.Signals): void => {
      if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, name);
    };
    const kill = (): void => signal('SIGKILL');
    process.once('exit', kill);
    const stop = async (): Promise<void> => {
      signal('SIGINT');
      await ended;
      process.off('exit', kill);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    };
    const printed: string[] = [];
    try {
      const [address, password] = await new Promise<[string, string]>((resolve, reject) => {
        const read = (line: string): void => {
          printed.push(line);
          const said = printed.join('\n');
          const found = [/^VS Code: (http\S+)$/m, /^Its password: (\S+)$/m].map(
            (pattern) => pattern.exec(said)?.[1],
          );
          if (found[0] !== undefined && found[1] !== undefined) resolve([found[0], found[1]]);
        };
        createInterface({ input: npm.stdout }).on('line', read);
        createInterface({ input: npm.stderr }).on('line', read);
        ended.then(() => reject(new Error(`npm start ended:\n${printed.join('\n')}`)), reject);
      });
      return new FreshStart(address, password, join(root, 'data/ftps-explorer'), stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** Ctrl+C. Resolves when everything that it started has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

/** What a clone would hold, with changes that are not committed yet. */
function copyRepository(target: string): void {
  const parameters = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', parameters, { cwd: repository, encoding: 'utf8' }).split('\0');
  for (const name of new Set(names.filter((each) => each !== ''))) {
    cpSync(join(repository, name), join(target, name));
  }
}

/** As a shell has it: without what vitest, npm and the project's own tools add. */
function freshEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm|VITEST|NODE)_|^(TEST|VITEST)$/i.test(name),
  );
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !entry.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
