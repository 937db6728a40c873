import type { Duplex } from 'node:stream';
import { RecordStream } from './recordStream.ts';

/** In bytes: a greeting fits, and no peer can fill the memory. */
const mostBehind = 64 * 1024;

/**
 * Carries the bytes of a TLS connection over a TCP socket, and can let go of the socket again.
 *
 * TLS on top of a plain socket takes the socket for good. Here TLS gets this stream instead: once both sides have said
 * close_notify, `detach` hands back the socket together with whatever came behind the peer's close_notify, in clear
 * (CCC: RFC 4217 §12.3; REIN: MS-FTPS §3.1.5.3).
 */
export class DetachableStream extends RecordStream {
  /** What came behind the peer's close_notify, and is not TLS. */
  #behind: Buffer[] = [];
  #behindBytes = 0;
  #lettingGo = false;
  /** The peer has said close_notify: TLS needs nothing more, and takes itself down with all that is under it. */
  #peerDone = false;
  #detached = false;

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
      this.forget();
      this.socket.pause();
    }
    const behind = Buffer.concat(this.#behind);
    this.#behind = [];
    this.#behindBytes = 0;
    return behind;
  }

  override _read(): void {
    if (!this.#detached) super._read();
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#lettingGo || this.#detached) done();
    else super._final(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#detached || (this.#peerDone && this.writableFinished)) done(error);
    else super._destroy(error, done);
  }

  protected override receive(chunk: Buffer): boolean {
    const taken = this.#behind.length > 0 ? 0 : this.records.observe(chunk, this.#lettingGo);
    if (taken < chunk.length) this.#keep(chunk.subarray(taken));
    if (taken === 0 || this.destroyed) return true;
    return this.push(taken === chunk.length ? chunk : chunk.subarray(0, taken));
  }

  #keep(chunk: Buffer): void {
    this.#behindBytes += chunk.length;
    this.#behind.push(chunk);
    if (this.#behindBytes > mostBehind) this.destroy(new Error('too much follows the end of TLS'));
  }
}
