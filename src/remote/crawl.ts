import { toFolderListing } from './entryKinds.ts';
import { isRefusal, RemoteError, throwIfCancelled, toRemoteError } from './errors.ts';
import type { FolderReader } from './folderReader.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry, RemoteListing } from './remoteEntry.ts';
import { treeWidth } from './sideBySide.ts';
import type { TreeSessions } from './treeSessions.ts';

interface KnownFolder extends RemoteListing {
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
  const waiting: Place[] = [{ path: root, depth: 0 }];
  const ready: CrawledFolder[] = [];
  const running = new Set<Promise<void>>();
  const visit = async ({ path, depth }: Place): Promise<void> => {
    const folder = await lister.list(path, depth);
    ready.push(folder);
    if (folder.failure) return;
    const inside = folder.entries.filter((entry) => entry.type === 'directory' && mayEnter(entry, options));
    // The last one in is the first one out: the server's order stays.
    for (const entry of inside.toReversed()) waiting.push({ path: entry.path, depth: depth + 1 });
  };
  try {
    for (;;) {
      throwIfCancelled(signal, root);
      while (running.size < treeWidth && running.size + ready.length < ahead) {
        const place = waiting.pop();
        if (!place) break;
        const visited = visit(place).finally(() => running.delete(visited));
        running.add(visited);
      }
      const folder = ready.shift();
      if (folder) yield folder;
      else if (running.size > 0) await Promise.race(running);
      else return;
    }
  } finally {
    // Whoever takes no more folders waits for none.
    stop.abort();
    await Promise.all(running);
  }
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

  async #ask(client: RemoteClient, path: string): Promise<KnownFolder> {
    const folder = await this.#read(client, path);
    // Pure-FTPd ends sessions whose working directory is gone.
    if (this.#options.kinds === 'ofEveryFolder') await client.command('CWD /', this.#signal);
    return folder;
  }

  async #read(client: RemoteClient, path: string): Promise<KnownFolder> {
    const { entries, complete, dropped } = await this.#ports.folders.readFolder(client, path, this.#signal);
    if (entries.some(({ type, timeSource }) => type === 'link' && timeSource === 'facts'))
      this.#tellsLinks = true;
    if (!this.#isDoubtful(entries)) return { path, entries, complete, dropped };
    const kinds = await byList(client, path, this.#signal);
    return { path, entries: withTrueKinds(entries, kinds), complete, dropped };
  }

  /** Only MLSD said "folder", and some servers mean what a link leads to. */
  #isDoubtful(entries: readonly RemoteEntry[]): boolean {
    if (this.#options.kinds === 'ofEveryFolder')
      return entries.every(({ timeSource }) => timeSource === 'facts');
    return (
      !this.#tellsLinks &&
      entries.some(({ type, timeSource }) => type === 'directory' && timeSource === 'facts')
    );
  }
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
