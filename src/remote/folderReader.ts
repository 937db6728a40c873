import type { Clock } from '../client/clock.ts';
import type { Entry } from '../protocol/entry.ts';
import { EntryKinds, toFolderListing } from './entryKinds.ts';
import { RemoteError } from './errors.ts';
import { followLink } from './followLink.ts';
import { type FolderListing, ListingCache } from './listingCache.ts';
import type { RemoteClient } from './remoteClient.ts';
import { type RemoteEntry, type RemoteListing, toRemoteEntry } from './remoteEntry.ts';
import { baseName, insideOf, normalisePath, parentPath } from './remotePath.ts';
import { SharedRequests } from './requests.ts';
import type { Sessions } from './sessions.ts';

export interface LookOptions {
  /** Asks the server, whatever is known. */
  readonly fresh?: boolean;
}

export interface ListOptions extends LookOptions {
  /** Milliseconds: a listing that is older is asked for anew. */
  readonly maxAge?: number;
}

/** All questions about what is on the server, asked as seldom as possible. */
export class FolderReader {
  readonly kinds: EntryKinds;
  readonly #sessions: Sessions;
  readonly #cache: ListingCache;
  readonly #questions = new SharedRequests<RemoteEntry | undefined>();
  readonly #forgetters: ((path: string) => void)[] = [];

  constructor(sessions: Sessions, clock: Clock) {
    this.#sessions = sessions;
    this.#cache = new ListingCache({ clock });
    this.kinds = new EntryKinds(clock);
  }

  async list(path: string, options: ListOptions = {}, signal?: AbortSignal): Promise<RemoteListing> {
    const folder = normalisePath(path);
    const ask = (stop?: AbortSignal): Promise<FolderListing> =>
      this.#sessions.use(
        { path: folder, operation: 'list' },
        (client) => this.#ask(client, folder, stop),
        stop,
      );
    if (options.fresh) return this.#cache.reload(folder, () => ask(signal));
    return this.#cache.load(folder, ask, signal, options.maxAge);
  }

  /** @throws RemoteError `notFound` when there is nothing. */
  async stat(path: string, options: LookOptions = {}, signal?: AbortSignal): Promise<RemoteEntry> {
    const normal = normalisePath(path);
    const known = options.fresh ? undefined : await this.#known(normal, signal);
    const entry = known === undefined ? await this.#askFor(normal, signal) : known;
    if (!entry) throw missing(normal);
    return entry;
  }

  /** What the server said about the path itself within the last milliseconds, links followed. */
  told(path: string, milliseconds: number): RemoteEntry | undefined {
    return this.#cache.answered(path, milliseconds) ?? undefined;
  }

  /** What the server says now about one path, links not followed; undefined when there is nothing. */
  async facts(client: RemoteClient, path: string, signal?: AbortSignal): Promise<KnownEntry | undefined> {
    if (path === '/') return root;
    const { entry, kind } = await this.kinds.ask(client, path, signal);
    return withKind(path, entry, kind);
  }

  /** Lists the folder now, on a session that the caller has. */
  readFolder(client: RemoteClient, path: string, signal?: AbortSignal): Promise<FolderListing> {
    return this.#cache.reload(path, () => this.#ask(client, path, signal));
  }

  /** What is in the folder, with the kinds that LIST tells; undefined for those that it does not tell. */
  async readKinds(client: RemoteClient, path: string, signal?: AbortSignal): Promise<FolderKinds> {
    const listing = await this.readFolder(client, path, signal);
    return { listing, kinds: await this.kinds.inFolder(client, path, signal) };
  }

  /** Something at the path is not as it was. */
  forget(path: string): void {
    this.#cache.invalidate(path);
    this.#questions.forget(insideOf(path));
    for (const forget of this.#forgetters) forget(path);
  }

  /** Whoever else knows something of files learns which of them are not as they were: it, and what is below it. */
  onForget(forget: (path: string) => void): void {
    this.#forgetters.push(forget);
  }

  /** The path may now be another kind of thing, after a rename, a deletion or a creation. */
  forgetKind(path: string): void {
    this.forget(path);
    this.kinds.forget(path);
  }

  async #ask(client: RemoteClient, folder: string, signal?: AbortSignal): Promise<FolderListing> {
    const told = await client.list(folder, signal);
    const listing = toFolderListing(folder, told);
    this.kinds.learn(folder, listing, told.source);
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

  /** Callers at the same time share one question. */
  #askFor(path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    if (path === '/') return Promise.resolve(root);
    return this.#questions.run(path, (shared) => this.#askNow(path, shared), signal);
  }

  #askNow(path: string, signal: AbortSignal): Promise<RemoteEntry | undefined> {
    return this.#cache.remember(path, () =>
      this.#sessions.use(
        { path, operation: 'look at' },
        async (client) => {
          const told = await client.stat(path, signal);
          if (!this.#mayBeLink(path, told)) return withKind(path, told, this.kinds.known(path) ?? undefined);
          const listed = this.#cache.lookUp(path) ?? undefined;
          const entry = withKind(path, told, (await this.kinds.of(client, path, signal)) ?? listed);
          const kindOf = (folder: string) => this.kinds.of(client, folder, signal);
          return entry?.type === 'link' ? followLink(client, entry, kindOf, signal) : entry;
        },
        signal,
      ),
    );
  }

  #mayBeLink(path: string, told: Entry | undefined): boolean {
    if (told?.type === 'link') return true;
    if (this.kinds.known(path)?.type === 'link' || this.#cache.lookUp(path)?.type === 'link') return true;
    // ProFTPD's MLST calls a link a file, with the size and the permissions of the link itself.
    return told?.type === 'file' && told.mode === permissionsOfLinks;
  }
}

/** An entry as all that the server tells of it. */
export interface KnownEntry extends RemoteEntry {
  /** Owner and group are known by STAT or LIST alone, which write them in their own way. */
  readonly ownerIsListed?: boolean;
}

/** What a folder holds, told twice. */
export interface FolderKinds {
  readonly listing: FolderListing;
  /** By LIST, where it could be had. */
  readonly kinds: FolderListing | undefined;
}

const permissionsOfLinks = 0o777;

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
function withKind(
  path: string,
  entry: Entry | undefined,
  kind: RemoteEntry | undefined,
): KnownEntry | undefined {
  if (kind?.type === 'link') return kind;
  if (!entry) return undefined;
  const facts = toRemoteEntry(path, { ...entry, name: baseName(path) }, 'facts');
  if (!kind || facts.type === 'link') return facts;
  return {
    ...facts,
    ...(facts.mode === undefined && kind.mode !== undefined ? { mode: kind.mode } : {}),
    ...(facts.owner === undefined && kind.owner !== undefined
      ? { owner: kind.owner, ...(kind.group === undefined ? {} : { group: kind.group }), ownerIsListed: true }
      : {}),
  };
}
