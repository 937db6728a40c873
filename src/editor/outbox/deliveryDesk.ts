import { commands, Disposable, type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Clock } from '../../client/clock.ts';
import type { Deliveries } from '../../sync/deliveries.ts';
import { failureReason } from '../../sync/saveFailure.ts';
import type { SaveJob } from '../../sync/saveJob.ts';
import type { SaveItem } from '../../sync/saveQueue.ts';
import type { ActiveProfile } from '../activeProfile.ts';
import { announceOnce } from '../announce.ts';
import type { Connections } from '../connections.ts';
import { Deletions } from '../deletions.ts';
import { FileWatch } from '../fileWatch.ts';
import { openDiff } from '../openDiff.ts';
import type { Report } from '../report.ts';
import { SaveConflicts } from '../saveConflicts.ts';
import { UploadStatus } from '../statusBar.ts';
import type { SyncPairs } from '../sync/syncPairs.ts';
import { UploadFailures } from '../uploadFailures.ts';
import { uploadSummary } from '../uploadReport.ts';
import { watchFolder } from '../watchFolder.ts';
import { askAboutConflict, askAboutStorm, askToRetry, tellOfDeletions } from './deliveryQuestions.ts';
import { Gathering } from './gathering.ts';
import { LocalChanges, type SavedHere } from './localChanges.ts';
import { NotMapped, openDeliveries } from './openDeliveries.ts';
import { type OutboxCommand, outboxCommands } from './outboxCommands.ts';
import { OutboxView } from './outboxView.ts';

export interface DeliveryDeskOptions {
  readonly pairs: SyncPairs;
  readonly active: Pick<ActiveProfile, 'onDidChange'>;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
  readonly report: Report;
  /** Where the outbox of this workspace lies. */
  readonly folder: string;
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
  readonly #news: Gathering<SaveItem>;
  readonly #watch: FileWatch;
  readonly #changes: LocalChanges;
  readonly #announce: (note: string) => void;
  readonly #owned: Disposable;

  private constructor(options: DeliveryDeskOptions, deliveries: Deliveries) {
    const { pairs, active, connections, clock, log, report } = options;
    const connect = (connection: string): Promise<void> => connections.get(connection).connect();
    this.#options = options;
    this.#deliveries = deliveries;
    this.#announce = announceOnce(log);
    this.#status = new UploadStatus(clock);
    this.#news = new Gathering(clock, (changes) => this.#show(changes));
    this.#view = new OutboxView(deliveries);
    this.commands = outboxCommands({ deliveries, connect });
    this.#failures = new UploadFailures({
      queue: deliveries,
      ask: (message) => askToRetry(message, log),
      connect,
    });
    this.#conflicts = new SaveConflicts({
      items: () => deliveries.items,
      ask: askAboutConflict,
      settle: (...decided) => deliveries.settle(...decided),
      compare: (job) => openDiff(job),
      show: async () => commands.executeCommand('ftps.outbox.focus'),
    });
    const review = async (): Promise<void> => commands.executeCommand('ftps.sync');
    const deletions = new Deletions({ pairs, log, onMany: tellOfDeletions(review) });
    this.#changes = new LocalChanges({
      pairs,
      deliveries,
      deletions,
      jobsIn: (file) => this.#watch.jobsIn(file),
      savedByHand: (job) => this.#forgetQuestions(job),
    });
    this.#watch = new FileWatch({
      pairs,
      clock,
      watchFolder,
      isTrusted: () => workspace.isTrusted,
      deletions,
      send: (job) => deliveries.send(job),
      isSavedHere: (...file) => this.#changes.isSavedHere(...file),
      ask: askAboutStorm,
      review,
      onProblem: (error) => void report(error),
    });
    const isBack = connections.onDidChangeState.add(({ state, profile }) => {
      if (state.kind === 'connected') deliveries.connectionIsBack(profile.name);
    });
    this.#owned = Disposable.from(
      this.#news,
      this.#status,
      this.#view,
      this.#watch,
      { dispose: isBack },
      { dispose: active.onDidChange.add(() => void deletions.carryUndecided().catch(report)) },
      { dispose: pairs.onCarried.add((carried) => void this.#changes.carried(carried).catch(report)) },
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
  async saved(file: SavedHere): Promise<void> {
    await this.#changes.saved(file);
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
    logChange(changed, this.#options.log);
    if (state.kind === 'done') {
      this.#failures.forget(job);
      this.#conflicts.forget(job);
      if (state.result?.note !== undefined) this.#announce(state.result.note);
    }
    this.#news.add(changed);
  }

  #show(changes: readonly SaveItem[]): void {
    const { report } = this.#options;
    if (changes.some(({ state }) => state.kind === 'failed')) {
      void this.#failures.tell().catch(report);
      void this.#conflicts.tell().catch(report);
    }
    if (!changes.every(isFurtherPiece)) this.#view.refresh();
    const last = changes.at(-1);
    if (last) this.#status.show(uploadSummary(this.#deliveries.items, last));
  }

  /** Whoever saves a file again by hand wants to know again what keeps it from the server. */
  #forgetQuestions(job: SaveJob): void {
    this.#conflicts.forget(job);
    const state = this.#deliveries.find(job)?.state;
    if (state?.kind === 'failed' && failureReason(state.error) === 'refused') this.#failures.forget(job);
  }

  async #deleted(files: readonly Uri[]): Promise<void> {
    if (!workspace.isTrusted) return;
    const local = files.filter(({ scheme }) => scheme === 'file');
    await this.#changes.deleted(local.map(({ fsPath }) => fsPath));
  }

  async #renamed(files: readonly { readonly oldUri: Uri; readonly newUri: Uri }[]): Promise<void> {
    if (!workspace.isTrusted) return;
    const local = files.filter(({ oldUri }) => oldUri.scheme === 'file');
    await this.#changes.renamed(
      local.map(({ oldUri, newUri }) => ({ from: oldUri.fsPath, to: newUri.fsPath })),
    );
  }
}

/** Told with every piece of a file; rows show only its beginning and its end. */
function isFurtherPiece({ state }: SaveItem): boolean {
  return state.kind === 'uploading' && state.bytes > 0;
}

function logChange({ job, state }: SaveItem, log: LogOutputChannel): void {
  const what = `${job.localFile} to ${job.connection}:${job.remotePath}`;
  if (state.kind === 'done') log.info(`Uploaded ${what}`);
  if (state.kind === 'failed') log.error(`Could not upload ${what}: ${state.error.message}`);
}
