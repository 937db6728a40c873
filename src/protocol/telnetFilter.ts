const interpretAsCommand = 255;
const firstNegotiation = 251; // WILL, WON'T, DO and DON'T are 251 to 254, and name an option

/**
 * Takes Telnet commands out of a stream of bytes, however it is chunked: IAC IAC is the byte 255, IAC WILL, WON'T,
 * DO and DON'T are three bytes long, all others two. RFC 854
 */
export class TelnetFilter {
  /** How many bytes of a Telnet command have come. */
  #inside = 0;

  /** Bytes held back because they begin a Telnet command. */
  get heldBytes(): number {
    return this.#inside;
  }

  /** The chunk without Telnet commands; the very chunk where it has none. */
  strip(chunk: Uint8Array): Uint8Array {
    if (this.#inside === 0 && !chunk.includes(interpretAsCommand)) return chunk;
    const stripped = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (this.#inside === 0 && byte === interpretAsCommand) this.#inside = 1;
      else if (this.#inside === 1 && byte >= firstNegotiation && byte !== interpretAsCommand)
        this.#inside = 2;
      else {
        if (this.#inside === 0 || (this.#inside === 1 && byte === interpretAsCommand)) {
          stripped[length] = byte;
          length += 1;
        }
        this.#inside = 0;
      }
    }
    return stripped.subarray(0, length);
  }

  clear(): void {
    this.#inside = 0;
  }
}
