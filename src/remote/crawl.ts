import { toFolderListing } from './entryKinds.ts';
import { isRefusal, RemoteError, throwIfCancelled, toRemoteError } from './errors.ts';
import type { FolderReader } from './folderReader.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry, RemoteListing } from './remoteEntry.ts';
import { treeWidth } from './sideBySide.ts';
import type { TreeSessions } from './treeSessions.ts';

export interface KnownFolder extends RemoteListing {
  readonly path: string;
  readonly failure?: undefined;
}

/** A folder that could not be listed: nobody may conclude that anything is not in it. */
interface UnknownFolder {
  readonly path: string;
  readonly failure: RemoteError;
}

export type CrawledFolder = KnownFolder | UnknownFolder;

export interface CrawlPorts {
  readonly sessions: TreeSessions;
  readonly folders: FolderReader;
}

export interface CrawlOptions {
  /** Which folders are gone into; all when absent. */
  readonly enters?: (entry: RemoteEntry) => boolean;
  /**
   * When LIST is asked beside MLSD, to tell links from what they lead to: of every folder, or as long as the server has
   * shown no link by MLSD, of those with folders in them. The latter when absent. With the former, no session stands
   * in any of the folders afterwards, so that they can be removed.
   */
  readonly kinds?: 'ofEveryFolder' | 'ofFolders';
}

interface Place {
  readonly path: string;
  readonly depth: number;
  /** Whether it is a folder, and no link to one: it is listed before that is known, and then perhaps in vain. */
  readonly isFolder: Promise<boolean>;
}

/** Folders that are listed, or are but not yet taken, at the same time. */
const ahead = 2 * treeWidth;
/** Deeper than any tree that somebody made; a folder in itself under other names would be. */
const deepest = 200;

/**
 * Lists a folder and all below it, several at a time, each folder behind the one that it is in. Links are told, never
 * followed. What waits is a stack of folders, the deepest first, so that it stays short.
 */
