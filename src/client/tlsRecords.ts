const headerBytes = 5;
const changeCipherSpec = 20;
const alert = 21;
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
  #strange = false;

  /** Whether what came is no TLS at all, but for example a reply in clear. */
  get looksClear(): boolean {
    return this.#strange;
  }

  observe(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= step;
        at += step;
        continue;
      }
      const step = Math.min(headerBytes - this.#headerFill, chunk.length - at);
      this.#header.set(chunk.subarray(at, at + step), this.#headerFill);
      this.#headerFill += step;
      at += step;
      if (this.#headerFill === headerBytes) this.#startBody();
    }
  }

  /** Whether the last record that came whole can have been close_notify; an end anywhere else is a cut. C-38 */
  get endedOrderly(): boolean {
    const atBoundary = this.#bodyLeft === 0 && this.#headerFill === 0;
    const looksLikeAlert =
      this.#type === alert || (this.#type === applicationData && this.#length === sealedAlertBytes);
    return atBoundary && looksLikeAlert;
  }

  /** How many of `bytes` finish the record that is under way, or the next one; undefined when they do not reach. */
  bytesToBoundary(bytes: Uint8Array): number | undefined {
    if (bytes.length === 0) return undefined;
    const missingHeader = headerBytes - this.#headerFill;
    if (this.#bodyLeft > 0) return bytes.length >= this.#bodyLeft ? this.#bodyLeft : undefined;
    if (bytes.length < missingHeader) return undefined;
    const header = new Uint8Array(headerBytes);
    header.set(this.#header.subarray(0, this.#headerFill));
    header.set(bytes.subarray(0, missingHeader), this.#headerFill);
    const whole = missingHeader + bodyLength(header);
    return bytes.length >= whole ? whole : undefined;
  }

  #startBody(): void {
    this.#headerFill = 0;
    this.#type = this.#header[0] ?? 0;
    this.#length = bodyLength(this.#header);
    this.#bodyLeft = this.#length;
    if (this.#type < changeCipherSpec || this.#type > heartbeat) this.#strange = true;
  }
}

function bodyLength(header: Uint8Array): number {
  return ((header[3] ?? 0) << 8) | (header[4] ?? 0);
}
