import type { Clock } from '../client/clock.ts';
import { ContentCache } from './contentCache.ts';
import { RemoteError } from './errors.ts';
import type { FolderReader } from './folderReader.ts';
import { type ProgressOptions, readRemoteFile } from './localFiles.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { insideOf } from './remotePath.ts';
import { SharedRequests } from './requests.ts';
import type { Sessions } from './sessions.ts';

/** Milliseconds for which an answer about a file counts as the one that its reader asked for just before. */
const sameMoment = 2000;

/** A whole file; callers may share the content, which must not be changed. */
export interface ReadFile {
  readonly content: Uint8Array;
  /** What the server said of the file right before; undefined where only the reading itself could tell. */
  readonly entry: RemoteEntry | undefined;
}

/** Reads whole files; those that have not changed since they were read before cost one question. */
export class FileReader {
  readonly #sessions: Sessions;
  readonly #folders: FolderReader;
  readonly #clock: Clock;
  readonly #contents: ContentCache;
  readonly #requests = new SharedRequests<ReadFile>();

  constructor(sessions: Sessions, folders: FolderReader, clock: Clock) {
    this.#sessions = sessions;
    this.#folders = folders;
    this.#clock = clock;
    this.#contents = new ContentCache({ clock });
    folders.onForget((path) => {
      this.#contents.drop(path);
      this.#requests.forget(insideOf(path));
    });
  }

  /** Callers at the same time share one transfer, and its result, unless they want to be told of its progress. */
  read(path: string, options: ProgressOptions, signal?: AbortSignal): Promise<ReadFile> {
    const ask = (stop?: AbortSignal): Promise<ReadFile> => this.#read(path, options, stop);
    return options.onProgress ? ask(signal) : this.#requests.run(path, ask, signal);
  }

  /** A file has just been written by the server. */
  seeWritten(entry: RemoteEntry): void {
    this.#contents.seeWritten(entry);
  }

  async #read(path: string, options: ProgressOptions, signal?: AbortSignal): Promise<ReadFile> {
    const entry = await this.#describe(path, signal);
    if (entry) {
      this.#contents.see(entry);
      const known = this.#contents.match(entry);
      if (known) return { content: known, entry };
    }
    const readAt = this.#clock.now();
    const content = await this.#sessions.use(
      { path, operation: 'read' },
      (client) => readRemoteFile(client, path, { ...options, ...sizeOf(entry) }, signal),
      signal,
    );
    if (entry?.size === content.length) this.#contents.keep(entry, content, readAt);
    return { content, entry };
  }

  /** What the server says of the file: told just now, or asked; undefined where only the reading itself can tell. */
  async #describe(path: string, signal?: AbortSignal): Promise<RemoteEntry | undefined> {
    const told = this.#folders.told(path, sameMoment);
    if (told) return told;
    try {
      return await this.#folders.stat(path, { fresh: true }, signal);
    } catch (error) {
      if (error instanceof RemoteError && (error.kind === 'notFound' || error.kind === 'failed'))
        return undefined;
      throw error;
    }
  }
}

/** 0 may mean that it is unknown. */
function sizeOf(entry: RemoteEntry | undefined): { readonly expectedSize?: number } {
  return entry && entry.size > 0 ? { expectedSize: entry.size } : {};
}
