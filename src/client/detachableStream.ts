import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TlsRecords } from './tlsRecords.ts';

/**
 * Carries the bytes of a TLS connection over a TCP socket, and can let go of the socket again.
 *
 * TLS on top of a plain socket takes the socket for good. Here TLS gets this stream instead: once both sides have said
 * close_notify, `detach` hands back the socket together with whatever came behind the peer's close_notify, in clear
 * (CCC: RFC 4217 §12.3; REIN: MS-FTPS §3.1.5.3). On the way it counts TLS records, so that an end without
 * close_notify can be told from an orderly one, which Node does not report.
 */
export class DetachableStream extends Duplex {
  readonly records = new TlsRecords();
  readonly #socket: Socket;
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onEnd = (): void => void this.push(null);
  readonly #onError = (error: Error): void => void this.destroy(error);
  readonly #onClose = (): void => void this.destroy();
  /** Bytes not yet given to TLS; only while letting go, when records are fed one at a time. */
  #held: Buffer[] = [];
  #lettingGo = false;
  #feeding = false;
  #detached = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('error', this.#onError)
      .on('close', this.#onClose);
  }

  /**
   * Ends TLS at this end. From now on its end does not end the TCP connection, and nothing behind close_notify is given
   * to TLS. @returns what settles when both have said close_notify: then, and not a turn later, call `detach`.
   */
  letGo(tls: Duplex): Promise<void> {
    this.#lettingGo = true;
    const over = new Promise<void>((resolve, reject) => {
      const open = new Set(['end', 'finish']);
      const done = (what: string): void => {
        open.delete(what);
        if (open.size === 0) resolve();
      };
      tls.once('end', () => done('end'));
      this.once('finish', () => done('finish'));
      tls.once('close', () => reject(new Error('the connection was closed instead of TLS')));
    });
    tls.resume();
    tls.end();
    return over;
  }

  /** Gives the socket back, paused and without listeners of ours, and the clear bytes that came after TLS. Idempotent. */
  detach(): Buffer {
    if (!this.#detached) {
      this.#detached = true;
      this.#socket.off('data', this.#onData).off('end', this.#onEnd);
      this.#socket.off('error', this.#onError).off('close', this.#onClose);
      this.#socket.pause();
    }
    const behind = Buffer.concat(this.#held);
    this.#held = [];
    return behind;
  }

  override _read(): void {
    if (!this.#detached) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, (error) => done(error));
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.cork();
    chunks.forEach(({ chunk }, index) =>
      this.#socket.write(chunk, index === chunks.length - 1 ? (error) => done(error) : undefined),
    );
    this.#socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#lettingGo || this.#detached) done();
    else this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#detached) {
      this.#socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
      this.#socket.destroy();
    }
    done(error);
  }

  #receive(chunk: Buffer): void {
    if (this.#lettingGo) {
      this.#held.push(chunk);
      this.#feed();
      return;
    }
    this.records.observe(chunk);
    if (!this.push(chunk)) this.#socket.pause();
  }

  /** Gives TLS one record, then waits a turn: if that was close_notify, `detach` is called before the next one. */
  #feed(): void {
    if (this.#feeding || this.#detached) return;
    const waiting = Buffer.concat(this.#held);
    const length = this.records.bytesToBoundary(waiting);
    if (length === undefined) {
      this.#held = waiting.length > 0 ? [waiting] : [];
      return;
    }
    const record = waiting.subarray(0, length);
    this.#held = [waiting.subarray(length)];
    this.records.observe(record);
    this.push(record);
    this.#feeding = true;
    setImmediate(() => {
      this.#feeding = false;
      this.#feed();
    });
  }
}
