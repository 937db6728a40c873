import { stat } from 'node:fs/promises';
import type { Deliveries } from '../../sync/deliveries.ts';
import { failureReason } from '../../sync/saveFailure.ts';
import type { SaveJob } from '../../sync/saveJob.ts';
import type { Deletions } from '../deletions.ts';
import type { CarriedFile, SyncPairs } from '../sync/syncPairs.ts';
import { uploadTargets } from '../uploadTargets.ts';

/** What the user did when a file was saved. */
export interface SavedHere {
  readonly localFile: string;
  /** SHA-256 of the file before, where that is known. */
  readonly previousHash: string | undefined;
  /** Not by autosave. */
  readonly isManual: boolean;
}

export interface LocalChangesOptions {
  readonly pairs: Pick<SyncPairs, 'of' | 'meantInside' | 'tellUndecided'>;
  readonly deliveries: Pick<Deliveries, 'items' | 'send' | 'retry' | 'discard'>;
  readonly deletions: Pick<Deletions, 'carry'>;
  /** What there is to send of a file, or of a folder and all below it. */
  readonly jobsIn: (file: string) => Promise<readonly SaveJob[]>;
  /** A file that is about to be sent was saved by hand. */
  readonly savedByHand: (job: SaveJob) => void;
}

/** Has carried over what the editor does to local files: it saves, deletes and renames them. */
export class LocalChanges {
  readonly #options: LocalChangesOptions;
  /** What files were when the editor had saved them. */
  readonly #saved = new Map<string, string>();

  constructor(options: LocalChangesOptions) {
    this.#options = options;
  }

  /** Whether the file is as the editor has saved it. */
  isSavedHere(localFile: string, modifiedAt: number, size: number): boolean {
    return this.#saved.get(localFile) === stampOf({ mtimeMs: modifiedAt, size });
  }

  async saved({ localFile, previousHash, isManual }: SavedHere): Promise<void> {
    const { pairs, deliveries, savedByHand } = this.#options;
    const stats = await stat(localFile).catch(() => undefined);
    if (stats) this.#saved.set(localFile, stampOf(stats));
    for (const target of await uploadTargets(pairs, localFile, ({ onSave }) => onSave)) {
      if (isManual) savedByHand(target);
      void deliveries.send({ ...target, ...(previousHash === undefined ? {} : { previousHash }) });
    }
  }

  async deleted(localFiles: readonly string[]): Promise<void> {
    await this.#options.deletions.carry(localFiles);
  }

  /** The old name goes when the server has the file under the new one. */
  async renamed(files: readonly { readonly from: string; readonly to: string }[]): Promise<void> {
    const { pairs, deletions } = this.#options;
    const arrived: string[] = [];
    for (const { from, to } of files) {
      const wants = pairs.of(from).some(({ pair }) => pair.mapping.deleteOnServer);
      if (wants && (await this.#hasArrived(to))) arrived.push(from);
    }
    await deletions.carry(arrived);
  }

  /** What waited for an answer need not wait for it when a sync has brought both sides together. */
  async carried({ connection, localFile, isGone }: CarriedFile): Promise<void> {
    const { deliveries } = this.#options;
    for (const { job, state } of deliveries.items) {
      if (job.connection !== connection || job.localFile !== localFile || state.kind !== 'failed') continue;
      const reason = failureReason(state.error);
      if (reason !== 'conflict' && reason !== 'gone') continue;
      if (isGone) await deliveries.discard(job);
      // Finds that both sides are the same, and asks again where they are not any more.
      else await deliveries.retry(job);
    }
  }

  /**
   * Sends what was renamed as far as mappings carry renames.
   * @returns whether all of it is on the server, or belongs to none any more
   */
  async #hasArrived(file: string): Promise<boolean> {
    const { pairs, jobsIn, deliveries } = this.#options;
    const jobs = await jobsIn(file);
    if (jobs.length === 0) return pairs.of(file).length === 0;
    const carried = jobs.filter((job) => this.#carriesRenames(job));
    const outcomes = await Promise.all(carried.map((job) => deliveries.send(job)));
    return carried.length === jobs.length && outcomes.every(({ kind }) => kind === 'done');
  }

  #carriesRenames({ localFile, connection }: SaveJob): boolean {
    const found = this.#options.pairs.of(localFile);
    return found.some(({ pair }) => pair.profile.name === connection && pair.mapping.deleteOnServer);
  }
}

function stampOf({ mtimeMs, size }: { readonly mtimeMs: number; readonly size: number }): string {
  return `${mtimeMs} ${size}`;
}
