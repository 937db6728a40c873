import type { Clock } from '../client/clock.ts';
import type { Entry } from '../protocol/entry.ts';
import { RemoteError } from './errors.ts';
import { followLink } from './followLink.ts';
import { type FolderListing, ListingCache } from './listingCache.ts';
import type { RemoteClient } from './remoteClient.ts';
import { type RemoteEntry, type RemoteListing, toListedEntry, toRemoteEntry } from './remoteEntry.ts';
import { baseName, normalisePath, parentPath } from './remotePath.ts';
import type { Sessions } from './sessions.ts';

export interface LookOptions {
  /** Asks the server, whatever is known. */
  readonly fresh?: boolean;
}

/** Milliseconds for which the kind of an entry (link or not, whose) is believed although something changed beside it. */
const kindLifetime = 60_000;

/** All questions about what is on the server, asked as seldom as possible. */
export class FolderReader {
  readonly #sessions: Sessions;
  readonly #cache: ListingCache;
  /** Listings that our own changes do not take back: they tell what is a link, which a save of a file does not change. */
  readonly #kinds: ListingCache;
  #ownOwner: string | undefined;

  constructor(sessions: Sessions, clock: Clock) {
    this.#sessions = sessions;
    this.#cache = new ListingCache({ clock });
    this.#kinds = new ListingCache({ clock, lifetime: kindLifetime, items: 200 });
  }

  async list(path: string, options: LookOptions = {}, signal?: AbortSignal): Promise<RemoteListing> {
    const folder = normalisePath(path);
    const ask = (stop?: AbortSignal): Promise<FolderListing> =>
      this.#sessions.use(
        { path: folder, operation: 'list' },
        (client) => this.#ask(client, folder, stop),
        stop,
      );
    if (options.fresh) return this.#cache.reload(folder, () => ask(signal));
    return this.#cache.load(folder, ask, signal);
  }

  /** @throws RemoteError `notFound` when there is nothing. */
  async stat(path: string, options: LookOptions = {}, signal?: AbortSignal): Promise<RemoteEntry> {
    const normal = normalisePath(path);
    const known = options.fresh ? undefined : await this.#known(normal, signal);
    const entry = known === undefined ? await this.#askFor(normal, signal) : known;
    if (!entry) throw missing(normal);
    return entry;
  }

  /** What the server says now about one path, links not followed; undefined when there is nothing. */
  async facts(client: RemoteClient, path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    if (path === '/') return root;
    const entry = await client.stat(path, signal);
    return withListed(path, entry, await this.#listed(client, path, signal));
  }

  /** What a listing of the folder says: some servers tell links, modes and owners nowhere else. */
  async #listed(client: RemoteClient, path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    const known = this.#kinds.lookUp(path);
    // Links are rare, and writing through one that is no longer there would reach another file: look again.
    if (known !== undefined && known?.type !== 'link') return known ?? undefined;
    const folder = parentPath(path);
    if (known || !this.#kinds.listing(folder)) {
      try {
        await this.#ask(client, folder, signal);
      } catch (error) {
        // A folder that may not be listed can still hold a file that may be written.
        if (!client.isOpen || signal?.aborted) throw error;
      }
    }
    return this.#kinds.lookUp(path) ?? undefined;
  }

  /** Lists the folder now, on a session that the caller has. */
  readFolder(client: RemoteClient, path: string, signal?: AbortSignal): Promise<FolderListing> {
    return this.#cache.reload(path, () => this.#ask(client, path, signal));
  }

  /** Whose the files are that this login creates, as listings tell it; asked once, of a file just created. */
  async ownerOfNew(client: RemoteClient, path: string, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#ownOwner === undefined) {
      const listing = await this.#ask(client, parentPath(path), signal);
      this.#ownOwner = listing.entries.find((entry) => entry.path === path)?.owner;
    }
    return this.#ownOwner;
  }

  /** Something at the path is not as it was. */
  forget(path: string): void {
    this.#cache.invalidate(path);
  }

  /** The path may now be another kind of thing, after a rename, a deletion or a creation. */
  forgetKind(path: string): void {
    this.#cache.invalidate(path);
    this.#kinds.invalidate(path);
  }

  async #ask(client: RemoteClient, folder: string, signal?: AbortSignal): Promise<FolderListing> {
    const listing = await this.#kinds.reload(folder, async () => {
      const { entries, dropped, source } = await client.list(folder, signal);
      return {
        entries: entries.map((entry) => toListedEntry(folder, entry, source)),
        complete: dropped.length === 0,
        dropped,
        showsHidden: source === 'mlsd' || entries.some(({ name }) => name.startsWith('.')),
      };
    });
    return listing;
  }

  async #known(path: string, signal?: AbortSignal): Promise<RemoteEntry | null | undefined> {
    const known = this.#cache.lookUp(path);
    if (path === '/' || (known !== undefined && known?.type !== 'link')) return known;
    if (known?.type === 'link') return known.targetType ? known : undefined;
    try {
      await this.list(parentPath(path), {}, signal);
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      if (error.kind === 'notFound' || error.kind === 'notADirectory') return null;
      if (error.kind !== 'noPermission' && error.kind !== 'failed') throw error;
      return undefined;
    }
    const listed = this.#cache.lookUp(path);
    return listed?.type === 'link' && !listed.targetType ? undefined : listed;
  }

  #askFor(path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    return this.#cache.remember(path, () =>
      this.#sessions.use(
        { path, operation: 'look at' },
        async (client) => {
          if (path === '/') return root;
          const told = await client.stat(path, signal);
          const entry = withListed(path, told, this.#kinds.lookUp(path) ?? undefined);
          return entry?.type === 'link' ? followLink(client, entry, signal) : entry;
        },
        signal,
      ),
    );
  }
}

export function missing(path: string): RemoteError {
  return new RemoteError(
    'notFound',
    path,
    `${path} does not exist on the server, perhaps no longer: refresh its folder.`,
  );
}

const root: RemoteEntry = {
  path: '/',
  name: '',
  type: 'directory',
  size: 0,
  modifiedAt: 0,
  timeSource: 'facts',
};

/** Joins what a question about the path and what the listing of its folder told; of a link, the latter knows more. */
function withListed(
  path: string,
  entry: Entry | undefined,
  listed: RemoteEntry | undefined,
): RemoteEntry | undefined {
  if (listed?.type === 'link') return listed;
  if (!entry) return undefined;
  const facts = toRemoteEntry(path, { ...entry, name: baseName(path) }, 'facts');
  if (!listed || facts.type === 'link') return facts;
  return {
    ...facts,
    ...(facts.mode === undefined && listed.mode !== undefined ? { mode: listed.mode } : {}),
    ...(facts.owner === undefined && listed.owner !== undefined ? { owner: listed.owner } : {}),
  };
}
