import type { Clock } from '../client/clock.ts';
import { type PathStatus, readPathStatus } from '../client/pathStatus.ts';
import type { Entry } from '../protocol/entry.ts';
import { isRefusal } from './errors.ts';
import { type FolderListing, ListingCache } from './listingCache.ts';
import type { RemoteClient } from './remoteClient.ts';
import { type Ownership, type RemoteEntry, toListedEntry } from './remoteEntry.ts';
import { baseName, parentPath } from './remotePath.ts';

/** Milliseconds for which the kind of an entry is believed although something changed beside it. */
const lifetime = 60_000;

/**
 * What entries truly are: links and what they point to, owners, permissions. Only LIST tells these on every server:
 * MLSD and MLST of some describe what a link leads to, of others the link as if it were a file, or leave out its target.
 * Saving a file does not change any of it, so that a thousand files are saved with one look at their folder.
 */
export class EntryKinds {
  readonly #clock: Clock;
  readonly #known: ListingCache;
  /** False once STAT of a path was not understood. */
  #statusOfPaths = true;
  /** MLST has called a link a link, and so calls only files files. MLSD may do so on a server whose MLST does not. */
  #mlstTellsLinks = false;
  /** By folder, for it may give its own group to what is created in it. */
  readonly #created = new Map<string, { readonly ownership: Ownership; readonly readAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#known = new ListingCache({ clock, lifetime, items: 200 });
  }

  /** What is known without asking; null: nothing is there; undefined: unknown. */
  known(path: string): RemoteEntry | null | undefined {
    return this.#known.lookUp(path);
  }

  /**
   * What the server tells of one path and what kind of thing that is, in one round trip: STAT tells it for nothing, as
   * it is now. Only where it does not, what is known counts, or the folder is listed.
   */
  async ask(client: RemoteClient, path: string, signal?: AbortSignal): Promise<Told> {
    const [entry, line] = await Promise.all([
      client.stat(path, signal),
      this.#askStatus(client, path, signal),
    ]);
    if (entry?.type === 'link' && client.features.has('MLST')) this.#mlstTellsLinks = true;
    if (line) return { entry, kind: await this.#known.remember(path, async () => line) };
    const known = this.#known.lookUp(path);
    // Links are rare, and writing through one that is no longer there would reach another file: look again.
    if (known && known.type !== 'link') return { entry, kind: known };
    if (entry?.type === 'file' && this.#mlstTellsLinks) return { entry, kind: undefined };
    return { entry, kind: await this.of(client, path, signal) };
  }

  /** What the entry is by the listing of its folder; undefined where that does not tell. */
  async of(client: RemoteClient, path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    const known = this.#known.lookUp(path);
    if (known !== undefined && known?.type !== 'link') return known ?? undefined;
    const folder = parentPath(path);
    if (known || !this.#known.listing(folder)) await this.inFolder(client, folder, signal);
    return this.#known.lookUp(path) ?? undefined;
  }

  /** Looks now; undefined where the folder may not be listed, which does not keep a file in it from being written. */
  async inFolder(
    client: RemoteClient,
    folder: string,
    signal?: AbortSignal,
  ): Promise<FolderListing | undefined> {
    const byList = await this.#look(client, folder, () => client.listLong(folder, signal));
    // A server without LIST may still tell links by MLSD.
    return byList ?? this.#look(client, folder, () => client.list(folder, signal));
  }

  /** The line of LIST for one path. */
  async #askStatus(
    client: RemoteClient,
    path: string,
    signal?: AbortSignal,
  ): Promise<RemoteEntry | undefined> {
    if (!this.#statusOfPaths || path === '/') return undefined;
    const told = readPathStatus(await client.command(`STAT ${path}`, signal), path, this.#clock.now());
    this.#statusOfPaths = told.isUnderstood;
    return told.entry && toListedEntry(parentPath(path), told.entry, 'list');
  }

  async #look(
    client: RemoteClient,
    folder: string,
    list: () => ReturnType<RemoteClient['list']>,
  ): Promise<FolderListing | undefined> {
    try {
      return await this.#known.reload(folder, async () => toFolderListing(folder, await list()));
    } catch (error) {
      if (isRefusal(error) && client.isOpen) return undefined;
      throw error;
    }
  }

  /** A listing that was asked for anyway; one by LIST tells all that there is to know. */
  learn(folder: string, listing: FolderListing, source: 'mlsd' | 'list'): void {
    if (source === 'list') void this.#known.reload(folder, async () => listing);
  }

  /** Whose the files are that this login creates in a folder, as its listing has told; undefined while it has not. */
  ownershipIn(folder: string): Ownership | undefined {
    const told = this.#created.get(folder);
    return told && this.#clock.now() - told.readAt < lifetime ? told.ownership : undefined;
  }

  /** Whether STAT may tell it. */
  get mayTellByStatus(): boolean {
    return this.#statusOfPaths;
  }

  /** Whose a file is that was just created, where STAT tells it. */
  learnStatus({ isUnderstood, entry }: PathStatus): Ownership | undefined {
    this.#statusOfPaths = isUnderstood;
    return entry;
  }

  /** Where STAT does not tell it: by the listing of the folder in which a file was just created. */
  async listOwnership(client: RemoteClient, path: string, signal?: AbortSignal): Promise<Ownership> {
    const folder = parentPath(path);
    const listing = await this.inFolder(client, folder, signal);
    const ownership = listing?.byName.get(baseName(path)) ?? {};
    this.#created.set(folder, { ownership, readAt: this.#clock.now() });
    return ownership;
  }

  /** After a rename, a deletion or a creation, another kind of thing may be there. */
  forget(path: string): void {
    this.#known.invalidate(path);
  }
}

interface Told {
  /** By MLST, or by SIZE, MDTM and CWD; undefined when there is nothing. */
  readonly entry: Entry | undefined;
  /** By STAT or LIST; undefined where they do not tell. */
  readonly kind: RemoteEntry | undefined;
}

/** Names in two encodings may read alike: only one of them can be meant by that, and the other cannot be reached. */
export function toFolderListing(
  folder: string,
  { entries: told, dropped: unread, source, timeOffset, cutShort }: Awaited<ReturnType<RemoteClient['list']>>,
): FolderListing {
  const byName = new Map<string, RemoteEntry>();
  const dropped = [...unread];
  for (const entry of told) {
    if (byName.has(entry.name)) dropped.push(entry.name);
    byName.set(entry.name, toListedEntry(folder, entry, source, timeOffset));
  }
  const entries = [...byName.values()];
  return {
    entries,
    byName,
    complete: dropped.length === 0 && cutShort === undefined,
    dropped,
    ...(cutShort === undefined ? {} : { cutShort }),
    showsHidden: source === 'mlsd' || entries.some(({ name }) => name.startsWith('.')),
  };
}
