import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/**
 * Runs the server as a child of a shell that leads a process group of its own. The shell's standard input is
 * a pipe from this process: when it ends, by our hand or because this process died, the whole group is killed.
 */
const supervisor = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _; kill -KILL 0; } <&3 3<&- >/dev/null 2>&1 &
exec 3<&-
wait $server
`;

export class ProcessGroup {
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly id: number;
  readonly #child;
  #output = '';
  #running = true;

  constructor(command: string, args: readonly string[], environment: NodeJS.ProcessEnv, folder: string) {
    this.#child = spawn('/bin/sh', ['-c', supervisor, 'sh', command, ...args], {
      cwd: folder,
      env: environment,
      detached: true,
    });
    if (this.#child.pid === undefined) throw new Error(`Cannot start a shell for ${command}`);
    this.id = this.#child.pid;
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    // The shell may be gone before its input is closed.
    this.#child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#running = false;
        resolve();
      };
      this.#child.once('error', end).once('exit', end);
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** What the server wrote to its standard output and error. */
  get output(): string {
    return this.#output;
  }

  /** Kills every process of the group and waits until none is left. */
  async kill(): Promise<void> {
    this.#child.stdin.destroy();
    try {
      process.kill(-this.id, 'SIGKILL');
    } catch {
      // Nothing is left to kill.
    }
    await this.ended;
    while (livingMembers(this.id).length > 0) await setTimeout(5);
  }
}

/** The processes of a group that still run: one that waits to be reaped by an init that never does is dead. */
function livingMembers(group: number): number[] {
  return processes().filter((pid) => {
    const [state, , processGroup] = statusFields(pid);
    return Number(processGroup) === group && state !== 'Z' && state !== 'X';
  });
}

/** The living processes that carry this text in the environment they were started with, or in a title. */
export function processesMarked(mark: string): number[] {
  return processes().filter((pid) => {
    if (pid === process.pid || statusFields(pid)[0] === 'Z') return false;
    return ['environ', 'cmdline'].some((name) => readProcess(pid, name).includes(mark));
  });
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fields behind the command's name, which may hold blanks and parentheses itself. proc(5) */
function statusFields(pid: number): string[] {
  const text = readProcess(pid, 'stat');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readProcess(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended in the meantime.
    return '';
  }
}
