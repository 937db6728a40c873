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

interface Waiting {
  readonly attempts: number;
  readonly failedAt: number;
  readonly nextAttemptAt: number;
  readonly cancel: () => void;
}

/**
 * Brings saved files to their servers: what is to be sent is on the disk before the first attempt, and stays there until
 * it has arrived. Where the server is away it is tried again, later and later; what the user has to decide waits.
 */
export class Deliveries implements AsyncDisposable {
  readonly #options: DeliveriesOptions;
  readonly #queue: SaveQueue;
  readonly #work = new SideBySide(width);
  /** Saved since the upload that is under way began to read. */
  readonly #dirty = new Set<string>();
  readonly #decisions = new Map<string, TakeOptions & { readonly decision: Decision }>();
  readonly #heldUp = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<(changed: SaveItem) => void>();
  #isClosed = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    this.#queue = new SaveQueue((job, onProgress, signal) => this.#upload(job, onProgress, signal));
    this.#queue.onDidChange((changed) => this.#see(changed));
  }

  /** All that has not arrived. */
  get items(): readonly Delivery[] {
    const states = new Map<string, SaveState>(
      this.#queue.items.map(({ job, state }) => [jobKey(job), state]),
    );
    return this.#options.outbox.items.map((job) => ({
      job,
      state: states.get(jobKey(job)) ?? { kind: 'waiting' },
      isHeldUp: this.#heldUp.has(jobKey(job)),
      nextAttemptAt: this.#waiting.get(jobKey(job))?.nextAttemptAt,
    }));
  }

  /** Takes up what an earlier session left. */
  resume(): void {
    for (const item of this.#options.outbox.items) {
      this.#heldUp.add(jobKey(item));
      void this.#queue.upload(item);
    }
  }

  /** Never rejects: a failure is an outcome, and stays in `items`. */
  async send(item: OutboxItem): Promise<SaveOutcome> {
    this.#dirty.add(jobKey(item));
    try {
      await this.#options.outbox.add(item);
    } catch (error) {
      this.#options.onProblem(error);
    }
    return this.#queue.upload(item);
  }

  /** Tries again at once what has failed, or one file. */
  async retry(job?: SaveJob): Promise<readonly SaveOutcome[]> {
    for (const key of job ? [jobKey(job)] : [...this.#waiting.keys()]) this.#waitNoMore(key);
    return this.#queue.retry(job);
  }

  /** The server can be reached again: what has waited for it need not wait longer. */
  connectionIsBack(connection: string): void {
    this.#retryAway(connection, () => true);
  }

  /** Ends a conflict. @param action what it is part of, when more than this one is settled */
  async settle(job: SaveJob, decision: Decision, action?: SyncAction): Promise<SaveOutcome> {
    // Only who knows that the server has it no more can mean that it is to go here, too.
    const mayDelete = this.items.some(
      (item) => jobKey(item.job) === jobKey(job) && isDeletedThere(item.state),
    );
    this.#decisions.set(jobKey(job), { decision, mayDelete, action });
    return this.#queue.upload(job);
  }

  /** Nobody wants it sent any more. What is under way already may still arrive. */
  async discard(job: SaveJob): Promise<void> {
    this.#waitNoMore(jobKey(job));
    this.#heldUp.delete(jobKey(job));
    this.#decisions.delete(jobKey(job));
    this.#queue.dismiss(job);
    await this.#options.outbox.remove(job);
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
    for (const key of this.#waiting.keys()) this.#waitNoMore(key);
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
    const { outbox, save, take } = this.#options;
    const key = jobKey(job);
    // It was about what stands in conflict now, not about what is saved later.
    const decided = this.#decisions.get(key);
    this.#decisions.delete(key);
    const item = outbox.find(job);
    if (!item) throw cancelled(job.remotePath);
    this.#dirty.delete(key);
    let result: SaveResult | undefined;
    if (decided) await take(item, decided.decision, { ...decided, signal });
    else result = resultOf(job, await save(item, onProgress, signal));
    // What was saved since has its own upload behind this one.
    if (!this.#dirty.has(key)) await outbox.remove(job);
    return result;
  }

  #see(changed: SaveItem): void {
    const { job, state } = changed;
    const key = jobKey(job);
    if (state.kind === 'uploading') this.#waiting.get(key)?.cancel();
    if (state.kind === 'done') {
      this.#waitNoMore(key);
      this.#heldUp.delete(key);
    }
    if (state.kind === 'failed') {
      // It was discarded while it was under way.
      if (!this.#options.outbox.find(job)) return this.#queue.dismiss(job);
      this.#heldUp.add(key);
      this.#plan(job, failureReason(state.error) === 'away');
    }
    this.#tell(changed);
    if (state.kind === 'done') this.#retryAway(job.connection, (failedAt) => this.#isLongAgo(failedAt));
  }

  /** When to try again. */
  #plan(job: SaveJob, isAway: boolean): void {
    const { clock } = this.#options;
    const key = jobKey(job);
    const attempts = (this.#waiting.get(key)?.attempts ?? 0) + 1;
    this.#waitNoMore(key);
    if (!isAway || this.#isClosed) return;
    const delay = delays[Math.min(attempts, delays.length) - 1] ?? 0;
    const cancel = clock.after(delay, () => void this.#queue.retry(job));
    const failedAt = clock.now();
    this.#waiting.set(key, { attempts, failedAt, nextAttemptAt: failedAt + delay, cancel });
  }

  #retryAway(connection: string, isDue: (failedAt: number) => boolean): void {
    for (const { job, state } of this.#queue.items) {
      const waiting = this.#waiting.get(jobKey(job));
      if (state.kind !== 'failed' || job.connection !== connection || !waiting) continue;
      if (isDue(waiting.failedAt)) void this.#queue.retry(job);
    }
  }

  /** What fails again and again beside others that arrive must not be tried with each of them. */
  #isLongAgo(failedAt: number): boolean {
    return this.#options.clock.now() - failedAt >= (delays[0] ?? 0);
  }

  #waitNoMore(key: string): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
  }

  #tell(changed: SaveItem): void {
    for (const listener of this.#listeners) listener(changed);
  }
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
