import type { Clock } from './clock.ts';
import { cancelled, throwIfCancelled } from '../remote/errors.ts';
import type { SaveResult } from '../remote/safeSave.ts';
import { SideBySide } from '../remote/sideBySide.ts';
import type { TakeOptions } from './folderSync.ts';
import type { Outbox, OutboxItem } from './outbox.ts';
import type { SavedFile } from './saveFile.ts';
import { conflictKind, failureReason, LocalFileGone, SaveConflict } from './saveFailure.ts';
import { jobKey, type SaveJob } from './saveJob.ts';
import { type SaveItem, type SaveOutcome, SaveQueue, type SaveState } from './saveQueue.ts';
import type { SyncAction } from './syncAction.ts';

/** Which side of a conflict is taken. */
export type Decision = 'mine' | 'theirs';

export interface DeliveriesOptions {
  readonly outbox: Outbox;
  /** Sends the file as it is now, unless somebody else has changed it on the server. */
  readonly save: (
    item: OutboxItem,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<SavedFile>;
  /** Makes both sides like one of them. */
  readonly take: (item: OutboxItem, decision: Decision, options: TakeOptions) => Promise<void>;
  readonly clock: Clock;
  /** Told that the outbox could not be written; the upload goes on. */
  readonly onProblem: (error: unknown) => void;
}

/** Something that is to be sent, and how far it is. */
export interface Delivery extends SaveItem {
  readonly job: OutboxItem;
  /** It has failed before, or is left from an earlier session. */
  readonly isHeldUp: boolean;
  /** When it is tried again by itself, in milliseconds since the epoch. */
  readonly nextAttemptAt: number | undefined;
}

/** Milliseconds before the first, second, ... attempt more; the last one holds from then on. */
const delays = [5000, 15_000, 60_000, 300_000];

/** Files that are read and sent at the same time; the others wait in the outbox. */
const width = 8;

/** A delivery, and what it takes to carry it on. */
interface DeliveryRecord extends Delivery {
  state: SaveState;
  isHeldUp: boolean;
  nextAttemptAt: number | undefined;
  /** Saved since the upload that is under way began to read. */
  isDirty: boolean;
  decided: (TakeOptions & { readonly decision: Decision }) | undefined;
  /** Those in a row that found the server away. */
  attempts: number;
  failedAt: number;
  /** Keeps the next attempt from coming by itself. */
  cancel: () => void;
}

/**
 * Brings saved files to their servers: what is to be sent is on the disk before the first attempt, and stays there until
 * it has arrived. Where the server is away it is tried again, later and later; what the user has to decide waits.
 */
export class Deliveries implements AsyncDisposable {
  readonly #options: DeliveriesOptions;
  readonly #queue: SaveQueue;
  readonly #work = new SideBySide(width);
  /** What is in the outbox, by key. */
  readonly #records: Map<string, DeliveryRecord>;
  /** Those that wait for their server, by connection; who has waited longest comes first. */
  readonly #away = new Map<string, Set<DeliveryRecord>>();
  readonly #listeners = new Set<(changed: SaveItem) => void>();
  #isClosed = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    this.#records = new Map(options.outbox.items.map((item) => [jobKey(item), recordOf(item, true)]));
    this.#queue = new SaveQueue((job, onProgress, signal) => this.#upload(job, onProgress, signal));
    this.#queue.onDidChange((changed) => this.#see(changed));
  }

