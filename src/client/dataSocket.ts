import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** In bytes: the most that one read takes. */
const readBytes = 64 * 1024;

/** Takes bytes that are valid during the call only. @returns whether it wants more at once */
export type ByteReader = (bytes: Buffer) => boolean;

/**
 * The TCP connection of a data connection that this end dials. All reads go to one buffer, so that a fast transfer does
 * not leave a buffer behind for each; `readBy` hands the bytes on from there without a copy. Without it this is a
 * socket like any other.
 */
export class DataSocket extends Socket {
  readonly #place: { bytes: Buffer; reader: ByteReader };

  constructor() {
    const place = { bytes: newBuffer(), reader: (bytes: Buffer): boolean => bytes.length > 0 };
    const options: SocketConstructorOpts & ConnectOpts = {
      allowHalfOpen: true,
      onread: {
        buffer: () => place.bytes,
        callback: (length) => place.reader(place.bytes.subarray(0, length)),
      },
    };
    super(options);
    this.setNoDelay(true);
    this.#place = place;
    place.reader = (bytes) => this.push(Buffer.from(bytes));
  }

  /** From now on what is read goes to `reader`; what came before is still to be read from the stream. */
  readBy(reader: ByteReader): void {
    this.#place.reader = reader;
  }

  /** Leaves to the reader for good what it was given last: the next read goes to another buffer. */
  giveAway(): void {
    this.#place.bytes = newBuffer();
  }
}

function newBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(readBytes);
}
