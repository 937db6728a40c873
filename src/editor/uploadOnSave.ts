import { Disposable, type LogOutputChannel, type Uri, window, workspace } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { type SaveItem, SaveQueue } from '../sync/saveQueue.ts';
import { announceOnce } from './announce.ts';
import type { Connections } from './connections.ts';
import type { ProfileStore } from './profileStore.ts';
import type { Report } from './report.ts';
import { UploadStatus } from './statusBar.ts';
import { UploadFailures } from './uploadFailures.ts';
import { uploadSummary } from './uploadReport.ts';
import type { LocalFolder } from './uploadTargets.ts';

export interface UploadOnSaveOptions {
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: LogOutputChannel;
  readonly report: Report;
}

/** Uploads local files when they are saved, where a connection's `sync` covers them. */
export function registerUploadOnSave(options: UploadOnSaveOptions): Disposable {
  const { profiles, connections, clock, log, report } = options;
  const status = new UploadStatus(clock);
  const announce = announceOnce(log);
  // Autosave must not bring up questions, so that an upload connects by itself but asks nothing twice.
  const queue = new SaveQueue(({ connection, localFile, remotePath }, onProgress, signal) =>
    connections
      .get(connection)
      .run((files) => files.upload(localFile, remotePath, { onProgress }, signal), { gesture: false }),
  );
  const failures = new UploadFailures({
    queue,
    ask: (message) => askToRetry(message, log),
    connect: async (connection) => connections.get(connection).connect(),
  });
  queue.onDidChange((item) => {
    const { job, state } = item;
    // Told with every piece of a file: only the beginning is news.
    if (state.kind === 'uploading' && state.bytes > 0) return;
    logChange(item, log);
    if (state.kind === 'failed' && state.error.kind === 'cancelled') queue.dismiss(job);
    else if (state.kind === 'failed') void failures.tell().catch(report);
    else if (state.kind === 'done' && state.result.note !== undefined) announce(state.result.note);
    status.show(uploadSummary(queue.items, item));
  });
  const saved = async (uri: Uri): Promise<void> => {
    if (uri.scheme !== 'file' || !workspace.isTrusted) return;
    const { uploadTargets } = await import('./uploadTargets.ts');
    const targets = await uploadTargets(profiles.all(), localFolders(), uri.fsPath);
    for (const target of targets) void queue.upload({ ...target, localFile: uri.fsPath });
  };
  return Disposable.from(
    status,
    { dispose: () => queue.close() },
    workspace.onDidSaveTextDocument(({ uri }) => void saved(uri).catch(report)),
    workspace.onDidSaveNotebookDocument(({ uri }) => void saved(uri).catch(report)),
  );
}

async function askToRetry(message: string, log: LogOutputChannel): Promise<boolean> {
  const chosen = await window.showErrorMessage(message, 'Retry', 'Show Log');
  if (chosen === 'Show Log') log.show();
  return chosen === 'Retry';
}

function logChange({ job, state }: SaveItem, log: LogOutputChannel): void {
  const what = `${job.localFile} to ${job.connection}:${job.remotePath}`;
  if (state.kind === 'done') log.info(`Uploaded ${what}`);
  if (state.kind === 'failed') log.error(`Could not upload ${what}: ${state.error.message}`);
}

function localFolders(): LocalFolder[] {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return folders.map(({ uri }) => ({ address: uri.toString(), path: uri.fsPath }));
}
