import type { Entry } from './entry.ts';

/** A line of a listing, and the entry that a dialect reads from it: undefined where it does not understand the line. */
export interface ListedLine {
  readonly text: string;
  readonly entry: Entry | undefined;
}

/**
 * Reads all lines of a listing as one dialect. Lines that the dialect knows to be no entry (headings, totals) are
 * left out, as are further lines of the same entry. `now` is in milliseconds since the epoch.
 */
export type ListingDialect = (lines: readonly string[], now: number) => readonly ListedLine[];
