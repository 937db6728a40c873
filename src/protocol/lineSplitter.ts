export const lineFeed = 10;
export const carriageReturn = 13;

/**
 * Cuts a stream of bytes into lines, however it is chunked. A line ends at LF; CRs before it are taken off.
 * Holds at most `limit` bytes, and looks at every byte once.
 */
export class LineSplitter {
  readonly #limit: number;
  #held: Uint8Array = new Uint8Array(256);
  #length = 0;
  #swallowing = false;

  /** @param limit bytes in a line, without its LF */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of a line whose end has not come yet. */
  get heldBytes(): number {
    return this.#length;
  }

  /**
   * Calls `onLine` for each line that ends in this chunk. `undefined` stands for a line over the limit, told
   * once, as soon as that is known; the line is swallowed up to its end. The bytes are valid during the call.
   */
  split(chunk: Uint8Array, onLine: (line: Uint8Array | undefined) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      if (this.#swallowing) this.#swallowing = false;
      else if (this.#length + piece.length > this.#limit) {
        this.#length = 0;
        onLine(undefined);
      } else if (this.#length === 0) onLine(withoutCarriageReturns(piece));
      else {
        this.#hold(piece);
        onLine(this.takeRest());
      }
    }
    const piece = chunk.subarray(start);
    if (this.#swallowing) return;
    if (this.#length + piece.length <= this.#limit) this.#hold(piece);
    else {
      this.#length = 0;
      this.#swallowing = true;
      onLine(undefined);
    }
  }

  /** Takes out the line whose end has not come. The bytes are valid until the next call. */
  takeRest(): Uint8Array {
    const rest = withoutCarriageReturns(this.#held.subarray(0, this.#length));
    this.#length = 0;
    return rest;
  }

  /** Forgets the unfinished line. */
  clear(): void {
    this.#length = 0;
    this.#swallowing = false;
  }

  #hold(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#held.length));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(piece, this.#length);
    this.#length = length;
  }
}

function withoutCarriageReturns(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && line[end - 1] === carriageReturn) end -= 1;
  return line.subarray(0, end);
}
