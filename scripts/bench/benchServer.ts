import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Network } from './network.ts';
import { onProcessors } from './processors.ts';
import type { BenchServerOptions, ServerPlace } from './serverHost.ts';

/** A server in the server's namespace; its clients run in the other one, or beside it where nothing shall be delayed. */
export class BenchServer implements AsyncDisposable {
  readonly place: ServerPlace;
  readonly #host: ChildProcessByStdio<Writable, Readable, null>;

  private constructor(place: ServerPlace, host: ChildProcessByStdio<Writable, Readable, null>) {
    this.place = place;
    this.#host = host;
  }

  static async start(network: Network, options: Omit<BenchServerOptions, 'host'>): Promise<BenchServer> {
    const settings: BenchServerOptions = { ...options, host: network.serverHost };
    const program = join(import.meta.dirname, 'serverHost.ts');
    const command = onProcessors('server', [process.execPath, program, JSON.stringify(settings)]);
    const words = network.inside('server', command);
    const host = spawn('/usr/bin/env', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: host.stdout })) {
      const place: ServerPlace = JSON.parse(line);
      await network.favour();
      return new BenchServer(place, host);
    }
    throw new Error(`${options.name} does not start.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#host.exitCode !== null) return;
    const ended = once(this.#host, 'exit');
    this.#host.stdin.end();
    await ended;
  }
}
