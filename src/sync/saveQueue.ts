import { RemoteError, toRemoteError } from '../remote/errors.ts';
import type { SaveResult } from '../remote/safeSave.ts';
import { jobKey, type SaveJob } from './saveJob.ts';

export type SaveState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'uploading'; readonly bytes: number }
  /** Without a result the server had it already. */
  | { readonly kind: 'done'; readonly result: SaveResult | undefined }
  | { readonly kind: 'failed'; readonly error: RemoteError };

export type SaveOutcome = Extract<SaveState, { kind: 'done' | 'failed' }>;

export interface SaveItem {
  readonly job: SaveJob;
  readonly state: SaveState;
}

/** Uploads the file as it is on the disk when this is called; no result where the server had it already. */
export type UploadFile = (
  job: SaveJob,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
) => Promise<SaveResult | undefined>;

interface Lane {
  readonly job: SaveJob;
  state: SaveState;
  running: Promise<SaveOutcome> | undefined;
  /** One upload behind the running one is enough: it reads what is newest when it starts. */
  next: Promise<SaveOutcome> | undefined;
}

/**
 * Uploads of saved files: those of one file run one after the other, and however often it is saved meanwhile, one more
 * follows. What failed is kept until it is tried again or dismissed.
 */
export class SaveQueue {
  readonly #upload: UploadFile;
  readonly #lanes = new Map<string, Lane>();
  readonly #listeners = new Set<(item: SaveItem) => void>();
  readonly #stop = new AbortController();

  constructor(upload: UploadFile) {
    this.#upload = upload;
  }

  /** Uploads that are waiting, under way, or failed; done ones are told and forgotten. */
  get items(): readonly SaveItem[] {
    return [...this.#lanes.values()].map(({ job, state }) => ({ job, state }));
  }

  /** Never rejects: a failure is an outcome, and stays in `items`. */
  async upload(job: SaveJob): Promise<SaveOutcome> {
    const key = jobKey(job);
    const lane = this.#lanes.get(key) ?? {
      job,
      state: { kind: 'waiting' },
      running: undefined,
      next: undefined,
    };
    this.#lanes.set(key, lane);
    if (lane.next) return lane.next;
    if (!lane.running) return this.#start(lane);
    lane.next = lane.running.then(() => this.#start(lane));
    return lane.next;
  }

  /** Tries everything again that has failed, or one file. */
  async retry(job?: SaveJob): Promise<readonly SaveOutcome[]> {
    const lanes = job ? [this.#lanes.get(jobKey(job))] : [...this.#lanes.values()];
    const failed = lanes.flatMap((lane) => (lane?.state.kind === 'failed' ? [lane.job] : []));
    return Promise.all(failed.map((each) => this.upload(each)));
  }

  /** Forgets a failure. */
  dismiss(job: SaveJob): void {
    const lane = this.#lanes.get(jobKey(job));
    if (lane?.state.kind === 'failed') this.#lanes.delete(jobKey(job));
  }

  /** Told every change of a state. The answer ends it. */
  onDidChange(listener: (item: SaveItem) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cancels what is under way. */
  close(): void {
    this.#stop.abort();
  }

  #start(lane: Lane): Promise<SaveOutcome> {
    this.#tell(lane, { kind: 'waiting' });
    lane.next = undefined;
    lane.running = this.#run(lane);
    return lane.running;
  }

  async #run(lane: Lane): Promise<SaveOutcome> {
    const { job } = lane;
    let outcome: SaveOutcome;
    try {
      this.#stop.signal.throwIfAborted();
      this.#tell(lane, { kind: 'uploading', bytes: 0 });
      const onProgress = (bytes: number): void => this.#tell(lane, { kind: 'uploading', bytes });
      outcome = { kind: 'done', result: await this.#upload(job, onProgress, this.#stop.signal) };
    } catch (error) {
      outcome = { kind: 'failed', error: toRemoteError(error, job.remotePath, 'upload') };
    }
    lane.running = undefined;
    if (outcome.kind === 'done' && !lane.next) this.#lanes.delete(jobKey(job));
    this.#tell(lane, outcome);
    return outcome;
  }

  #tell(lane: Lane, state: SaveState): void {
    lane.state = state;
    for (const listener of this.#listeners) listener({ job: lane.job, state });
  }
}
