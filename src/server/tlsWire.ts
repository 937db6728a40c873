import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { RecordTracker } from './recordTracker.ts';

export interface TlsWireOptions {
  /** Closes the writing side of the socket once TLS has said its last; false where the socket lives on. */
  readonly endsSocket: boolean;
  /**
   * Holds back what TLS wants to send once the peer speaks encrypted, until this side closes. A peer that closes an upload
   * without having read the session tickets would have its kernel answer RST, and lose its unsent bytes.
   */
  readonly quiet?: boolean;
}

/**
 * The stream under a TLS connection that can be taken off its socket again. It lets through whole TLS traffic only: bytes
 * behind the peer's close_notify stay with the socket, for whoever reads it next.
 */
export class TlsWire extends Duplex {
  readonly #socket: Socket;
  readonly #options: TlsWireOptions;
  readonly #incoming = new RecordTracker();
  #behind: Buffer[] = [];
  #held: Buffer[] = [];
  #detached = false;
  #ended = false;
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onEnd = (): void => this.#endOfInput();

  constructor(socket: Socket, options: TlsWireOptions) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#options = options;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    // After a reset the bytes received before it still count; TLS tells whether they were all.
    socket.on('close', this.#onEnd);
  }

  /** Gives the socket back, paused, with the bytes that are not TLS unread. May be called more than once. */
  detach(): void {
    if (this.#detached) return;
    this.#detached = true;
    this.#socket.pause();
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    if (this.#behind.length > 0 && !this.#socket.readableEnded)
      this.#socket.unshift(Buffer.concat(this.#behind));
    this.#behind = [];
  }

  override _read(): void {
    if (!this.#detached) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#options.quiet === true && this.#incoming.sawApplicationData) {
      this.#held.push(chunk);
      done();
      return;
    }
    this.#send(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    const held = Buffer.concat(this.#held);
    this.#held = [];
    const finish = (): void => {
      if (this.#options.endsSocket && !this.#detached) this.#socket.end();
      done();
    };
    if (held.length > 0) this.#send(held, finish);
    else finish();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#detached) this.#socket.destroy();
    done(error);
  }

  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    if (this.#detached || this.#socket.destroyed) {
      done(new Error('The connection is closed.'));
      return;
    }
    this.#socket.write(chunk, (error) => done(error));
  }

  #receive(chunk: Buffer): void {
    if (this.#behind.length > 0) {
      this.#keepBehind(chunk);
      return;
    }
    const taken = this.#incoming.take(chunk);
    if (taken > 0 && !this.push(taken === chunk.length ? chunk : chunk.subarray(0, taken)))
      this.#socket.pause();
    if (taken < chunk.length) this.#keepBehind(chunk.subarray(taken));
  }

  #keepBehind(chunk: Buffer): void {
    this.#behind.push(chunk);
    this.#socket.pause();
  }

  #endOfInput(): void {
    if (this.#ended || this.destroyed) return;
    this.#ended = true;
    this.push(null);
  }
}
