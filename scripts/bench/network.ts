import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One TCP packet, as it left its sender. */
export interface Packet {
  /** Milliseconds of the monotonic clock, the same in every process. */
  readonly at: number;
  readonly from: 'client' | 'server';
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly flags: number;
  readonly payload: number;
  readonly sequence: number;
  /** The first bytes of the payload, in hexadecimal: a TLS record's type, or the beginning of a command. */
  readonly head: string;
}

export interface Trace {
  readonly packets: readonly Packet[];
  /** Milliseconds by which a packet was handed on too late, at most. */
  readonly latest: number;
}

type Row = readonly [number, '>' | '<', number, number, number, number, number, string];

/** What lies between clients and servers. */
export interface Network extends AsyncDisposable {
  readonly serverHost: string;
  /** Whether it can delay packets, and show them. */
  readonly delays: boolean;
  /** @param milliseconds that a packet takes in each direction: half a round trip */
  setDelay(milliseconds: number): Promise<void>;
  startTrace(): Promise<void>;
  endTrace(): Promise<Trace>;
  /** The words that run a command on one side, ahead of whatever else the machine does. */
  inside(side: 'client' | 'server', command: readonly string[]): readonly string[];
  /** Lets what runs in the network now, in whatever sessions, go before all else that the machine does. */
  favour(): Promise<void>;
}

/** The machine's own, where namespaces cannot be had. */
export class LoopbackNetwork implements Network {
  readonly serverHost = '127.0.0.1';
  readonly delays = false;

  async setDelay(milliseconds: number): Promise<void> {
    if (milliseconds > 0) throw new Error('Without network namespaces nothing can be delayed.');
  }

  async startTrace(): Promise<void> {}

  async endTrace(): Promise<Trace> {
    return { packets: [], latest: 0 };
  }

  inside(_side: 'client' | 'server', command: readonly string[]): readonly string[] {
    return command;
  }

  async favour(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * Two network namespaces, of a client and of a server, with a delay between them. They are gone when this process is,
 * however it ends, and with them all that runs inside.
 */
export class DelayedNetwork implements Network {
  readonly serverHost = '10.203.0.2';
  readonly delays = true;
  readonly #spaces: { readonly client: string; readonly server: string };
  readonly #relay: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(name: string) {
    this.#spaces = { client: `${name}c`, server: `${name}s` };
    const program = join(import.meta.dirname, 'network.py');
    this.#relay = spawn('/usr/bin/python3', [program, this.#spaces.client, this.#spaces.server]);
    this.#relay.stderr.pipe(process.stderr);
    this.#answers = createInterface({ input: this.#relay.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error where namespaces or TUN devices cannot be made: that takes root, `ip` and /dev/net/tun */
  static async create(): Promise<DelayedNetwork> {
    const network = new DelayedNetwork(`ftps${process.pid}`);
    await network.#answer();
    return network;
  }

  async setDelay(milliseconds: number): Promise<void> {
    await this.#command(`delay ${milliseconds}`);
  }

  async favour(): Promise<void> {
    await this.#command('favour');
  }

  async startTrace(): Promise<void> {
    await this.#command('trace');
  }

  async endTrace(): Promise<Trace> {
    const { packets, latest } = await this.#command<{ packets: readonly Row[]; latest: number }>('dump');
    return { packets: packets.map(packetOf), latest };
  }

  inside(side: 'client' | 'server', command: readonly string[]): readonly string[] {
    // The kernel may share the processor out by sessions first, so they get one of their own.
    const favour = 'echo -15 > /proc/self/autogroup; exec nice -n -15 "$@"';
    const words = ['setsid', '--wait', 'sh', '-c', favour, 'sh'];
    return [...words, 'ip', 'netns', 'exec', this.#spaces[side], ...command];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#relay.exitCode !== null) return;
    const ended = once(this.#relay, 'exit');
    this.#relay.stdin.end();
    await ended;
  }

  #command<T>(line: string): Promise<T> {
    const answer = this.#last.then(() => {
      this.#relay.stdin.write(`${line}\n`);
      return this.#answer<T>();
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #answer<T>(): Promise<T> {
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('The network between the namespaces is gone.');
    const answer: T = JSON.parse(value);
    return answer;
  }
}

function packetOf([at, mark, sourcePort, targetPort, flags, payload, sequence, head]: Row): Packet {
  const from = mark === '>' ? 'client' : 'server';
  return { at: at / 1e6, from, sourcePort, targetPort, flags, payload, sequence, head };
}
