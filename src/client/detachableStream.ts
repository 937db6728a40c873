import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TlsRecords } from './tlsRecords.ts';

/** In bytes: a greeting fits, and no peer can fill the memory. */
const mostBehind = 64 * 1024;

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
  readonly #onEnd = (): void => void (this.destroyed || this.push(null));
  readonly #onError = (error: Error): void => void this.destroy(error);
  readonly #onClose = (): void => void this.destroy();
  /** What came behind the peer's close_notify, and is not TLS. */
  #behind: Buffer[] = [];
  #behindBytes = 0;
  #lettingGo = false;
  /** The peer has said close_notify: TLS needs nothing more, and takes itself down with all that is under it. */
  #peerDone = false;
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
   * Ends TLS at this end. From now on its end does not end the TCP connection.
   * @returns what settles when both have said close_notify: then call `detach`
   */
  letGo(tls: Duplex): Promise<void> {
    this.#lettingGo = true;
    const over = new Promise<void>((resolve, reject) => {
      const ended = (): void => {
        this.#peerDone = true;
        if (this.writableFinished) resolve();
      };
      if (tls.readableEnded) ended();
      else tls.once('end', ended);
      this.once('finish', () => {
        if (this.#peerDone) resolve();
      });
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
    const behind = Buffer.concat(this.#behind);
    this.#behind = [];
    this.#behindBytes = 0;
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
    const wanted = this.#detached || (this.#peerDone && this.writableFinished);
    if (!wanted) {
      this.#socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
      this.#socket.destroy();
    }
    done(error);
  }

  #receive(chunk: Buffer): void {
    const taken = this.#behind.length > 0 ? 0 : this.records.observe(chunk, this.#lettingGo);
    if (taken < chunk.length) this.#keep(chunk.subarray(taken));
    if (taken === 0 || this.destroyed) return;
    if (!this.push(taken === chunk.length ? chunk : chunk.subarray(0, taken))) this.#socket.pause();
  }

  #keep(chunk: Buffer): void {
    this.#behindBytes += chunk.length;
    this.#behind.push(chunk);
    if (this.#behindBytes > mostBehind) this.destroy(new Error('too much follows the end of TLS'));
  }
}
