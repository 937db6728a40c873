import { addAbortListener } from 'node:events';
import type { Socket } from 'node:net';
import type { Limit } from './clock.ts';
import { CommandLines, type Received } from './commandLines.ts';
import { plainAddress } from './peerAddress.ts';
import { handshake, ServerTls } from './serverTls.ts';
import type { TlsIdentity } from './tlsIdentity.ts';
import { TlsWire } from './tlsWire.ts';

/** Pipelined commands that are kept before the peer has to wait. */
const MOST_COMMANDS = 100;
/** The type of a record with a ClientHello. RFC 8446 §5.1 */
const TLS_HANDSHAKE = 22;

/** The control connection: commands in, replies out, with TLS put on and taken off. */
export class ControlChannel {
  readonly #socket: Socket;
  /** Of this side and of the client; known beyond the end of the connection. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** Resolves when there will be no more commands. */
  readonly gone: Promise<void>;
  readonly #lines: CommandLines;
  readonly #queue: Received[] = [];
  #tls: ServerTls | undefined;
  /** What commands are read from. */
  #source: Socket | undefined;
  #ended = false;
  #leave: () => void = () => {};
  #wake: () => void = () => {};
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onEnd = (): void => this.#end();

  constructor(socket: Socket, lineBytes: number) {
    this.#socket = socket;
    this.localAddress = plainAddress(socket.localAddress);
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.gone = new Promise((resolve) => {
      this.#leave = resolve;
    });
    this.#lines = new CommandLines(lineBytes);
    socket.setNoDelay(true);
    // What went wrong below shows as the end of the commands.
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
  }

  get secured(): boolean {
    return this.#tls !== undefined;
  }

