import { basename } from 'node:path';
import { Disposable, type LogOutputChannel, type Uri, window, workspace } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { isCancellation } from '../remote/errors.ts';
import { announceOnce } from './announce.ts';
import type { RunOptions } from './connection.ts';
import type { Connections } from './connections.ts';
import { errorText } from './errorText.ts';
import type { ProfileStore } from './profileStore.ts';
import { UploadStatus } from './statusBar.ts';
import { UploadFailures } from './uploadFailures.ts';
import { type LocalFolder, type UploadTarget, uploadTargets } from './uploadTargets.ts';

export interface UploadOnSaveOptions {
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: LogOutputChannel;
}

/** Uploads local files when they are saved, where a connection's `sync` covers them. */
export function registerUploadOnSave(options: UploadOnSaveOptions): Disposable {
  const uploads = new UploadOnSave(options);
  return Disposable.from(
    uploads,
    workspace.onDidSaveTextDocument(({ uri }) => uploads.saved(uri)),
    workspace.onDidSaveNotebookDocument(({ uri }) => uploads.saved(uri)),
  );
}

class UploadOnSave implements Disposable {
  readonly #options: UploadOnSaveOptions;
  readonly #status: UploadStatus;
  readonly #announce: (note: string) => void;
  readonly #failures: UploadFailures;

  constructor(options: UploadOnSaveOptions) {
    this.#options = options;
    this.#status = new UploadStatus(options.clock);
    this.#announce = announceOnce(options.log);
    this.#failures = new UploadFailures((message) => this.#ask(message));
  }

  dispose(): void {
    this.#status.dispose();
  }

  saved(uri: Uri): void {
    if (uri.scheme !== 'file' || !workspace.isTrusted) return;
    const targets = uploadTargets(this.#options.profiles.all(), localFolders(), uri.fsPath);
    // Autosave must not bring up questions, so that only a retry counts as the user's gesture.
    for (const target of targets) void this.#upload(uri.fsPath, target, { gesture: false });
  }

  async #upload(localFile: string, target: UploadTarget, options: RunOptions): Promise<void> {
    const { connections, log } = this.#options;
    const { connection, remotePath } = target;
    const name = basename(localFile);
    const key = `${connection}:${remotePath}`;
    this.#status.begin(name);
    try {
      const { note } = await connections
        .get(connection)
        .run((files) => files.upload(localFile, remotePath), options);
      log.info(`Uploaded ${localFile} to ${connection}:${remotePath}`);
      this.#status.end(name, true);
      this.#failures.settle(key);
      if (note !== undefined) this.#announce(note);
    } catch (error) {
      this.#status.end(name, false);
      log.error(`${localFile} was not uploaded to ${key}: ${errorText(error)}`);
      if (isCancellation(error)) return;
      const retry = () => void this.#upload(localFile, target, { gesture: true });
      this.#failures.add({ key, name, error, retry });
    }
  }

  async #ask(message: string): Promise<boolean> {
    const chosen = await window.showErrorMessage(message, 'Retry', 'Show Log');
    if (chosen === 'Show Log') this.#options.log.show();
    return chosen === 'Retry';
  }
}

function localFolders(): LocalFolder[] {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return folders.map(({ uri }) => ({ address: uri.toString(), path: uri.fsPath }));
}
