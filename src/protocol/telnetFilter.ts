const interpretAsCommand = 255;
const firstCommand = 240;
const firstNegotiation = 251; // WILL, WON'T, DO and DON'T are 251 to 254, and name an option

/**
 * Takes Telnet commands out of a stream of bytes, however it is chunked: IAC IAC is the byte 255, IAC WILL, WON'T,
 * DO and DON'T are three bytes long, all others two. An IAC before what is no command stands alone: the DM that clients
 * send behind it as urgent data is not in the stream. RFC 854
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
      const before = this.#inside;
      if (before === 0 && byte === interpretAsCommand) this.#inside = 1;
      else if (before === 1 && byte >= firstNegotiation && byte !== interpretAsCommand) this.#inside = 2;
      else {
        this.#inside = 0;
        if (before === 0 || (before === 1 && (byte === interpretAsCommand || byte < firstCommand))) {
          stripped[length] = byte;
          length += 1;
        }
      }
    }
    return stripped.subarray(0, length);
  }

  clear(): void {
    this.#inside = 0;
  }
}
