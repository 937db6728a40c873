import { type Disposable, workspace } from 'vscode';
import { syncLimits } from '../settings.ts';
import type { SyncPairs, SyncPairsOptions } from './syncPairs.ts';

/** The pairs of this window, which are loaded, with all that a sync needs, when somebody first asks for them. */
export class LazySyncPairs implements Disposable {
  readonly #options: Omit<SyncPairsOptions, 'folders' | 'limits'>;
  #pairs: Promise<SyncPairs> | undefined;

  constructor(options: Omit<SyncPairsOptions, 'folders' | 'limits'>) {
    this.#options = options;
  }

  get(): Promise<SyncPairs> {
    this.#pairs ??= this.#load();
    return this.#pairs;
  }

  dispose(): void {
    void this.#pairs?.then((pairs) => pairs.dispose());
  }

  async #load(): Promise<SyncPairs> {
    const { SyncPairs } = await import('./syncPairs.ts');
    return new SyncPairs({ ...this.#options, folders: localFolders, limits: syncLimits });
  }
}

function localFolders() {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return folders.map(({ uri }) => ({ address: uri.toString(), path: uri.fsPath }));
}
