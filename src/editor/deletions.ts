import { joinPath } from '../remote/remotePath.ts';
import { SyncAction } from '../sync/syncAction.ts';
import { errorText } from './errorText.ts';
import type { SyncPair, SyncPairs } from './sync/syncPairs.ts';

/** Most files that are deleted on the server without a look at each. */
const quietly = 20;

export interface DeletionsOptions {
  readonly pairs: Pick<SyncPairs, 'of' | 'activeOf' | 'sync'>;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** Told of so many files that have to be looked at first. */
  readonly onMany: (pair: SyncPair, count: number) => void;
}

/**
 * Deletes on the server what was deleted here, where the mapping says so. What cannot be deleted now, and what somebody
 * has changed there, is left to the next sync, which knows of it.
 */
export class Deletions {
  readonly #options: DeletionsOptions;
  /** What several connections map while none of them is the active one. */
  readonly #undecided = new Set<string>();

  constructor(options: DeletionsOptions) {
    this.#options = options;
  }

  /**
   * @param localFile a file or folder that is gone
   * @param action what it is part of, when more than this one has gone at once
   */
  async carry(localFile: string, action?: SyncAction): Promise<void> {
    const { pairs, log, onMany } = this.#options;
    const mapped = pairs.of(localFile);
    if (!mapped.some(({ pair }) => pair.mapping.deleteOnServer)) return;
    const meant = mapped.length > 1 ? pairs.activeOf(localFile, { isGone: true }) : mapped;
    if (meant.length === 0) this.#undecided.add(localFile);
    for (const { pair, path } of meant) {
      if (!pair.mapping.deleteOnServer) continue;
      const { steps, outcomes } = await pairs.sync(pair).carryDeletion(path, quietly, { action });
      if (outcomes.length < steps.length) onMany(pair, steps.length);
      for (const { step, error } of outcomes) {
        const what = `${joinPath(pair.mapping.remote, step.path)} on ${pair.profile.name}`;
        if (error) log.warn(`Left ${what}: ${errorText(error)}`);
        else log.info(`Deleted ${what}, as it was deleted here`);
      }
    }
  }

  /** To be called when the active connection has been chosen. */
  async carryUndecided(): Promise<void> {
    const files = [...this.#undecided];
    this.#undecided.clear();
    const action = new SyncAction();
    for (const file of files) await this.carry(file, action);
  }
}
