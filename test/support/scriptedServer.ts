import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContextOptions, TLSSocket, type TLSSocketOptions } from 'node:tls';
import type { SocketAddress } from '../../src/protocol/address.ts';
import { DetachableStream } from '../../src/client/detachableStream.ts';

/** How the server's end of TLS is, beyond what it shows. */
interface TlsTraits extends Pick<TLSSocketOptions, 'requestCert' | 'rejectUnauthorized'> {
  readonly detachable?: boolean;
}

/** One control or data connection of a scripted server: what to say and hear, in the test's own order. */
export class ScriptedConnection {
  /** Every line heard so far, without CRLF. */
  readonly heard: string[] = [];
  readonly socket: Socket;
  /** Settles when the client has closed its writing side, or the connection is gone. */
  readonly ended: Promise<void>;
  #stream: Duplex;
  #detachable: DetachableStream | undefined;
  #text = '';
  #wake: () => void = () => {};
  #over = false;
  #end: () => void = () => {};
  readonly #onData = (chunk: Buffer): void => {
    this.#text += chunk.toString('latin1');
    this.#wake();
  };
  readonly #onEnd = (): void => {
    this.#over = true;
    this.#wake();
    this.#end();
  };

  constructor(socket: Socket) {
    this.socket = socket;
    this.#stream = socket;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
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
    return (await this.hearLine()).toString('utf8');
  }

  /** The same, undecoded. */
  async hearLine(): Promise<Buffer> {
    for (;;) {
      const end = this.#text.indexOf('\r\n');
      if (end >= 0) {
        const line = Buffer.from(this.#text.slice(0, end), 'latin1');
        this.#text = this.#text.slice(end + 2);
        this.heard.push(line.toString('utf8'));
        return line;
      }
      await this.#more();
    }
  }

  /** Settles when there is anything to hear, a line or not. @throws when the connection ends first */
  async hearAnything(): Promise<void> {
    while (this.#text === '') await this.#more();
  }

  /** Hears one line and answers it. @throws when it is another one */
  async answer(expected: string | RegExp, ...reply: string[]): Promise<string> {
    const line = await this.hear();
    const fits = typeof expected === 'string' ? line === expected : expected.test(line);
    if (!fits) throw new Error(`expected ${String(expected)}, heard ${line}`);
    if (reply.length > 0) this.say(...reply);
    return line;
  }

  /** All that the client sends until it ends, undecoded: the bytes of an upload. */
  async hearAll(): Promise<Buffer> {
    await this.ended;
    const bytes = Buffer.from(this.#text, 'latin1');
    this.#text = '';
    return bytes;
  }

  /** Becomes the server side of TLS. `detachable` TLS can be taken off by `stopTls`. */
  async startTls(
    identity: SecureContextOptions,
    { detachable = false, ...options }: TlsTraits = {},
  ): Promise<TLSSocket> {
    this.#stream.off('data', this.#onData);
    // What was heard without being a line yet is the ClientHello.
    this.socket.pause();
    if (this.#text !== '') this.socket.unshift(Buffer.from(this.#text, 'latin1'));
    this.#text = '';
    this.#detachable = detachable ? new DetachableStream(this.socket) : undefined;
    const secureContext = createSecureContext(identity);
    const tls = new TLSSocket(this.#detachable ?? this.socket, { ...options, isServer: true, secureContext });
    tls.on('error', () => {});
    this.#stream = tls;
    this.#listen();
    await Promise.race([
      once(tls, 'secure'),
      once(tls, 'close').then(() => {
        throw new Error('the connection was closed during the handshake');
      }),
    ]);
    // Node loses a close_notify that is said within the very turn in which the handshake ends.
    await new Promise(setImmediate);
    return tls;
  }

  /** Exchanges close_notify, and goes on in clear. */
  async stopTls(): Promise<void> {
    this.#forget();
    await this.#detachable?.letGo(this.#stream);
    this.dropTls();
  }

  /** Goes on in clear without a word of TLS. */
  dropTls(): void {
    const stream = this.#detachable;
    if (!stream) throw new Error('this TLS cannot be taken off');
    this.#forget();
    this.#detachable = undefined;
    this.#stream = this.socket;
    const behind = stream.detach();
    if (behind.length > 0) this.socket.unshift(behind);
    this.#listen();
    this.socket.resume();
  }

  /** Says close_notify where there is TLS, and FIN. */
  end(): void {
    this.#stream.end();
  }

  /** FIN without close_notify. */
  cut(): void {
    this.socket.end();
  }

  #listen(): void {
    this.#stream.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd);
  }

  #forget(): void {
    this.#stream.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd);
  }

  async #more(): Promise<void> {
    if (this.#over) throw new Error('the client closed the connection');
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

type Script = (connection: ScriptedConnection, index: number) => Promise<void> | void;

/** A server that does exactly what a test says, connection by connection; what goes wrong in a script fails the test. */
export class ScriptedServer implements AsyncDisposable {
  readonly connections: ScriptedConnection[] = [];
  readonly #server: Server;
  readonly #failures: unknown[] = [];
  readonly #scripts: Promise<void>[] = [];
  #begun: () => void = () => {};
  readonly #firstConnection = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });
  #closing = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(script: Script, host = '127.0.0.1'): Promise<ScriptedServer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const scripted = new ScriptedServer(server);
    server.on('connection', (socket) => scripted.#serve(socket, script));
    server.listen(0, host);
    await once(server, 'listening');
    return scripted;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Every line heard so far, on all connections. */
  get heard(): string[] {
    return this.connections.flatMap((connection) => connection.heard);
  }

  /** Settles when every script that was begun has ended, and there was one. @throws what a script threw */
  async done(): Promise<void> {
    await this.#firstConnection;
    await Promise.all(this.#scripts);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** @throws what a script threw */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    for (const { socket } of this.connections) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
    await Promise.all(this.#scripts);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #serve(socket: Socket, script: Script): void {
    socket.on('error', () => {});
    const connection = new ScriptedConnection(socket);
    this.connections.push(connection);
    const run = async (): Promise<void> => {
      try {
        await script(connection, this.connections.length - 1);
      } catch (error) {
        if (!this.#closing) this.#failures.push(error);
        socket.destroy();
      }
    };
    this.#scripts.push(run());
    this.#begun();
  }
}

export interface DataListener {
  readonly port: number;
  readonly connection: Promise<ScriptedConnection>;
}

/** A listener for one passive data connection: its port, and the connection once it is there. */
export async function dataListener(host = '127.0.0.1'): Promise<DataListener> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, host);
  await once(server, 'listening');
  const connection = new Promise<ScriptedConnection>((resolve) => {
    server.once('connection', (socket) => {
      server.close();
      socket.on('error', () => {});
      resolve(new ScriptedConnection(socket));
    });
  });
  server.unref();
  return { port: portOf(server), connection };
}

/** Connects as a server does in active mode. @param from the address that the connection comes from */
export async function dialActive(address: SocketAddress, from = address.host): Promise<ScriptedConnection> {
  const socket = connect({ ...address, localAddress: from, allowHalfOpen: true, noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return new ScriptedConnection(socket);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}
