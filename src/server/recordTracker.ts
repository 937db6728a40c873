const HEADER_BYTES = 5;
const ALERT = 21;
const APPLICATION_DATA = 23;
/** A TLS 1.3 alert on the wire: 2 bytes of alert, 1 of content type, 16 of tag. RFC 8446 §5.2 */
const ENCRYPTED_ALERT_BYTES = 19;

/** Follows the record boundaries of one direction of a TLS connection. RFC 8446 §5.1 */
export class RecordTracker {
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerBytes = 0;
  #bodyBytes = 0;
  #closing = false;
  #sawApplicationData = false;

  /** An encrypted record has begun: this side has sent what it had to say in clear. */
  get sawApplicationData(): boolean {
    return this.#sawApplicationData;
  }

  /**
   * Takes the bytes that belong to the TLS connection and answers how many they are: fewer than
   * given when what follows a closing alert cannot be a record of the same connection.
   */
  take(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyBytes > 0) {
        const step = Math.min(this.#bodyBytes, chunk.length - at);
        this.#bodyBytes -= step;
        at += step;
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (this.#headerBytes === 0 && this.#closing && byte !== ALERT && byte !== APPLICATION_DATA) return at;
      this.#header[this.#headerBytes] = byte;
      this.#headerBytes += 1;
      at += 1;
      if (this.#headerBytes === HEADER_BYTES) this.#beginBody();
    }
    return at;
  }

  #beginBody(): void {
    const [type = 0, , , high = 0, low = 0] = this.#header;
    this.#headerBytes = 0;
    this.#bodyBytes = high * 256 + low;
    if (type === APPLICATION_DATA) this.#sawApplicationData = true;
    this.#closing =
      type === ALERT || (type === APPLICATION_DATA && this.#bodyBytes === ENCRYPTED_ALERT_BYTES);
  }
}
