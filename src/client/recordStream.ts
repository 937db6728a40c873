import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { DataSocket } from './dataSocket.ts';
import { TlsRecords } from './tlsRecords.ts';

/**
 * Carries the bytes of a TLS connection over a TCP socket. On the way it counts TLS records, so that an end without
 * close_notify can be told from an orderly one, which Node does not report. C-38
 */
export class RecordStream extends Duplex {
  readonly records = new TlsRecords();
  protected readonly socket: Socket;
  readonly #onData = (chunk: Buffer): void => {
    if (!this.receive(chunk)) this.socket.pause();
  };
  readonly #onEnd = (): void => void (this.destroyed || this.push(null));
  readonly #onError = (error: Error): void => void this.destroy(error);
  readonly #onClose = (): void => void this.destroy();

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    socket
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('error', this.#onError)
      .on('close', this.#onClose);
    if (!(socket instanceof DataSocket)) return;
    socket.readBy((bytes) => {
      const wantsMore = this.receive(bytes);
      // TLS copies what it takes; what is here still has not been taken.
      if (this.readableLength > 0) socket.giveAway();
      return wantsMore;
    });
  }

  /** @returns whether the socket shall go on reading */
  protected receive(chunk: Buffer): boolean {
    this.records.observe(chunk);
    return this.destroyed || this.push(chunk);
  }

  /** Stops listening to the socket, which stays as it is. */
  protected forget(): void {
    this.socket.off('data', this.#onData).off('end', this.#onEnd);
    this.socket.off('error', this.#onError).off('close', this.#onClose);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, (error) => done(error));
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.socket.cork();
    chunks.forEach(({ chunk }, index) =>
      this.socket.write(chunk, index === chunks.length - 1 ? (error) => done(error) : undefined),
    );
    this.socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    this.socket.destroy();
    done(error);
  }
}
