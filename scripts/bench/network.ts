import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** One TCP packet, as it left its sender. */
export interface Packet {
  /** Milliseconds of the monotonic clock, that of `performance` and `process.hrtime` in every process. */
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

/**
 * Two network namespaces, of a client and of a server, with a delay between them. They are gone when this process is,
 * however it ends, and with them all that runs inside.
 */
export class Network implements AsyncDisposable {
  static readonly serverHost = '10.203.0.2';
  readonly clientSpace: string;
  readonly serverSpace: string;
  readonly #relay: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(name: string) {
    this.clientSpace = `${name}c`;
    this.serverSpace = `${name}s`;
    const program = join(import.meta.dirname, 'network.py');
    this.#relay = spawn('/usr/bin/python3', [program, this.clientSpace, this.serverSpace]);
    this.#relay.stderr.pipe(process.stderr);
    this.#answers = createInterface({ input: this.#relay.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error where namespaces or TUN devices cannot be made: that takes root, `ip` and /dev/net/tun */
  static async create(): Promise<Network> {
    const network = new Network(`ftps${process.pid}`);
    await network.#answer();
    return network;
  }

  /** @param milliseconds that a packet takes in each direction: half a round trip */
  async setDelay(milliseconds: number): Promise<void> {
    await this.#command(`delay ${milliseconds}`);
  }

  /** Lets what runs in the namespaces now, in whatever sessions, go before all else that the machine does. */
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

  /** The words that run a command on one side, ahead of whatever else the machine does. */
  inside(side: 'client' | 'server', command: readonly string[]): readonly string[] {
    const space = side === 'client' ? this.clientSpace : this.serverSpace;
    // The kernel may share the processor out by sessions first, so they get one of their own.
    const favour = 'echo -15 > /proc/self/autogroup; exec nice -n -15 "$@"';
    return ['setsid', '--wait', 'sh', '-c', favour, 'sh', 'ip', 'netns', 'exec', space, ...command];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#relay.once('exit', resolve));
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
