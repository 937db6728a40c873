import { joinPath } from '../remote/remotePath.ts';
import { SyncAction } from '../sync/syncAction.ts';
import type { LocalPlace } from './commands/localPlaces.ts';
import { placesByPair } from './commands/placesByPair.ts';
import { errorText } from './errorText.ts';
import type { SyncPair, SyncPairs } from './sync/syncPairs.ts';

/** Most files and folders that are deleted on the server at once without a look at each. */
const quietly = 20;

export interface DeletionsOptions {
  readonly pairs: Pick<SyncPairs, 'meantInside' | 'tellUndecided' | 'sync'>;
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

  /** @param localFiles files and folders that have gone at once: of many of them together none is deleted unseen */
  async carry(localFiles: readonly string[]): Promise<void> {
    const { pairs, log, onMany } = this.#options;
    const action = new SyncAction();
    for (const { pair, places } of placesByPair(localFiles.flatMap((file) => this.#placesOf(file)))) {
      const paths = places.map(({ path }) => path);
      const { steps, outcomes } = await pairs.sync(pair).carryDeletion(paths, quietly, { action });
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
    await this.carry(files);
  }

  /** Where it is to be deleted. */
  #placesOf(localPath: string): readonly LocalPlace[] {
    const { pairs } = this.#options;
    const { places, rivals } = pairs.meantInside(localPath);
    const carried = places.filter(({ pair }) => pair.mapping.deleteOnServer);
    if (rivals.length === 0) return carried.map((place) => ({ localPath, ...place }));
    if (carried.length > 0) {
      this.#undecided.add(localPath);
      pairs.tellUndecided({ localFile: localPath, isGone: true });
    }
    return [];
  }
}
