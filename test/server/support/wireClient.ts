import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { PassThroughWire } from './passThrough.ts';

export interface WireOptions extends ConnectionOptions {
  /** Where the connection comes from. */
  readonly localAddress?: string;
}

/** Speaks to a server exactly as a test says, and knows nothing of FTP but where a reply ends. */
export class WireClient implements AsyncDisposable {
  readonly host: string;
  readonly socket: Socket;
  readonly #tlsOptions: ConnectionOptions;
  readonly #received: Buffer[] = [];
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  #tls: TLSSocket | undefined;
  #wire: PassThroughWire | undefined;
  #sessions: Buffer[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  private constructor(host: string, socket: Socket, tlsOptions: ConnectionOptions) {
    this.host = host;
    this.socket = socket;
    this.#tlsOptions = tlsOptions;
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
    socket.on('data', this.#onData);
    socket.on('end', () => this.#end());
  }

  static async connect(host: string, port: number, tlsOptions: WireOptions): Promise<WireClient> {
    const { localAddress } = tlsOptions;
    const socket = connectTcp({ host, port, noDelay: true, ...(localAddress ? { localAddress } : {}) });
    await once(socket, 'connect');
    return new WireClient(host, socket, tlsOptions);
  }

  get tls(): TLSSocket | undefined {
    return this.#tls;
  }

  /** The newest TLS session of the control connection. */
  get session(): Buffer | undefined {
    return this.#sessions.at(-1);
  }

  /** What the server has sent and no one has read. */
  get pending(): string {
    return Buffer.concat(this.#received).toString();
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(text: string | Buffer): void {
    (this.#tls ?? this.socket).write(text);
  }

  /** Sends a command and answers with the whole text of the next reply. */
  command(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return this.reply();
  }

  /** The next reply with its line ends; what is left, if the server ends inside it. */
  async reply(): Promise<string> {
    for (;;) {
      const text = this.pending;
      const end = /^(\d{3})(?: .*|-[^]*?\r\n\1 .*)\r\n/.exec(text);
      if (end) {
        const rest = text.slice(end[0].length);
        this.#received.splice(0, this.#received.length, Buffer.from(rest));
        return end[0];
      }
      if (this.#ended) return text;
      await this.#more();
    }
  }

  /** Everything up to the server's end. */
  async rest(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.pending;
  }

  async startTls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    this.socket.off('data', this.#onData);
    const wire = new PassThroughWire(this.socket);
    const tls = connectTls({ ...this.#tlsOptions, ...options, socket: wire });
    this.#sessions = [];
    tls.on('session', (session: Buffer) => this.#sessions.push(session));
    tls.on('data', this.#onData);
    tls.on('end', () => this.#end());
    await once(tls, 'secureConnect');
    tls.on('error', () => {});
    this.#tls = tls;
    this.#wire = wire;
    return tls;
  }

  /** Answers the server's close_notify, and goes on in clear on the same connection, in the same packet with `behind`. */
  async stopTls(behind?: string): Promise<void> {
    const [tls, wire] = [this.#tls, this.#wire];
    if (!tls || !wire) throw new Error('There is no TLS to stop.');
    while (!this.#ended) await this.#more();
    if (behind !== undefined) wire.hold();
    tls.end();
    if (!wire.writableFinished) await once(wire, 'finish');
    if (behind !== undefined) wire.release(behind);
    wire.detach();
    this.#ended = false;
    this.#tls = undefined;
    this.socket.on('data', this.#onData);
  }

  /** Sends PASV and opens the data connection, in clear still. */
  async passive(): Promise<Socket> {
    const reply = await this.command('EPSV');
    const port = Number(/\|\|\|(\d+)\|/.exec(reply)?.[1]);
    const socket = connectTcp({ host: this.host, port, allowHalfOpen: true });
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  /** Starts TLS on a data connection; offers the control connection's session unless told otherwise. */
  secureData(socket: Duplex, options: ConnectionOptions = {}): TLSSocket {
    const session = this.session;
    const tls = connectTls({ ...this.#tlsOptions, ...(session ? { session } : {}), ...options, socket });
    tls.on('error', () => {});
    return tls;
  }

  /** Begins a transfer that the server announces by 150, on a data connection that resumes. */
  async begin(line: string): Promise<{ readonly socket: Socket; readonly data: TLSSocket }> {
    const socket = await this.passive();
    const announced = await this.command(line);
    if (!announced.startsWith('150 ')) throw new Error(`${line} is answered by ${announced}`);
    return { socket, data: this.secureData(socket) };
  }

  /** Uploads everything; the answer is the reply to the whole. */
  async upload(line: string, content: string | Buffer): Promise<string> {
    const { data } = await this.begin(line);
    data.resume();
    data.end(content);
    return this.reply();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tls?.destroy();
    this.socket.destroy();
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#wake?.();
  }

  #end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** All bytes until the end of the stream. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'end');
  return Buffer.concat(chunks);
}
