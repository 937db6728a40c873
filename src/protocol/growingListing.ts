import type { Entry } from './entry.ts';
import { isUnixTotal, type Listing, parseList, parseMlsd, sortOut } from './listing.ts';
import { UnixLines } from './unixLines.ts';

/** Reads lines while more are still on their way, so that little is left to do when the last one has come. */
export interface GrowingListing {
  push(lines: readonly string[]): void;
  /** What all lines together say. */
  finish(): Listing;
}

export class GrowingMlsd implements GrowingListing {
  readonly #entries: Entry[] = [];
  readonly #dropped: string[] = [];

  push(lines: readonly string[]): void {
    const { entries, dropped } = parseMlsd(lines);
    for (const entry of entries) this.#entries.push(entry);
    for (const line of dropped) this.#dropped.push(line);
  }

  finish(): Listing {
    return { entries: this.#entries, dropped: this.#dropped };
  }
}

/**
 * One dialect counts for the whole of a listing, which only its end tells. Until a line says otherwise it is taken for
 * the most frequent one. C-45
 */
export class GrowingList implements GrowingListing {
  readonly #now: number;
  readonly #lines: (readonly string[])[] = [];
  readonly #entries: Entry[] = [];
  readonly #dropped: string[] = [];
  readonly #unix: UnixLines;
  #isUnix = true;

  /** @param now milliseconds since the epoch */
  constructor(now: number) {
    this.#now = now;
    this.#unix = new UnixLines(now);
  }

  push(lines: readonly string[]): void {
    this.#lines.push(lines);
    for (const line of lines) {
      if (!this.#isUnix) continue;
      const entry = this.#unix.read(line);
      if (entry !== undefined) sortOut(line, entry, this.#entries, this.#dropped);
      else this.#isUnix = line.trim() === '' || isUnixTotal(line);
    }
  }

  finish(): Listing {
    if (!this.#isUnix) return parseList(this.#lines.flat(), this.#now);
    return { entries: this.#entries, dropped: this.#dropped };
  }
}
