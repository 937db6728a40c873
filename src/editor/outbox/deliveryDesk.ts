import { stat } from 'node:fs/promises';
import { commands, Disposable, type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Clock } from '../../client/clock.ts';
import type { Deliveries } from '../../sync/deliveries.ts';
import { failureReason } from '../../sync/saveFailure.ts';
import { jobKey, type SaveJob } from '../../sync/saveJob.ts';
import type { SaveItem } from '../../sync/saveQueue.ts';
import { announceOnce } from '../announce.ts';
import type { Connections } from '../connections.ts';
import { Deletions } from '../deletions.ts';
import { FileWatch } from '../fileWatch.ts';
import type { Report } from '../report.ts';
import { SaveConflicts } from '../saveConflicts.ts';
import { UploadStatus } from '../statusBar.ts';
import type { SyncPairs } from '../sync/syncPairs.ts';
import { UploadFailures } from '../uploadFailures.ts';
import { uploadSummary } from '../uploadReport.ts';
import { uploadTargets } from '../uploadTargets.ts';
import { askAboutConflict, askAboutStorm, askToRetry, tellOfDeletions } from './deliveryQuestions.ts';
import { NotMapped, openDeliveries } from './openDeliveries.ts';
import { type OutboxCommand, openComparison, outboxCommands } from './outboxCommands.ts';
import { OutboxView } from './outboxView.ts';

export interface DeliveryDeskOptions {
  readonly pairs: SyncPairs;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
  readonly report: Report;
  /** Where the outbox of this workspace lies. */
  readonly folder: string;
}

/** What the user did when a file was saved. */
export interface SavedHere {
  readonly localFile: string;
  /** SHA-256 of the file before, where that is known. */
  readonly previousHash: string | undefined;
  /** Not by autosave. */
  readonly isManual: boolean;
}

/** Sends what is saved here, or changed by others on this computer, and tells the user how it goes. */
export class DeliveryDesk {
  readonly commands: Readonly<Record<OutboxCommand, (...values: unknown[]) => Promise<void>>>;
  readonly #options: DeliveryDeskOptions;
  readonly #deliveries: Deliveries;
  readonly #conflicts: SaveConflicts;
  readonly #failures: UploadFailures;
  readonly #view: OutboxView;
  readonly #status: UploadStatus;
  readonly #deletions: Deletions;
  readonly #watch: FileWatch;
  readonly #announce: (note: string) => void;
  readonly #owned: Disposable;
  /** What files were when the editor had saved them. */
  readonly #saved = new Map<string, string>();

