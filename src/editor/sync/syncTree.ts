import { commands, EventEmitter, type TreeDataProvider, TreeItem } from 'vscode';
import type { ProfileStore } from '../profileStore.ts';
import type { SyncRow } from './syncRow.ts';

/** What the rows of the Sync view come from, once there is a review. */
export interface RowSource {
  readonly roots: readonly SyncRow[];
  childrenOf(row: SyncRow): readonly SyncRow[];
  parentOf(row: SyncRow): SyncRow | undefined;
  /** @returns undefined for a row whose step is done */
  itemOf(row: SyncRow): TreeItem | undefined;
}

/** The rows of the Sync view; without a review none, so that its welcome is shown. */
export class SyncTree implements TreeDataProvider<SyncRow> {
  readonly #profiles: Pick<ProfileStore, 'all'>;
  readonly #changed = new EventEmitter<SyncRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #source: RowSource | undefined;

  constructor(profiles: Pick<ProfileStore, 'all' | 'onDidChange'>) {
    this.#profiles = profiles;
    profiles.onDidChange.add(() => {
      if (!this.#source) this.#changed.fire(undefined);
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  show(source: RowSource | undefined): void {
    this.#source = source;
    this.#changed.fire(undefined);
  }

  redraw(row?: SyncRow): void {
    this.#changed.fire(row);
  }

  async getChildren(row?: SyncRow): Promise<SyncRow[]> {
    if (this.#source) return [...(row ? this.#source.childrenOf(row) : this.#source.roots)];
    // Which welcome it is: asked for when the view is looked at, not when the window opens.
    await commands.executeCommand('setContext', 'ftps.isMapped', isMapped(this.#profiles));
    return [];
  }

  getTreeItem(row: SyncRow): TreeItem {
    return this.#source?.itemOf(row) ?? new TreeItem('Done');
  }

  getParent(row: SyncRow): SyncRow | undefined {
    return this.#source?.parentOf(row);
  }
}

/** Whether a connection maps a folder in a place where mappings count. */
export function isMapped(profiles: Pick<ProfileStore, 'all'>): boolean {
  return profiles.all().some(({ result, source }) => {
    const counts = source.level === 'workspace' || source.level === 'folder';
    return counts && result.ok && result.profile.sync.length > 0;
  });
}
