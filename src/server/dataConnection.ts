import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Limit } from './clock.ts';
import type { Faults } from './faults/faults.ts';
import { handshake, ServerTls } from './serverTls.ts';
import type { TlsIdentity } from './tlsIdentity.ts';
import { TlsWire } from './tlsWire.ts';

/** Which way the bytes go, as the server sees it. */
export type Direction = 'send' | 'receive';

/** How an upload ended: with all its bytes, or we cannot know. */
export type UploadEnd = 'complete' | 'truncated';

/** What holds for a data connection, whichever transfer it serves. */
export interface DataTerms {
  /** For the handshake, for the next bytes to pass, and for the peer to close. */
  readonly handshake: Limit;
  readonly idle: Limit;
  readonly close: Limit;
  readonly faults: Faults;
}

/** What a client has to take within the limit for the next bytes. */
const PIECE_BYTES = 65_536;

/** No byte passed for too long. */
export class StalledError extends Error {}

/** One data connection, clear or under TLS. */
export class DataConnection {
  readonly #socket: Socket;
  readonly #tls: ServerTls | undefined;
  readonly #terms: DataTerms;

  private constructor(socket: Socket, tls: ServerTls | undefined, terms: DataTerms) {
    this.#socket = socket;
    this.#tls = tls;
    this.#terms = terms;
  }

  static clear(socket: Socket, terms: DataTerms): DataConnection {
    return new DataConnection(socket, undefined, terms);
  }

  /** S-16: this side is the TLS server, whoever opened the connection. @throws Error when the handshake fails. */
  static async secure(
    socket: Socket,
    identity: TlsIdentity,
    direction: Direction,
    terms: DataTerms,
  ): Promise<DataConnection> {
    const wire = new TlsWire(socket, { endsSocket: true, quiet: direction === 'receive' });
    const tls = new ServerTls(wire, identity);
    const cancel = terms.handshake(() => tls.destroy());
    try {
      await handshake(tls);
    } finally {
      cancel();
    }
    return new DataConnection(socket, tls, terms);
  }

  /** The TLS session of an earlier connection was resumed; true without TLS. */
  get resumed(): boolean {
    return this.#tls?.isSessionReused() ?? true;
  }

  /** What the client showed, now or when the session that is resumed began. */
  get certificate(): X509Certificate | undefined {
    return this.#tls?.getPeerX509Certificate();
  }

  /**
   * Sends all, ends with close_notify, and waits for the peer's end.
   * @throws Error when the peer is gone before it was sent, or takes nothing for too long.
   */
  async send(source: Readable, conversions: readonly Transform[], signal: AbortSignal): Promise<void> {
    const stream = this.#stream;
    // What a client says on a download is not for us, but its end is.
    stream.resume();
    const { faults } = this.#terms;
    await this.#watched(signal, (watch, either) => {
      const stages = [source, ...conversions, ...faults.conversions('sent'), inPieces(), watch] as const;
      return faults.withoutCloseNotify
        ? this.#sendWithoutClosing(stages, either)
        : pipeline([...stages, stream], { signal: either });
    });
    await this.#closed();
  }

  /**
   * Receives all into the sink. S-25: an end without close_notify is none.
   * @throws Error when it broke off, or nothing came for too long.
   */
  async receive(
    sink: NodeJS.WritableStream,
    conversions: readonly Transform[],
    signal: AbortSignal,
  ): Promise<UploadEnd> {
    const lossy = this.#terms.faults.conversions('received');
    await this.#watched(signal, (watch, either) =>
      pipeline([this.#stream, watch, ...lossy, ...conversions, sink], { signal: either }),
    );
    if (this.#tls && !this.#tls.closedByPeer) return 'truncated';
    // All is here: the reply need not wait until the peer has closed as well.
    void this.close();
    return 'complete';
  }

  /** Takes leave in order, and waits for the peer's end. */
  async close(): Promise<void> {
    this.#stream.resume();
    this.#stream.end();
    await this.#closed();
  }

  destroy(): void {
    this.#tls?.destroy();
    this.#socket.destroy();
  }

  get #stream(): Socket {
    return this.#tls ?? this.#socket;
  }

  /**
   * Moves bytes through a stage that sees them pass, until the last of them has left. @throws StalledError when none have
   * passed for too long.
   */
  async #watched(
    signal: AbortSignal,
    move: (watch: Transform, either: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const limit = this.#terms.idle;
    const stalled = new AbortController();
    const expire = (): void => stalled.abort(new StalledError('The transfer stands still.'));
    let cancel = limit(expire);
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        cancel();
        cancel = limit(expire);
        done(null, chunk);
      },
    });
    try {
      await move(watch, AbortSignal.any([signal, stalled.signal]));
    } catch (error) {
      stalled.signal.throwIfAborted();
      throw error;
    } finally {
      cancel();
    }
  }

  /** All bytes, and then FIN as if nothing more had to be said. */
  async #sendWithoutClosing(stages: readonly [Readable, ...Transform[]], signal: AbortSignal): Promise<void> {
    const stream = this.#stream;
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        stream.write(chunk, done);
      },
    });
    await pipeline([...stages, sink], { signal });
    this.#socket.end();
  }

  async #closed(): Promise<void> {
    const socket = this.#socket;
    const cancel = this.#terms.close(() => socket.destroy());
    await Promise.all([
      happened(socket, 'finish', socket.writableFinished),
      happened(socket, 'end', socket.readableEnded),
    ]);
    cancel();
    this.destroy();
  }
}

/** So that a long chunk, such as a whole listing, is seen to pass. */
function inPieces(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) this.push(chunk.subarray(at, at + PIECE_BYTES));
      done();
    },
  });
}

/** The event came, or never will. */
function happened(socket: Socket, event: 'finish' | 'end', before: boolean): Promise<void> {
  if (before || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once(event, () => resolve());
    socket.once('close', () => resolve());
  });
}
