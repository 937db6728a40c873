import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on this computer whose answers can be held back; data connections go past it. */
export class HeldServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  #held: Held | undefined;

  private constructor(server: Server, port: number, sockets: Set<Socket>) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
  }

  static async inFrontOf(target: number): Promise<HeldServer> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1');
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
      client.pipe(upstream);
      upstream.on('data', (answer: Buffer) => held.#pass(answer, client));
      // Also where it was never reached.
      upstream.on('close', () => client.end());
      client.on('close', () => upstream.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const held = new HeldServer(server, typeof address === 'object' && address ? address.port : 0, sockets);
    return held;
  }

  /** Holds back all that the server says from when it is due, which is asked at each answer. @returns when it does */
  holdWhen(isDue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#held = { isDue, answers: [], begun: resolve };
    });
  }

  /** Passes on what was held back, and holds no more. */
  release(): void {
    const answers = this.#held?.answers ?? [];
    this.#held = undefined;
    for (const { answer, client } of answers) client.write(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(answer: Buffer, client: Socket): void {
    const held = this.#held;
    if (!held) return void client.write(answer);
    if (held.answers.length === 0 && !held.isDue()) return void client.write(answer);
    held.answers.push({ answer, client });
    held.begun();
  }
}

interface Held {
  readonly isDue: () => boolean;
  readonly answers: { readonly answer: Buffer; readonly client: Socket }[];
  readonly begun: () => void;
}
