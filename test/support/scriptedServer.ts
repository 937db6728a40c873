import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from '../../src/server/certificate.ts';

/** One control or data connection of a scripted server: what to say and hear, in the test's own order. */
export class ScriptedConnection {
  /** Every line heard so far, without CRLF. */
  readonly heard: string[] = [];
  readonly socket: Socket;
  #stream: Duplex;
  #text = '';
  #wake: () => void = () => {};
  #ended = false;
  readonly #onData = (chunk: Buffer): void => {
    this.#text += chunk.toString('utf8');
    this.#wake();
  };

  constructor(socket: Socket) {
    this.socket = socket;
    this.#stream = socket;
    this.#listen();
  }

  /** Sends the lines as they are, in one write. */
  say(...lines: string[]): void {
    this.#stream.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  sayRaw(bytes: string | Uint8Array): void {
    this.#stream.write(bytes);
  }

  /** The next line the client sends. @throws when the connection ends first */
  async hear(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        this.heard.push(line);
        return line;
      }
      if (this.#ended) throw new Error('the client closed the connection');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Hears one line and answers it. @throws when it is another one */
  async answer(expected: string | RegExp, ...reply: string[]): Promise<string> {
    const line = await this.hear();
    const fits = typeof expected === 'string' ? line === expected : expected.test(line);
    if (!fits) throw new Error(`expected ${String(expected)}, heard ${line}`);
    if (reply.length > 0) this.say(...reply);
    return line;
  }

  /** Becomes the server side of TLS. */
  async startTls(identity: KeyAndCertificate): Promise<TLSSocket> {
    this.#stream.off('data', this.#onData);
    const tls = new TLSSocket(this.socket, { isServer: true, secureContext: createSecureContext(identity) });
    tls.on('error', () => {});
    await once(tls, 'secure');
    this.#stream = tls;
    this.#listen();
    return tls;
  }

  end(): void {
    this.#stream.end();
  }

  #listen(): void {
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    this.#stream.on('data', this.#onData).on('end', end).on('close', end);
  }
}

/** A server that does exactly what a test says, connection by connection; what goes wrong in the script fails `done`. */
export class ScriptedServer implements AsyncDisposable {
  /** Settles when every script that was begun has ended. */
  readonly done: Promise<void>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #running: Promise<void>[] = [];
  #finish: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    this.done = new Promise<void>((resolve) => {
      this.#finish = resolve;
    }).then(async () => {
      await Promise.all(this.#running);
    });
    this.done.catch(() => {});
  }

  static async listen(
    script: (connection: ScriptedConnection) => Promise<void> | void,
  ): Promise<ScriptedServer> {
    const server = createServer({ allowHalfOpen: true });
    const scripted = new ScriptedServer(server);
    server.on('connection', (socket) => {
      scripted.#sockets.add(socket);
      socket.on('error', () => {});
      scripted.#running.push(Promise.resolve(script(new ScriptedConnection(socket))));
      scripted.#finish();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A listener for one passive data connection: its port, and the connection once it is there. */
export async function dataListener(): Promise<{ port: number; connection: Promise<Socket>; close(): void }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = once(server, 'connection').then(([socket]: unknown[]) => {
    server.close();
    (socket as Socket).on('error', () => {});
    return socket as Socket;
  });
  return { port: (server.address() as AddressInfo).port, connection, close: () => server.close() };
}
