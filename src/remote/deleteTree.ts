import { type CrawledFolder, crawlTree } from './crawl.ts';
import { isRefusal, RemoteError } from './errors.ts';
import { type FolderReader, missing } from './folderReader.ts';
import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { explained } from './sessions.ts';
import { inFlights } from './sideBySide.ts';
import { isTemporaryName } from './temporaryName.ts';
import type { SessionUse } from './treePorts.ts';
import { TreeSessions } from './treeSessions.ts';

export interface DeletionPorts {
  readonly sessions: SessionUse;
  readonly folders: FolderReader;
}

/** What is to be deleted, found before anything is. */
interface Plan {
  /** Files and links. */
  readonly leaves: string[];
  /** Each behind those that it lies in. */
  readonly folders: string[];
  /** Perhaps folders, perhaps links to some: the server has not said for certain. */
  readonly doubtful: RemoteEntry[];
}

/**
 * Deletes a file, a link, or a folder with all that is in it. A link is deleted itself, never what it leads to; and as
 * long as a listing is not complete, nothing is deleted, because nobody knows what else is there.
 * @throws RemoteError
 */
export async function deleteTree(
  ports: DeletionPorts,
  path: string,
  recursive: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const deletion = new Deletion(ports, signal);
  const entry = await deletion.look(path);
  if (!entry) throw missing(path);
  if (isLeaf(entry)) await deletion.deleteFile(path);
  else if (recursive) await deletion.deleteDoubtful(entry);
  else if (entry.type === 'directory') await deletion.deleteEmptyFolder(path);
  else await deletion.deleteFile(path);
}

/** The same on a session that the caller has. */
export function deleteTreeOn(client: RemoteClient, folders: FolderReader, path: string): Promise<void> {
  return deleteTree({ sessions: { use: (_, act) => act(client) }, folders }, path, true);
}

class Deletion {
  readonly #sessions: TreeSessions;
  readonly #folders: FolderReader;
  readonly #signal: AbortSignal | undefined;

  constructor({ sessions, folders }: DeletionPorts, signal: AbortSignal | undefined) {
    this.#sessions = new TreeSessions(sessions, signal);
    this.#folders = folders;
    this.#signal = signal;
  }

  look(path: string): Promise<RemoteEntry | undefined> {
    const deed = { path, operation: 'delete', priority: 'interactive' } as const;
    return this.#sessions.use(deed, (client) => this.#folders.facts(client, path, this.#signal));
  }

  deleteFile(path: string): Promise<void> {
    return this.#change(path, (client) => client.deleteFile(path, this.#signal));
  }

  deleteEmptyFolder(path: string): Promise<void> {
    return this.#change(path, async (client) => {
      try {
        await client.removeDirectory(path, this.#signal);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const { entries, complete } = await this.#folders.readFolder(client, path, this.#signal);
        if (entries.length === 0 && complete) throw error;
        const unfinished = entries.filter(({ name }) => isTemporaryName(name));
        const why =
          complete && unfinished.length === entries.length
            ? ` There is nothing in it but unfinished uploads (${unfinished.map(({ name }) => name).join(', ')}), which a listing hides: remove them, or delete it with all that is in it.`
            : '';
        const message = `Cannot delete ${path}. The folder is not empty.${why}`;
        throw new RemoteError('failed', path, message, { cause: error });
      }
    });
  }

  /** Deleting it as a file removes a link, and is refused for a true folder. */
  async deleteDoubtful(entry: RemoteEntry): Promise<void> {
    const { path } = entry;
    const isDone = await this.#change(path, (client) => this.#deletesAsFile(client, entry));
    if (isDone) return;
    await this.#deleteInside(path);
    await this.#change(path, (client) => client.removeDirectory(path, this.#signal));
  }

  async #deletesAsFile(client: RemoteClient, { path, type }: RemoteEntry): Promise<boolean> {
    try {
      await client.deleteFile(path, this.#signal);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    if (type === 'unknown' && !(await this.#isTrulyFolder(client, path))) {
      const message = `Cannot delete ${path}. The server does not say what it is and refuses to delete it as a file.`;
      throw new RemoteError('failed', path, message);
    }
    return false;
  }

  /** Only MLST says it; the other way of asking, CWD, follows links. */
  async #isTrulyFolder(client: RemoteClient, path: string): Promise<boolean> {
    if (!client.features.has('MLST')) return false;
    return (await client.stat(path, this.#signal))?.type === 'directory';
  }

  async #deleteInside(path: string): Promise<void> {
    const plan = await this.#planFor(path);
    for (const entry of plan.doubtful) await this.deleteDoubtful(entry);
    await this.#inFlights(plan.leaves, (client, leaf) => client.deleteFile(leaf, this.#signal));
    // What lies deepest goes first, and what lies equally deep at the same time.
    for (const level of byDepth(plan.folders)) {
      await this.#inFlights(level, (client, folder) => client.removeDirectory(folder, this.#signal));
    }
  }

  /** All that is below the folder. */
  async #planFor(path: string): Promise<Plan> {
    const plan: Plan = { leaves: [], folders: [], doubtful: [] };
    const ports = { sessions: this.#sessions, folders: this.#folders };
    const options = { enters: isCertainFolder, kinds: 'ofEveryFolder' } as const;
    for await (const folder of crawlTree(ports, path, options, this.#signal)) {
      for (const entry of requireComplete(folder)) {
        if (isLeaf(entry)) plan.leaves.push(entry.path);
        else if (isCertainFolder(entry)) plan.folders.push(entry.path);
        else plan.doubtful.push(entry);
      }
    }
    return plan;
  }

  #inFlights(
    paths: readonly string[],
    act: (client: RemoteClient, path: string) => Promise<void>,
  ): Promise<void> {
    return inFlights(paths, (flight) =>
      this.#change(flight[0] ?? '/', async (client) => {
        const operation = 'delete' as const;
        const results = await Promise.allSettled(flight.map((path) => act(client, path)));
        for (const [index, result] of results.entries()) {
          const path = flight[index] ?? '/';
          if (result.status === 'rejected') throw await explained(client, result.reason, { path, operation });
        }
      }),
    );
  }

  #change<Result>(path: string, act: (client: RemoteClient) => Promise<Result>): Promise<Result> {
    return this.#sessions.use({ path, operation: 'delete', changes: true }, act);
  }
}

/** @throws RemoteError where the server lists something that cannot be told, or lists nothing. */
function requireComplete(folder: CrawledFolder): readonly RemoteEntry[] {
  if (folder.failure) throw folder.failure;
  const { path, complete, dropped, cutShort, entries } = folder;
  if (complete) return entries;
  const why = cutShort
    ? `does not list all that is in it ("${cutShort}")`
    : `lists things in it that cannot be told (${dropped.length})`;
  const message = `Cannot delete ${path}. The server ${why}, so nothing in it was deleted. Delete it on the server itself.`;
  throw new RemoteError('failed', path, message);
}

/** The deepest first. */
function byDepth(paths: readonly string[]): readonly (readonly string[])[] {
  const levels: string[][] = [];
  for (const path of paths) (levels[path.split('/').length] ??= []).push(path);
  return levels.filter((level) => level !== undefined).toReversed();
}

/** Where only MLSD said "folder", some servers mean what a link leads to. */
function isCertainFolder({ type, timeSource }: RemoteEntry): boolean {
  return type === 'directory' && timeSource === 'list';
}

function isLeaf({ type }: RemoteEntry): boolean {
  return type === 'file' || type === 'link';
}
