import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A stream over a socket, which TLS can use and leave again without closing the socket. */
export class PassThroughWire extends Duplex {
  readonly #socket: Socket;
  #held: Buffer[] | undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.push(chunk);
  };
  readonly #onEnd = (): void => {
    this.push(null);
  };

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
  }

  detach(): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
  }

  /** Keeps what TLS writes from now on, so that it can leave in one packet with what follows. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what was held and the bytes behind it at once. */
  release(behind: string): void {
    this.#socket.write(Buffer.concat([...(this.#held ?? []), Buffer.from(behind)]));
    this.#held = undefined;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (!this.#held) {
      this.#socket.write(chunk, done);
      return;
    }
    this.#held.push(chunk);
    done();
  }
}
