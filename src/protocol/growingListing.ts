import type { Entry } from './entry.ts';
import { type Listing, parseList, parseMlsd, readUnixListing, sortOut } from './listing.ts';

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
  readonly #lines: string[] = [];
  readonly #entries: Entry[] = [];
  readonly #dropped: string[] = [];
  #isUnix = true;

  /** @param now milliseconds since the epoch */
  constructor(now: number) {
    this.#now = now;
  }

  push(lines: readonly string[]): void {
    const filled = lines.filter((line) => line.trim() !== '');
    for (const line of filled) this.#lines.push(line);
    if (!this.#isUnix) return;
    const listed = readUnixListing(filled, this.#now);
    this.#isUnix = listed.every(({ entry }) => entry !== undefined);
    if (this.#isUnix) sortOut(listed, this.#entries, this.#dropped);
  }

  finish(): Listing {
    if (!this.#isUnix) return parseList(this.#lines, this.#now);
    return { entries: this.#entries, dropped: this.#dropped };
  }
}