  private constructor(options: DeliveryDeskOptions, deliveries: Deliveries) {
    const { pairs, connections, clock, log, report } = options;
    const connect = (connection: string): Promise<void> => connections.get(connection).connect();
    this.#options = options;
    this.#deliveries = deliveries;
    this.#announce = announceOnce(log);
    this.#status = new UploadStatus(clock);
    this.#view = new OutboxView(() => deliveries.items);
    this.commands = outboxCommands({ deliveries, view: this.#view, connect });
    this.#failures = new UploadFailures({
      queue: deliveries,
      ask: (message) => askToRetry(message, log),
      connect,
    });
    this.#conflicts = new SaveConflicts({
      items: () => deliveries.items,
      ask: askAboutConflict,
      settle: (job, decision) => deliveries.settle(job, decision),
      compare: openComparison,
      show: async () => commands.executeCommand('ftps.outbox.focus'),
    });
    const review = async (): Promise<void> => commands.executeCommand('ftps.sync');
    this.#deletions = new Deletions({ pairs, log, onMany: tellOfDeletions(review) });
    this.#watch = new FileWatch({
      pairs,
      clock,
      deletions: this.#deletions,
      send: (job) => void deliveries.send(job),
      isSavedHere: (localFile, modifiedAt, size) =>
        this.#saved.get(localFile) === stampOf({ mtimeMs: modifiedAt, size }),
      ask: askAboutStorm,
      review,
      onProblem: (error) => void report(error),
    });
    const isBack = connections.onDidChangeState.add(({ state, profile }) => {
      if (state.kind === 'connected') deliveries.connectionIsBack(profile.name);
    });
    this.#owned = Disposable.from(
      this.#status,
      this.#view,
      this.#watch,
      { dispose: isBack },
      { dispose: deliveries.onDidChange((changed) => this.#see(changed)) },
      { dispose: () => void deliveries[Symbol.asyncDispose]() },
      workspace.onDidDeleteFiles(({ files }) => void this.#deleted(files).catch(report)),
      workspace.onDidRenameFiles(({ files }) => void this.#renamed(files).catch(report)),
    );
  }

  static async open(options: DeliveryDeskOptions): Promise<DeliveryDesk> {
    const { pairs, folder, clock, report } = options;
    const onProblem = (error: unknown): void => void report(error);
    const deliveries = await openDeliveries({ pairs, folder, clock, onProblem });
    const desk = new DeliveryDesk(options, deliveries);
    deliveries.resume();
    desk.#view.refresh();
    return desk;
  }

  /** To be called when the editor has saved a file. */
  async saved({ localFile, previousHash, isManual }: SavedHere): Promise<void> {
    const stats = await stat(localFile).catch(() => undefined);
    if (stats) this.#saved.set(localFile, stampOf(stats));
    for (const target of await uploadTargets(this.#options.pairs, localFile, ({ onSave }) => onSave)) {
      if (isManual) this.#forgetQuestions(target);
      void this.#deliveries.send({ ...target, ...(previousHash === undefined ? {} : { previousHash }) });
    }
  }

  /** To be called when the settings have changed. */
  settingsChanged(): void {
    this.#watch.refresh();
    for (const { job, state } of this.#deliveries.items) {
      if (state.kind === 'failed' && state.error instanceof NotMapped) void this.#deliveries.retry(job);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #see(changed: SaveItem): void {
    const { job, state } = changed;
    const { log, report } = this.#options;
    // Told with every piece of a file: only the beginning is news.
    if (state.kind === 'uploading' && state.bytes > 0) return;
    logChange(changed, log);
    if (state.kind === 'failed') {
      void this.#failures.tell().catch(report);
      void this.#conflicts.tell().catch(report);
    }
    if (state.kind === 'done') {
      this.#failures.forget(job);
      this.#conflicts.forget(job);
      if (state.result?.note !== undefined) this.#announce(state.result.note);
    }
    this.#view.refresh();
    this.#status.show(uploadSummary(this.#deliveries.items, changed));
  }

  /** Whoever saves a file again by hand wants to know again what keeps it from the server. */
  #forgetQuestions(job: SaveJob): void {
    this.#conflicts.forget(job);
    const state = this.#deliveries.items.find((item) => jobKey(item.job) === jobKey(job))?.state;
    if (state?.kind === 'failed' && failureReason(state.error) === 'refused') this.#failures.forget(job);
  }

  async #deleted(files: readonly Uri[]): Promise<void> {
    for (const { scheme, fsPath } of files) {
      if (scheme === 'file' && workspace.isTrusted) await this.#deletions.carry(fsPath);
    }
  }

  /** The old name goes when the server has the file under the new one. */
  async #renamed(files: readonly { readonly oldUri: Uri; readonly newUri: Uri }[]): Promise<void> {
    for (const { oldUri, newUri } of files) {
      if (oldUri.scheme !== 'file' || !workspace.isTrusted) continue;
      const wants = this.#options.pairs.of(oldUri.fsPath).some(({ pair }) => pair.mapping.deleteOnServer);
      if (wants && (await this.#sendAll(newUri.fsPath))) await this.#deletions.carry(oldUri.fsPath);
    }
  }

  /** @returns whether all of it has arrived */
  async #sendAll(file: string): Promise<boolean> {
    const jobs = await this.#watch.jobsIn(file, ({ deleteOnServer }) => deleteOnServer);
    const outcomes = await Promise.all(jobs.map((job) => this.#deliveries.send(job)));
    return outcomes.every(({ kind }) => kind === 'done');
  }
}

function stampOf({ mtimeMs, size }: { readonly mtimeMs: number; readonly size: number }): string {
  return `${mtimeMs} ${size}`;
}

function logChange({ job, state }: SaveItem, log: LogOutputChannel): void {
  const what = `${job.localFile} to ${job.connection}:${job.remotePath}`;
  if (state.kind === 'done') log.info(`Uploaded ${what}`);
  if (state.kind === 'failed') log.error(`Could not upload ${what}: ${state.error.message}`);
}
