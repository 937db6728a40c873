import type { Clock } from '../client/clock.ts';
import type { RemoteEntry, RemoteListing } from './remoteEntry.ts';
import { baseName, insideOf, parentPath } from './remotePath.ts';
import { SharedRequests } from './requests.ts';

export interface ListingCacheOptions {
  readonly clock: Clock;
  /** Milliseconds for which an answer of the server is believed. */
  readonly lifetime?: number;
  /** Most folders and single answers. */
  readonly items?: number;
  /** Most memory, estimated. */
  readonly bytes?: number;
}

/** A listing by name, each of which it has once, and whether names that begin with a dot would be in it. */
export interface FolderListing extends RemoteListing {
  readonly byName: ReadonlyMap<string, RemoteEntry>;
  readonly showsHidden: boolean;
}

interface Item {
  readonly listing?: FolderListing;
  /** What a question about this one path was answered with; null: it does not exist. */
  readonly answer?: RemoteEntry | null;
  readonly readAt: number;
  /** The number of the question that it answers. */
  readonly question: number;
  readonly bytes: number;
}

const bytesPerEntry = 240;

/**
 * What the server said lately about its folders. Every change that this product makes takes back what it touches. All
 * paths are normalised.
 */
export class ListingCache {
  readonly #options: Required<ListingCacheOptions>;
  readonly #requests = new SharedRequests<FolderListing>();
  /** Folders by path, single answers by path; in the order of their age. */
  readonly #folders = new Map<string, Item>();
  readonly #answers = new Map<string, Item>();
  #bytes = 0;
  /** Counts what was taken back, so that an answer that was under way meanwhile is not kept. */
  #changes: { readonly number: number; readonly touches: (known: string) => boolean }[] = [];
  #changeNumber = 0;
  #questions = 0;

  constructor(options: ListingCacheOptions) {
    this.#options = { lifetime: 30_000, items: 2000, bytes: 32 * 1024 * 1024, ...options };
  }

  /** @param maxAge milliseconds, of no more than the time for which anything is believed */
  listing(folder: string, maxAge = this.#options.lifetime): FolderListing | undefined {
    const item = this.#fresh(this.#folders, folder);
    return item && this.#options.clock.now() - item.readAt <= maxAge ? item.listing : undefined;
  }

  /** The listing that is known, else the one that `ask` brings; callers at the same time share one request. */
  async load(
    folder: string,
    ask: (signal: AbortSignal) => Promise<FolderListing>,
    signal?: AbortSignal,
    maxAge?: number,
  ): Promise<FolderListing> {
    const known = this.listing(folder, maxAge);
    if (known) return known;
    return this.#requests.run(folder, (shared) => this.reload(folder, () => ask(shared)), signal);
  }

  /** Asks whatever is known, and keeps the answer unless the folder changed meanwhile. */
  async reload(folder: string, ask: () => Promise<FolderListing>): Promise<FolderListing> {
    const before = this.#changeNumber;
    const question = ++this.#questions;
    const listing = await ask();
    const readAt = this.#options.clock.now();
    const characters = listing.entries.reduce((sum, entry) => sum + entry.path.length + entry.name.length, 0);
    const bytes = bytesPerEntry * (1 + listing.entries.length) + 2 * characters;
    if (!this.#changedSince(before, folder))
      this.#keep(this.#folders, folder, { listing, readAt, question, bytes });
    return listing;
  }

  /**
   * What is known about one path: an entry, null when it does not exist, undefined when the server must be asked.
   * A name can be missing only from a listing that is complete, and a hidden one only where hidden ones are shown.
   */
  lookUp(path: string): RemoteEntry | null | undefined {
    if (path === '/') return undefined;
    const answered = this.#fresh(this.#answers, path);
    const folder = parentPath(path);
    const item = this.#fresh(this.#folders, folder);
    if (answered?.answer !== undefined && answered.readAt >= (item?.readAt ?? 0)) return answered.answer;
    if (!item?.listing) return this.lookUp(folder) === null ? null : undefined;
    const name = baseName(path);
    const entry = item.listing.byName.get(name);
    if (entry) return entry;
    const wouldShow = item.listing.complete && (item.listing.showsHidden || !name.startsWith('.'));
    return wouldShow ? null : undefined;
  }

  /** What a question about this one path was answered with within the last milliseconds; undefined: it was not asked. */
  answered(path: string, milliseconds: number): RemoteEntry | null | undefined {
    const item = this.#fresh(this.#answers, path);
    const isRecent = item !== undefined && this.#options.clock.now() - item.readAt <= milliseconds;
    return isRecent ? item.answer : undefined;
  }

  /** Keeps the answer to a question about one path, unless it changed meanwhile. */
  async remember(
    path: string,
    ask: () => Promise<RemoteEntry | undefined>,
  ): Promise<RemoteEntry | undefined> {
    const before = this.#changeNumber;
    const question = ++this.#questions;
    const entry = await ask();
    const readAt = this.#options.clock.now();
    const bytes = bytesPerEntry + 4 * path.length;
    if (!this.#changedSince(before, path)) {
      this.#keep(this.#answers, path, { answer: entry ?? null, readAt, question, bytes });
    }
    return entry;
  }

  /** Takes back all that a change at `path` may have made untrue: it, what is below it, and its folder's listing. */
  invalidate(path: string): void {
    const folder = parentPath(path);
    const isInside = insideOf(path);
    const touches = (known: string): boolean => known === folder || isInside(known);
    for (const items of [this.#folders, this.#answers]) {
      for (const known of items.keys()) if (touches(known)) this.#drop(items, known);
    }
    this.#requests.forget(touches);
    this.#changes.push({ number: ++this.#changeNumber, touches });
    if (this.#changes.length > 1000) this.#changes = this.#changes.slice(-500);
  }

  #changedSince(before: number, known: string): boolean {
    const oldest = this.#changes[0]?.number ?? this.#changeNumber + 1;
    if (before + 1 < oldest && before < this.#changeNumber) return true;
    return this.#changes.some(({ number, touches }) => number > before && touches(known));
  }

  #fresh(items: Map<string, Item>, path: string): Item | undefined {
    const item = items.get(path);
    if (item && this.#options.clock.now() - item.readAt < this.#options.lifetime) return item;
    if (item) this.#drop(items, path);
    return undefined;
  }

  #keep(items: Map<string, Item>, path: string, item: Item): void {
    // What was asked later knows more, even if it was answered sooner.
    if ((items.get(path)?.question ?? 0) > item.question) return;
    this.#drop(items, path);
    if (item.bytes > this.#options.bytes) return;
    items.set(path, item);
    this.#bytes += item.bytes;
    while (this.#bytes > this.#options.bytes) {
      const fuller = this.#folders.size > 0 ? this.#folders : this.#answers;
      this.#dropOldest(fuller);
    }
    if (items.size > this.#options.items) this.#dropOldest(items);
  }

  #dropOldest(items: Map<string, Item>): void {
    const oldest = items.keys().next();
    if (!oldest.done) this.#drop(items, oldest.value);
  }

  #drop(items: Map<string, Item>, path: string): void {
    this.#bytes -= items.get(path)?.bytes ?? 0;
    items.delete(path);
  }
}
