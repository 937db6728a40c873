import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Network } from './network.ts';
import { onProcessors } from './processors.ts';
import type { ServerPlace } from './serverHost.ts';
import type { Answer, Measure, Order } from './subjects/deeds.ts';

/** A process that lives from one deed to the next, as an editor does: ours, or one with another client's library. */
export class Subject implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  /**
   * @param side the server's for what shall not be delayed
   * @param role on whose processors it runs
   */
  constructor(
    network: Network,
    side: 'client' | 'server',
    program: string,
    place: ServerPlace,
    role: 'client' | 'server',
  ) {
    const command = [process.execPath, '--expose-gc', program, JSON.stringify(place)];
    const words = network.inside(side, onProcessors(role, command));
    this.#child = spawn('/usr/bin/env', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async do(deed: string, ...words: string[]): Promise<Measure> {
    const order: Order = { deed, words };
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`The process is gone that was to ${deed}.`);
    const answer: Answer = JSON.parse(value);
    if ('error' in answer) throw new Error(`${deed} ${words.join(' ')}: ${answer.error}`);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}