export async function* crawlTree(
  ports: CrawlPorts,
  root: string,
  options: CrawlOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<CrawledFolder> {
  const stop = new AbortController();
  const lister = new Lister(ports, options, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
  const crawl = new Crawl(lister, options);
  crawl.enter(root, 0, Promise.resolve(true));
  try {
    for (;;) {
      throwIfCancelled(signal, root);
      const folder = await crawl.next();
      if (!folder) return;
      yield folder;
    }
  } finally {
    // Whoever takes no more folders waits for none.
    stop.abort();
    await crawl.settled();
  }
}

/** What is to be listed, is being listed, and is listed but not yet taken. */
class Crawl {
  readonly #lister: Lister;
  readonly #options: CrawlOptions;
  readonly #waiting: Place[] = [];
  readonly #ready: CrawledFolder[] = [];
  readonly #running = new Set<Promise<void>>();
  #broken: { readonly cause: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(lister: Lister, options: CrawlOptions) {
    this.#lister = lister;
    this.#options = options;
  }

  enter(path: string, depth: number, isFolder: Promise<boolean>): void {
    this.#waiting.push({ path, depth, isFolder });
    this.#wake();
  }

  /** Undefined when all are told. @throws what `enters` has thrown: what lies behind it is not known */
  async next(): Promise<CrawledFolder | undefined> {
    for (;;) {
      if (this.#broken) throw this.#broken.cause;
      this.#startSome();
      const folder = this.#ready.shift();
      if (folder || this.#running.size === 0) return folder;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #startSome(): void {
    while (this.#running.size < treeWidth && this.#running.size + this.#ready.length < ahead) {
      const place = this.#waiting.pop();
      if (!place) return;
      const visited = this.#visit(place)
        .catch((cause: unknown) => {
          this.#broken ??= { cause };
        })
        .finally(() => {
          this.#running.delete(visited);
          this.#wake();
        });
      this.#running.add(visited);
    }
  }

  async #visit(place: Place): Promise<void> {
    const folder = await this.#lister.list(place.path, place.depth);
    if (!(await place.isFolder)) return;
    if (folder.failure || !this.#lister.isDoubtful(folder.entries)) {
      this.#tell(folder);
      this.#enterAll(foldersIn(folder), place, Promise.resolve(undefined));
      return;
    }
    const checked = this.#lister.check(folder).then((told) => {
      this.#tell(told);
      return told;
    });
    const paths = checked.then((told) => new Set(foldersIn(told).map(({ path }) => path)));
    this.#enterAll(foldersIn(folder), place, paths);
    const begun = new Set(foldersIn(folder).map(({ path }) => path));
    const others = foldersIn(await checked).filter(({ path }) => !begun.has(path));
    this.#enterAll(others, place, paths);
  }

  #tell(folder: CrawledFolder): void {
    this.#ready.push(folder);
    this.#wake();
  }

  /** @param truly the paths of those that are folders; undefined: all */
  #enterAll(
    entries: readonly RemoteEntry[],
    { depth }: Place,
    truly: Promise<ReadonlySet<string> | undefined>,
  ): void {
    const inside = entries.filter((entry) => mayEnter(entry, this.#options));
    // The last one in is the first one out: the server's order stays.
    for (const { path } of inside.toReversed()) {
      this.enter(
        path,
        depth + 1,
        truly.then((paths) => paths?.has(path) ?? true),
      );
    }
  }
}

function foldersIn(folder: CrawledFolder): readonly RemoteEntry[] {
  return folder.failure ? [] : folder.entries.filter(({ type }) => type === 'directory');
}

/** A name that is none would lead out of the folder, or into it again. */
function mayEnter(entry: RemoteEntry, { enters }: CrawlOptions): boolean {
  const { name } = entry;
  if (name === '' || name === '.' || name === '..' || name.includes('/')) return false;
  return enters?.(entry) ?? true;
}

class Lister {
  readonly #ports: CrawlPorts;
  readonly #options: CrawlOptions;
  readonly #signal: AbortSignal;
  /** MLSD has shown a link as a link: what it calls a folder is one. */
  #tellsLinks = false;

  constructor(ports: CrawlPorts, options: CrawlOptions, signal: AbortSignal) {
    this.#ports = ports;
    this.#options = options;
    this.#signal = signal;
  }

  /** Never rejects. */
  async list(path: string, depth: number): Promise<CrawledFolder> {
    try {
      if (depth > deepest) throw bottomless(path);
      const deed = { path, operation: 'list' } as const;
      return await this.#ports.sessions.use(deed, (client) => this.#ask(client, path), this.#signal);
    } catch (error) {
      return { path, failure: toRemoteError(error, path, 'list') };
    }
  }

  /** Asks LIST what are links, and what they only lead to. Never rejects. */
  async check(folder: KnownFolder): Promise<CrawledFolder> {
    const { path, entries } = folder;
    try {
      const deed = { path, operation: 'list' } as const;
      const ask = (client: RemoteClient) => byList(client, path, this.#signal);
      return {
        ...folder,
        entries: withTrueKinds(entries, await this.#ports.sessions.use(deed, ask, this.#signal)),
      };
    } catch (error) {
      return { path, failure: toRemoteError(error, path, 'list') };
    }
  }

  /** Only MLSD said "folder", and some servers mean what a link leads to. */
  isDoubtful(entries: readonly RemoteEntry[]): boolean {
    if (this.#options.kinds === 'ofEveryFolder' || this.#tellsLinks) return false;
    return entries.some(({ type, timeSource }) => timeSource === 'facts' && mayBeFolder.has(type));
  }

  async #ask(client: RemoteClient, path: string): Promise<KnownFolder> {
    const listing = await this.#ports.folders.readFolder(client, path, this.#signal);
    const { entries } = listing;
    if (entries.some(isLinkByMlsd)) this.#tellsLinks = true;
    const folder = { ...listing, path };
    if (this.#options.kinds !== 'ofEveryFolder') return folder;
    const isByList = entries.some(({ timeSource }) => timeSource === 'list');
    const kinds = isByList ? [] : await byList(client, path, this.#signal);
    // Pure-FTPd ends sessions whose working directory is gone.
    await client.command('CWD /', this.#signal);
    return { ...folder, entries: withTrueKinds(entries, kinds) };
  }
}

const mayBeFolder: ReadonlySet<RemoteEntry['type']> = new Set(['directory', 'unknown'] as const);

function isLinkByMlsd({ type, timeSource }: RemoteEntry): boolean {
  return type === 'link' && timeSource === 'facts';
}

/** Nothing where the server has no LIST. */
async function byList(
  client: RemoteClient,
  path: string,
  signal: AbortSignal,
): Promise<readonly RemoteEntry[]> {
  try {
    return toFolderListing(path, await client.listLong(path, signal)).entries;
  } catch (error) {
    if (isRefusal(error) && client.isOpen) return [];
    throw error;
  }
}

/**
 * Takes the names from the exact listing and the kinds of folders and links from LIST. Links that the former leaves
 * out, because they lead nowhere, are added; other names that only LIST has may be misread, and are left out.
 */
function withTrueKinds(
  entries: readonly RemoteEntry[],
  kinds: readonly RemoteEntry[],
): readonly RemoteEntry[] {
  const known = new Map(kinds.map((kind) => [kind.path, kind]));
  const told = entries.map((entry) => {
    const kind = known.get(entry.path);
    known.delete(entry.path);
    return kind?.type === 'link' || (kind && entry.type !== 'file') ? kind : entry;
  });
  return [...told, ...[...known.values()].filter(({ type }) => type === 'link')];
}

function bottomless(path: string): RemoteError {
  const message = `Cannot list ${path}. It lies ${deepest} folders deep: perhaps a folder contains itself under other names.`;
  return new RemoteError('failed', path, message);
}