  get tls(): ServerTls | undefined {
    return this.#tls;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Reads commands from the TCP connection in clear. */
  readClear(): void {
    this.#readFrom(this.#socket);
  }

  /**
   * The next command that is wanted, in order; the others stay where they are. Undefined when there will be none, or when
   * none has come before the signal.
   */
  async next(isWanted: (received: Received) => boolean, signal: AbortSignal): Promise<Received | undefined> {
    using _ = addAbortListener(signal, () => this.#wake());
    while (!signal.aborted && !this.#ended && !this.#queue.some(isWanted)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const at = this.#queue.findIndex(isWanted);
    const next = at < 0 ? undefined : this.#queue.splice(at, 1)[0];
    if (this.#queue.length < MOST_COMMANDS) this.#stream.resume();
    return next;
  }

  /**
   * Resolves when the reply is on its way, whole or by pieces; the answer to a peer that is gone is dropped. A peer that
   * does not take it in time is cut off.
   */
  async send(text: string, limit: Limit, bytesAtATime = Number.POSITIVE_INFINITY): Promise<void> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += bytesAtATime) {
      await this.#write(bytes.subarray(at, at + bytesAtATime), limit);
    }
  }

  #write(bytes: Buffer, limit: Limit): Promise<void> {
    const stream = this.#stream;
    if (stream.destroyed || !stream.writable) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = limit(() => this.destroy());
      const done = (): void => {
        cancel();
        stream.off('close', done);
        resolve();
      };
      stream.once('close', done);
      stream.write(bytes, done);
    });
  }

  /** Drops what was received and not read yet. */
  discard(): void {
    this.#queue.length = 0;
    this.#lines.discard();
  }

  /**
   * Puts TLS on the connection, with this side as TLS server. S-8: what came in clear before is dropped.
   * False when the peer begins none: the connection is then in clear still, and nothing more is read from it.
   * @throws Error when the handshake fails (S-10); the connection is then gone.
   */
  async secure(identity: TlsIdentity, limit: Limit): Promise<boolean> {
    this.#readFrom(undefined);
    if (!(await beginsTls(this.#socket, limit))) return false;
    const tls = new ServerTls(new TlsWire(this.#socket, { endsSocket: false }), identity);
    const cancel = limit(() => tls.destroy());
    try {
      await handshake(tls);
    } catch (error) {
      this.#fail();
      throw error;
    } finally {
      cancel();
    }
    this.discard();
    this.#tls = tls;
    this.#readFrom(tls);
    return true;
  }

  /**
   * Takes TLS off the connection: close_notify, the peer's, and what follows is clear.
   * @throws Error when the peer leaves instead.
   */
  async unsecure(limit: Limit): Promise<void> {
    const tls = this.#tls;
    if (!tls) return;
    this.#readFrom(undefined);
    this.discard();
    try {
      await leave(tls, limit);
    } catch (error) {
      this.#fail();
      throw error;
    }
    tls.destroy();
    this.#tls = undefined;
    if (this.#socket.destroyed) this.#end();
  }

  /** Says goodbye in order: close_notify under TLS, then FIN; a peer that does not answer is cut off. */
  async close(limit: Limit): Promise<void> {
    const cancel = limit(() => this.destroy());
    const stream = this.#stream;
    await new Promise<void>((resolve) => {
      if (stream.destroyed) resolve();
      stream.once('close', resolve);
      stream.once('error', () => resolve());
      stream.end(() => resolve());
    });
    this.#socket.end();
    this.#socket.resume();
    await new Promise<void>((resolve) => {
      if (this.#socket.destroyed || this.#socket.readableEnded) resolve();
      this.#socket.once('end', resolve);
      this.#socket.once('close', resolve);
    });
    cancel();
    this.destroy();
  }

  destroy(): void {
    this.#tls?.destroy();
    this.#socket.destroy();
  }

  get #stream(): Socket {
    return this.#tls ?? this.#socket;
  }

  /** Commands come from this stream from now on, and from no other: S-8. */
  #readFrom(source: Socket | undefined): void {
    if (source === this.#source) return;
    this.#source?.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd);
    this.#source = source;
    source?.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd).resume();
  }

  #receive(chunk: Buffer): void {
    this.#queue.push(...this.#lines.push(chunk));
    if (this.#queue.length === 0) return;
    if (this.#queue.length >= MOST_COMMANDS) this.#stream.pause();
    this.#wake();
  }

  #fail(): void {
    this.destroy();
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#leave();
    this.#wake();
  }
}

/** The peer's first byte is that of a TLS handshake; it stays unread. False also when none comes in time, or at all. */
function beginsTls(socket: Socket, limit: Limit): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (begins: boolean): void => {
      cancel();
      socket.off('data', look);
      socket.off('end', refuse);
      socket.off('close', refuse);
      socket.pause();
      resolve(begins);
    };
    const look = (chunk: Buffer): void => {
      socket.pause();
      socket.unshift(chunk);
      settle(chunk[0] === TLS_HANDSHAKE);
    };
    const refuse = (): void => settle(false);
    const cancel = limit(refuse);
    socket.once('data', look);
    socket.once('end', refuse);
    socket.once('close', refuse);
    if (socket.destroyed || socket.readableEnded) refuse();
    else socket.resume();
  });
}

/** Both closing alerts exchanged, and ours handed to the socket. @throws Error when the peer leaves, or lets time pass. */
async function leave(tls: ServerTls, limit: Limit): Promise<void> {
  if (tls.destroyed) throw new Error('The peer left before TLS was closed.');
  let cancel = (): void => {};
  const left = new Promise<void>((resolve, reject) => {
    let finished = false;
    let ended = tls.readableEnded;
    const settle = (): void => {
      if (!finished || !ended) return;
      // At once: Node destroys what has ended on both sides, and everything below it.
      if (tls.closedByPeer) tls.wire.detach();
      if (tls.closedByPeer) resolve();
      else reject(new Error('The peer left without closing TLS.'));
    };
    tls.once('end', () => {
      ended = true;
      settle();
    });
    tls.wire.once('finish', () => {
      finished = true;
      settle();
    });
    tls.once('close', () => reject(new Error('The peer left while TLS was being closed.')));
    cancel = limit(() => reject(new Error('The peer did not close TLS in time.')));
    tls.resume();
    tls.end();
  });
  try {
    await left;
  } finally {
    cancel();
  }
}
