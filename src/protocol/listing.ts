import { type DecodeText, decodeText, decodeUtf8 } from './decodeText.ts';
import { parseDosLine } from './dosListing.ts';
import type { Entry } from './entry.ts';
import { parseEplfLine } from './eplfListing.ts';
import { ProtocolError } from './errors.ts';
import { carriageReturn, lineFeed, LineSplitter } from './lineSplitter.ts';
import type { ListedLine, ListingDialect } from './listingDialect.ts';
import { isSelfOrParent, mlsdEntry, splitMlsdLine } from './mlsd.ts';
import { readOs400Listing } from './os400Listing.ts';
import { breaksLine } from './printable.ts';
import { UnixLines } from './unixLines.ts';
import { readVmsListing } from './vmsListing.ts';
import { readZosListing } from './zosListing.ts';

export interface Listing {
  readonly entries: readonly Entry[];
  /** Lines that were not understood or whose name is not safe. Where there are any, the listing is not complete. */
  readonly dropped: readonly string[];
}

/** Reads the lines of MLSD. The directory itself and its parent are left out. RFC 3659 §7 */
export function parseMlsd(lines: readonly string[]): Listing {
  const entries: Entry[] = [];
  const dropped: string[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const parts = splitMlsdLine(line);
    if (parts === undefined) dropped.push(line);
    else if (isSelfOrParent(parts)) continue;
    else if (isSafeName(parts.name)) entries.push(mlsdEntry(parts));
    else dropped.push(line);
  }
  return { entries, dropped };
}

/** `ls -l`, as most servers print it. */
const readUnixListing: ListingDialect = (lines, now) => {
  const unix = new UnixLines(now);
  const listed = lines.filter((line) => !isUnixTotal(line));
  return listed.map((text) => ({ text, entry: unix.read(text) }));
};

/** Whether the line is the first of `ls -l`, which tells how many blocks there are. */
export function isUnixTotal(line: string): boolean {
  return /^total\s+\d/i.test(line);
}

/** In order of their frequency: of those that understand the same number of lines, the first one counts. */
const dialects: readonly ListingDialect[] = [
  readUnixListing,
  (lines) => lines.map((text) => ({ text, entry: parseDosLine(text) })),
  readZosListing,
  readOs400Listing,
  readVmsListing,
  (lines) => lines.map((text) => ({ text, entry: parseEplfLine(text) })),
];

/**
 * Reads the lines of LIST as one dialect, the one that understands most of them; `now` (ms since the epoch) tells
 * the years that Unix leaves out. C-45
 */
export function parseList(lines: readonly string[], now: number): Listing {
  const entries: Entry[] = [];
  const dropped: string[] = [];
  const filled = lines.filter((line) => line.trim() !== '');
  for (const { text, entry } of readByBestDialect(filled, now)) sortOut(text, entry, entries, dropped);
  return { entries, dropped };
}

/** Adds what a line tells to the entries, or the line to those that are dropped. */
export function sortOut(text: string, entry: Entry | undefined, entries: Entry[], dropped: string[]): void {
  if (entry === undefined) dropped.push(text);
  else if (entry.name === '.' || entry.name === '..') return;
  else if (isSafeName(entry.name)) entries.push(entry);
  else dropped.push(text);
}

function readByBestDialect(lines: readonly string[], now: number): readonly ListedLine[] {
  let best: readonly ListedLine[] = [];
  let fewestMissed = Number.POSITIVE_INFINITY;
  for (const read of dialects) {
    const listed = read(lines, now);
    const missed = listed.filter(({ entry }) => entry === undefined).length;
    if (missed < fewestMissed) [best, fewestMissed] = [listed, missed];
    if (missed === 0) break;
  }
  return best;
}

/** Whether the name stands for one entry of its directory, and can be sent in a command. C-46 */
export function isSafeName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !breaksLine(name);
}

interface ListingLimits {
  /** Bytes in one line; 64 KiB unless told. */
  readonly lineBytes: number;
  /** Lines; a million unless told. */
  readonly lines: number;
  /** Bytes of all lines together; 256 MiB unless told. */
  readonly bytes: number;
}

/** Cuts the bytes of a listing into lines, however they are chunked. After an error it stays broken. */
export class ListingReader {
  readonly #decode: DecodeText;
  readonly #limits: ListingLimits;
  readonly #splitter: LineSplitter;
  #lines: string[] = [];
  #count = 0;
  #bytes = 0;
  #failure: ProtocolError | undefined;

  constructor(decode: DecodeText = decodeText, limits: Partial<ListingLimits> = {}) {
    this.#decode = decode;
    this.#limits = { lineBytes: 64 * 1024, lines: 1_000_000, bytes: 256 * 1024 * 1024, ...limits };
    this.#splitter = new LineSplitter(this.#limits.lineBytes);
  }

  /** @throws ProtocolError past a limit */
  push(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    const first = chunk.indexOf(lineFeed) + 1;
    const last = chunk.lastIndexOf(lineFeed) + 1;
    this.#split(chunk.subarray(0, first));
    this.#takeBlock(chunk.subarray(first, last));
    this.#split(chunk.subarray(last));
  }

  /** How many lines have come, those taken out among them. */
  get count(): number {
    return this.#count;
  }

  /** Takes out the lines that are complete. */
  take(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  /** All lines that are still here, with a last one that has no line end. @throws ProtocolError past a limit */
  finish(): string[] {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#splitter.heldBytes > 0) this.#take(this.#splitter.takeRest());
    return this.#lines;
  }

  #split(bytes: Uint8Array): void {
    this.#splitter.split(bytes, (line) => this.#take(line));
  }

  /** Takes whole lines, all at once where that comes to the same as one by one: of a large folder it halves the time. */
  #takeBlock(block: Uint8Array): void {
    const { lineBytes, lines, bytes } = this.#limits;
    const isPlain = this.#decode === decodeText && block.length <= lineBytes;
    // There are no more lines than bytes.
    const isBounded = this.#count + block.length <= lines && this.#bytes + block.length <= bytes;
    const text = isPlain && isBounded ? decodeUtf8(block) : undefined;
    if (text === undefined) {
      this.#split(block);
      return;
    }
    this.#bytes += block.length;
    for (let start = 0, end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      let stop = end;
      while (stop > start && text.charCodeAt(stop - 1) === carriageReturn) stop -= 1;
      this.#bytes -= end - stop;
      this.#count += 1;
      this.#lines.push(text.slice(start, stop));
      start = end + 1;
    }
  }

  #take(line: Uint8Array | undefined): void {
    if (line === undefined) throw this.#fail('a line of the listing is too long');
    if (this.#count >= this.#limits.lines) throw this.#fail('the listing has too many lines');
    this.#bytes += line.length + 1;
    if (this.#bytes > this.#limits.bytes) throw this.#fail('the listing is too long');
    this.#count += 1;
    this.#lines.push(this.#decode(line));
  }

  #fail(message: string): ProtocolError {
    this.#failure = new ProtocolError(message);
    this.#lines = [];
    this.#splitter.clear();
    return this.#failure;
  }
}
