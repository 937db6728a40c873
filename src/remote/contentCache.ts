import type { Clock } from '../client/clock.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { insideOf } from './remotePath.ts';

export interface ContentCacheOptions {
  readonly clock: Clock;
  /** Most bytes of all contents. */
  readonly bytes?: number;
  /** Most bytes of one content. */
  readonly fileBytes?: number;
}

interface Content {
  readonly version: string;
  readonly bytes: Uint8Array;
}

interface Sight {
  readonly version: string;
  readonly at: number;
}

/** Milliseconds by which the clock of a server may be ahead of this one or behind, zones confused and all. */
const mostSkew = 26 * 3_600_000;
const mostSights = 2000;

/**
 * Contents of files by what the server told of them, in memory. A change that keeps the size and falls into the same
 * tick of the server's clock as the change before it does not show in the time; so a content is kept only when it was
 * read later than that tick: then whatever changes the file from there on shows.
 */
export class ContentCache {
  readonly #clock: Clock;
  readonly #mostBytes: number;
  readonly #mostFileBytes: number;
  /** The one used last comes last. */
  readonly #contents = new Map<string, Content>();
  /** When each version was first seen. */
  readonly #sights = new Map<string, Sight>();
  #bytes = 0;
  /** Milliseconds by which the server's clock is ahead of this one, at least; undefined until it was seen to write. */
  #ahead: number | undefined;

  constructor({ clock, bytes = 32 * 1024 * 1024, fileBytes = 4 * 1024 * 1024 }: ContentCacheOptions) {
    this.#clock = clock;
    this.#mostBytes = bytes;
    this.#mostFileBytes = fileBytes;
  }

  /** A copy of the content, if the file is as it was when that was read. */
  match(entry: RemoteEntry): Uint8Array | undefined {
    const known = this.#contents.get(entry.path);
    if (known === undefined) return undefined;
    this.#remove(entry.path);
    if (known.version !== versionOf(entry)) return undefined;
    this.#add(entry.path, known);
    return known.bytes.slice();
  }

  /** Notes that the server tells this version now. */
  see(entry: RemoteEntry): void {
    const version = versionOf(entry);
    const known = this.#sights.get(entry.path);
    if (version === undefined || known?.version === version) return;
    this.#sights.delete(entry.path);
    this.#sights.set(entry.path, { version, at: this.#clock.now() });
    const oldest = this.#sights.keys().next();
    if (this.#sights.size > mostSights && !oldest.done) this.#sights.delete(oldest.value);
  }

  /** Notes the time that the server gave a file which it wrote at this moment. */
  seeWritten({ modifiedAt, timeSource }: RemoteEntry): void {
    if (modifiedAt > 0 && timeSource === 'facts') this.#ahead = modifiedAt - this.#clock.now();
  }

  /**
   * Keeps a copy, where later changes will show.
   * @param readAt when the reading began, in milliseconds since the epoch
   */
  keep(entry: RemoteEntry, content: Uint8Array, readAt: number): void {
    const version = versionOf(entry);
    if (version === undefined || content.length > this.#mostFileBytes || !this.#hasSettled(entry, readAt))
      return;
    this.#remove(entry.path);
    this.#add(entry.path, { version, bytes: content.slice() });
    for (const path of this.#contents.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#remove(path);
    }
  }

  /** Forgets a file, or all below a folder. */
  drop(path: string): void {
    const isInside = insideOf(path);
    for (const known of this.#contents.keys()) if (isInside(known)) this.#remove(known);
    for (const known of this.#sights.keys()) if (isInside(known)) this.#sights.delete(known);
  }

  /** Whether the server's clock had gone on from the file's time when the reading began. */
  #hasSettled(entry: RemoteEntry, readAt: number): boolean {
    const tick = tickOf(entry.modifiedAt);
    const sight = this.#sights.get(entry.path);
    if (sight !== undefined && sight.version === versionOf(entry) && readAt - sight.at >= tick) return true;
    if (this.#ahead !== undefined) return readAt + this.#ahead - entry.modifiedAt >= tick;
    return readAt - entry.modifiedAt >= mostSkew;
  }

  #add(path: string, content: Content): void {
    this.#contents.set(path, content);
    this.#bytes += content.bytes.length;
  }

  #remove(path: string): void {
    this.#bytes -= this.#contents.get(path)?.bytes.length ?? 0;
    this.#contents.delete(path);
  }
}

/** Milliseconds: file systems count in up to two seconds, and a server whose times have none counts in minutes. */
function tickOf(modifiedAt: number): number {
  return modifiedAt % 60_000 === 0 ? 61_000 : 3000;
}

/** What must be the same for the content to be; undefined where the server does not tell enough. A link tells of itself. */
function versionOf({
  type,
  size,
  modifiedAt,
  timeSource,
  mode,
  owner,
  unique,
}: RemoteEntry): string | undefined {
  if (type !== 'file' || modifiedAt === 0 || timeSource !== 'facts') return undefined;
  return [size, modifiedAt, mode, owner, unique].join(';');
}
