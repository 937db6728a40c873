import type { Socket } from 'node:net';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { handshake, ServerTls } from './serverTls.ts';
import type { TlsIdentity } from './tlsIdentity.ts';
import { TlsWire } from './tlsWire.ts';

/** Which way the bytes go, as the server sees it. */
export type Direction = 'send' | 'receive';

/** How an upload ended: with all its bytes, or we cannot know. */
export type UploadEnd = 'complete' | 'truncated';

/** One data connection, clear or under TLS. */
export class DataConnection {
  readonly #socket: Socket;
  readonly #tls: ServerTls | undefined;

  private constructor(socket: Socket, tls: ServerTls | undefined) {
    this.#socket = socket;
    this.#tls = tls;
  }

  static clear(socket: Socket): DataConnection {
    return new DataConnection(socket, undefined);
  }

  /** S-16: this side is the TLS server, whoever opened the connection. @throws Error when the handshake fails. */
  static async secure(
    socket: Socket,
    identity: TlsIdentity,
    direction: Direction,
    limit: (expire: () => void) => () => void,
  ): Promise<DataConnection> {
    const wire = new TlsWire(socket, { endsSocket: true, quiet: direction === 'receive' });
    const tls = new ServerTls(wire, identity);
    const cancel = limit(() => tls.destroy());
    try {
      await handshake(tls);
    } finally {
      cancel();
    }
    return new DataConnection(socket, tls);
  }

  /** The TLS session of an earlier connection was resumed; true without TLS. */
  get resumed(): boolean {
    return this.#tls?.isSessionReused() ?? true;
  }

  /**
   * Sends all, ends with close_notify, and waits for the peer's end.
   * @throws Error when the peer is gone before it was sent.
   */
  async send(
    source: Readable,
    conversions: readonly Transform[],
    limit: (expire: () => void) => () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stream = this.#stream;
    // What a client says on a download is not for us, but its end is.
    stream.resume();
    await pipeline([source, ...conversions, stream], { signal });
    await this.#closed(limit);
  }

  /** Receives all into the sink. S-25: an end without close_notify is none. @throws Error when it broke off. */
  async receive(
    sink: NodeJS.WritableStream,
    conversions: readonly Transform[],
    limit: (expire: () => void) => () => void,
    signal: AbortSignal,
  ): Promise<UploadEnd> {
    await pipeline([this.#stream, ...conversions, sink], { signal });
    if (this.#tls && !this.#tls.closedByPeer) return 'truncated';
    // All is here: the reply need not wait until the peer has closed as well.
    void this.close(limit);
    return 'complete';
  }

  /** Takes leave in order, and waits for the peer's end. */
  async close(limit: (expire: () => void) => () => void): Promise<void> {
    this.#stream.resume();
    this.#stream.end();
    await this.#closed(limit);
  }

  destroy(): void {
    this.#tls?.destroy();
    this.#socket.destroy();
  }

  get #stream(): Socket {
    return this.#tls ?? this.#socket;
  }

  async #closed(limit: (expire: () => void) => () => void): Promise<void> {
    const socket = this.#socket;
    const cancel = limit(() => socket.destroy());
    await Promise.all([
      happened(socket, 'finish', socket.writableFinished),
      happened(socket, 'end', socket.readableEnded),
    ]);
    cancel();
    this.destroy();
  }
}

/** The event came, or never will. */
function happened(socket: Socket, event: 'finish' | 'end', before: boolean): Promise<void> {
  if (before || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once(event, () => resolve());
    socket.once('close', () => resolve());
  });
}
