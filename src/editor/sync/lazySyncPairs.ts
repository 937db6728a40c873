import type { Disposable } from 'vscode';
import { ActiveProfile, type WorkspaceMemory } from '../activeProfile.ts';
import { LazyValue } from '../lazyValue.ts';
import { localFolders } from '../localFolders.ts';
import { syncLimits } from '../settings.ts';
import { SyncMarks } from './syncMarks.ts';
import type { SyncPairs, SyncPairsOptions } from './syncPairs.ts';

export interface LazySyncPairsOptions
  extends Omit<SyncPairsOptions, 'folders' | 'limits' | 'active' | 'marks'> {
  readonly memory: WorkspaceMemory;
}

/** The pairs of this window, which are loaded, with all that a sync needs, when somebody first asks for them. */
export class LazySyncPairs implements Disposable {
  readonly active: ActiveProfile;
  readonly marks = new SyncMarks();
  readonly #options: LazySyncPairsOptions;
  readonly #pairs = new LazyValue(() => this.#load());

  constructor(options: LazySyncPairsOptions) {
    this.#options = options;
    this.active = new ActiveProfile(options.memory);
  }

  get(): Promise<SyncPairs> {
    return this.#pairs.get();
  }

  dispose(): void {
    void this.#pairs.begun?.then((pairs) => pairs.dispose());
  }

  async #load(): Promise<SyncPairs> {
    const { SyncPairs } = await import('./syncPairs.ts');
    const { active, marks } = this;
    return new SyncPairs({ ...this.#options, active, marks, folders: localFolders, limits: syncLimits });
  }
}