  /** All that has not arrived; each goes on telling how far it is. */
  get items(): readonly Delivery[] {
    return [...this.#records.values()];
  }

  find(job: SaveJob): Delivery | undefined {
    return this.#records.get(jobKey(job));
  }

  /** Takes up what an earlier session left. */
  resume(): void {
    for (const { job } of this.items) void this.#queue.upload(job);
  }

  /** Never rejects: a failure is an outcome, and stays in `items`. */
  async send(item: OutboxItem): Promise<SaveOutcome> {
    const key = jobKey(item);
    const record = this.#records.get(key) ?? recordOf(item, false);
    record.isDirty = true;
    this.#records.set(key, record);
    try {
      await this.#options.outbox.add(item);
    } catch (error) {
      this.#options.onProblem(error);
    }
    return this.#queue.upload(item);
  }

  /** Tries again at once what has failed, or one file. */
  async retry(job?: SaveJob): Promise<readonly SaveOutcome[]> {
    const records = job ? [this.#records.get(jobKey(job))] : this.#records.values();
    for (const record of records) if (record) record.attempts = 0;
    return this.#queue.retry(job);
  }

  /** The server can be reached again: what has waited for it need not wait longer. */
  connectionIsBack(connection: string): void {
    this.#retryAway(connection, Infinity);
  }

  /** Ends a conflict. @param action what it is part of, when more than this one is settled */
  async settle(job: SaveJob, decision: Decision, action?: SyncAction): Promise<SaveOutcome> {
    const record = this.#records.get(jobKey(job));
    // Only who knows that the server has it no more can mean that it is to go here, too.
    if (record) record.decided = { decision, mayDelete: isDeletedThere(record.state), action };
    return this.#queue.upload(job);
  }

  /** Nobody wants it sent any more. What is under way already may still arrive. */
  async discard(job: SaveJob): Promise<void> {
    this.#queue.dismiss(job);
    await this.#forget(job);
    this.#tell({ job, state: { kind: 'waiting' } });
  }

  /** Told every change of what waits. The answer ends it. */
  onDidChange(listener: (changed: SaveItem) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cancels what is under way; it stays in the outbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const record of this.#records.values()) this.#waitNoMore(record);
    this.#queue.close();
    await this.#work.idle();
    await this.#options.outbox[Symbol.asyncDispose]();
  }

  #upload(
    job: SaveJob,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<SaveResult | undefined> {
    return new Promise((resolve, reject) => {
      const work = (): Promise<void> => this.#deliver(job, onProgress, signal).then(resolve, reject);
      void this.#work.start(work);
    });
  }

  async #deliver(
    job: SaveJob,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<SaveResult | undefined> {
    throwIfCancelled(signal, job.remotePath);
    const { save, take } = this.#options;
    const record = this.#records.get(jobKey(job));
    if (!record) throw cancelled(job.remotePath);
    // It was about what stands in conflict now, not about what is saved later.
    const { decided } = record;
    record.decided = undefined;
    record.isDirty = false;
    let result: SaveResult | undefined;
    if (decided) await take(record.job, decided.decision, { ...decided, signal });
    else result = resultOf(job, await save(record.job, onProgress, signal));
    // What was saved since, be it after it was discarded, has its own upload behind this one.
    if (!this.#records.get(jobKey(job))?.isDirty) await this.#forget(job);
    return result;
  }

  #see(changed: SaveItem): void {
    const { job, state } = changed;
    const record = this.#records.get(jobKey(job));
    // It was discarded while it was under way.
    if (!record && state.kind === 'failed') return this.#queue.dismiss(job);
    if (record) this.#note(record, state);
    this.#tell(changed);
    // What fails again and again beside others that arrive must not be tried with each of them.
    if (state.kind === 'done') this.#retryAway(job.connection, this.#options.clock.now() - (delays[0] ?? 0));
  }

  #note(record: DeliveryRecord, state: SaveState): void {
    record.state = state;
    switch (state.kind) {
      case 'waiting':
        return;
      case 'uploading':
        return this.#waitNoMore(record);
      case 'done':
        // What was saved since is still to come.
        record.state = { kind: 'waiting' };
        record.isHeldUp = false;
        record.attempts = 0;
        return;
      case 'failed':
        record.isHeldUp = true;
        this.#plan(record, failureReason(state.error) === 'away');
    }
  }

  /** When to try again. */
  #plan(record: DeliveryRecord, isAway: boolean): void {
    const { clock } = this.#options;
    const { job, attempts } = record;
    record.attempts = isAway ? attempts + 1 : 0;
    if (!isAway || this.#isClosed) return;
    const delay = delays[Math.min(attempts, delays.length - 1)] ?? 0;
    record.failedAt = clock.now();
    record.nextAttemptAt = record.failedAt + delay;
    record.cancel = clock.after(delay, () => void this.#queue.retry(job));
    const away = this.#away.get(job.connection) ?? new Set();
    this.#away.set(job.connection, away.add(record));
  }

  /** Tries again at once what has waited for a server since then, in milliseconds since the epoch, or longer. */
  #retryAway(connection: string, since: number): void {
    for (const { job, failedAt } of this.#away.get(connection) ?? []) {
      if (failedAt > since) return;
      void this.#queue.retry(job);
    }
  }

  #waitNoMore(record: DeliveryRecord): void {
    record.cancel();
    record.nextAttemptAt = undefined;
    this.#away.get(record.job.connection)?.delete(record);
  }

  async #forget(job: SaveJob): Promise<void> {
    const record = this.#records.get(jobKey(job));
    if (record) this.#waitNoMore(record);
    this.#records.delete(jobKey(job));
    await this.#options.outbox.remove(job);
  }

  #tell(changed: SaveItem): void {
    for (const listener of this.#listeners) listener(changed);
  }
}

function recordOf(job: OutboxItem, isHeldUp: boolean): DeliveryRecord {
  return {
    job,
    state: { kind: 'waiting' },
    isHeldUp,
    nextAttemptAt: undefined,
    isDirty: false,
    decided: undefined,
    attempts: 0,
    failedAt: 0,
    cancel: () => undefined,
  };
}

function isDeletedThere(state: SaveState): boolean {
  return state.kind === 'failed' && state.error instanceof SaveConflict && state.error.conflict === 'deleted';
}

/** @throws SaveConflict, LocalFileGone */
function resultOf(job: SaveJob, saved: SavedFile): SaveResult | undefined {
  switch (saved.kind) {
    case 'uploaded':
      return saved.result;
    case 'same':
      return undefined;
    case 'gone':
      throw new LocalFileGone(job);
    case 'conflict':
      throw new SaveConflict(job.remotePath, conflictKind(saved));
  }
}
