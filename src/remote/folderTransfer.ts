import { isCancellation, RemoteError, throwIfCancelled, toRemoteError } from './errors.ts';
import { LocalDisk } from './localDisk.ts';
import { SideBySide, treeWidth } from './sideBySide.ts';
import type { SessionUse } from './treePorts.ts';
import { TreeSessions } from './treeSessions.ts';

interface FolderProgress {
  readonly files: number;
  readonly bytes: number;
  /** Path on the server of the file that was finished last. */
  readonly path: string;
}

export interface FolderTransferOptions {
  readonly onProgress?: (progress: FolderProgress) => void;
}

export interface FolderResult {
  readonly files: number;
  readonly bytes: number;
  /** Paths on the server of links and special files, which are left out. */
  readonly skipped: readonly string[];
}

/** Some of a folder's files did not make it; the others did. */
export class FolderTransferError extends RemoteError {
  readonly failures: readonly RemoteError[];

  constructor(path: string, what: string, failures: readonly RemoteError[]) {
    const named = failures.slice(0, 3).map((failure) => failure.message);
    const more = failures.length > 3 ? ` … and ${failures.length - 3} more.` : '';
    super('failed', path, `${what} ${path}: ${failures.length} failed. ${named.join(' ')}${more}`, {
      cause: failures[0],
      retryable: failures.some((failure) => failure.retryable),
    });
    this.failures = failures;
  }
}

/** One transfer of a folder: moves files side by side, and collects what fails instead of stopping. */
export class FolderTransfer {
  readonly sessions: TreeSessions;
  readonly signal: AbortSignal | undefined;
  readonly disk = new LocalDisk();
  readonly #direction: 'download' | 'upload';
  readonly #options: FolderTransferOptions;
  readonly #work = new SideBySide(treeWidth);
  readonly #failed = new Set<string>();
  readonly #failures: RemoteError[] = [];
  readonly #skipped: string[] = [];
  #files = 0;
  #bytes = 0;

  constructor(
    sessions: SessionUse,
    direction: 'download' | 'upload',
    options: FolderTransferOptions,
    signal?: AbortSignal,
  ) {
    this.sessions = new TreeSessions(sessions, signal);
    this.signal = signal;
    this.#direction = direction;
    this.#options = options;
  }

  /** Has sessions opened ahead of the work, as many as may be good for something. */
  openSessions(path: string, most: number): void {
    for (let count = Math.min(most, treeWidth); count > 0; count--) {
      // What is wrong with the connection shows in the work itself.
      this.sessions.use({ path, operation: 'connect for' }, async () => {}).catch(() => {});
    }
  }

  /** No session is to be had any more. */
  get isOver(): boolean {
    return this.sessions.refusal !== undefined;
  }

  /** Starts something as soon as not too much is under way; what it throws is a failure of `path`. */
  async start(path: string, act: () => Promise<void>): Promise<void> {
    throwIfCancelled(this.signal, path);
    if (!this.isOver) await this.#work.start(() => this.attempt(path, act));
  }

  /** Never rejects: what is thrown is a failure of `path`. */
  async attempt(path: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.failed(path, error);
    }
  }

  /** Of one path the first failure counts. */
  failed(path: string, error: unknown): void {
    // Why there is no session is told once, not for every file.
    if (isCancellation(error) || error === this.sessions.refusal || this.#failed.has(path)) return;
    this.#failed.add(path);
    this.#failures.push(toRemoteError(error, path, this.#direction));
  }

  skip(path: string): void {
    this.#skipped.push(path);
  }

  /** The file is whole under its name. @throws what whoever is told throws */
  done(path: string, bytes: number): void {
    this.#bytes += bytes;
    this.#files++;
    this.#options.onProgress?.({ files: this.#files, bytes: this.#bytes, path });
  }

  /** Resolves when all that was started has ended. */
  settled(): Promise<void> {
    return this.#work.idle();
  }

  /** @throws RemoteError */
  result(path: string): FolderResult {
    throwIfCancelled(this.signal, path);
    const what = this.#direction === 'download' ? 'Downloading' : 'Uploading to';
    const { refusal } = this.sessions;
    if (refusal && this.#files === 0) throw refusal;
    const failures = refusal ? [refusal, ...this.#failures] : this.#failures;
    if (failures.length > 0) throw new FolderTransferError(path, what, failures);
    return { files: this.#files, bytes: this.#bytes, skipped: this.#skipped };
  }
}
