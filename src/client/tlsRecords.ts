import { printable } from '../protocol/printable.ts';

const headerBytes = 5;
/** Enough for one reply. */
const strayBytes = 200;
const changeCipherSpec = 20;
const alert = 21;
const handshake = 22;
const applicationData = 23;
const heartbeat = 24;
/** A TLS 1.3 alert travels as application data: 2 bytes of alert, 1 of type, 16 of tag. RFC 8446 §5.2, §6 */
const sealedAlertBytes = 19;

/** Follows the record layer of a TLS byte stream without decrypting it. RFC 8446 §5.1 */
export class TlsRecords {
  readonly #header = new Uint8Array(headerBytes);
  #headerFill = 0;
  #bodyLeft = 0;
  #type = 0;
  #length = 0;
  #stray: number[] | undefined;

  /** Whether what came is no TLS at all, but for example a reply in clear. */
  get looksClear(): boolean {
    return this.#stray !== undefined;
  }

  /** The beginning of what is no TLS, as text for people; empty where all is. C-55 */
  get strayText(): string {
    return printable(String.fromCharCode(...(this.#stray ?? []))).trim();
  }

  /**
   * @param mayBeginAnew whether a handshake behind what can have been close_notify is that of another TLS connection
   * @returns how many of the bytes are TLS: all, unless something else follows what can have been close_notify
   */
  observe(chunk: Uint8Array, mayBeginAnew = false): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - at);
        this.#keepStray(chunk.subarray(at, at + step));
        this.#bodyLeft -= step;
        at += step;
        continue;
      }
      const isAnother = !isContentType(chunk[at]) || (mayBeginAnew && chunk[at] === handshake);
      if (this.endedOrderly && isAnother) return at;
      const step = Math.min(headerBytes - this.#headerFill, chunk.length - at);
      this.#header.set(chunk.subarray(at, at + step), this.#headerFill);
      this.#headerFill += step;
      at += step;
      if (this.#headerFill === headerBytes) this.#startBody();
    }
    return at;
  }

  /** Whether the last record that came whole can have been close_notify; an end anywhere else is a cut. C-38 */
  get endedOrderly(): boolean {
    const atBoundary = this.#bodyLeft === 0 && this.#headerFill === 0;
    const looksLikeAlert =
      this.#type === alert || (this.#type === applicationData && this.#length === sealedAlertBytes);
    return atBoundary && looksLikeAlert;
  }

  #startBody(): void {
    this.#headerFill = 0;
    const header = new DataView(this.#header.buffer);
    this.#type = header.getUint8(0);
    this.#length = header.getUint16(3);
    this.#bodyLeft = this.#length;
    if (isContentType(this.#type) || this.#stray !== undefined) return;
    this.#stray = [];
    this.#keepStray(this.#header);
  }

  #keepStray(bytes: Uint8Array): void {
    if (this.#stray === undefined) return;
    const room = strayBytes - this.#stray.length;
    if (room > 0) this.#stray.push(...bytes.subarray(0, room));
  }
}

/** A reply in clear begins with a digit, which is none. */
function isContentType(byte: number | undefined): boolean {
  return byte !== undefined && byte >= changeCipherSpec && byte <= heartbeat;
}
