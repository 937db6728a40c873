import { ActiveProfile } from '../../../src/editor/activeProfile.ts';
import { SyncMarks } from '../../../src/editor/sync/syncMarks.ts';
import { SyncPairs } from '../../../src/editor/sync/syncPairs.ts';
import { readProfile } from '../../../src/remote/profile.ts';
import type { FolderSync } from '../../../src/sync/folderSync.ts';
import type { PairSite } from '../../sync/support/pairSite.ts';
import { WorkspaceMemory } from './workspaceMemory.ts';

/** The folders of a site as connections map them; what is synced by one of them is synced with that site. */
export class SitePairs extends SyncPairs {
  readonly active: ActiveProfile;
  readonly #sync: FolderSync;

  /** @param syncs what each connection says of its folders, by its name */
  constructor(at: PairSite, syncs: Readonly<Record<string, unknown>>) {
    const active = new ActiveProfile(new WorkspaceMemory());
    super({
      profiles: {
        all: () =>
          Object.entries(syncs).map(([name, sync]) => {
            const value = { host: 'ftp.example.com', user: 'anna', sync };
            return { name, value, source: { level: 'workspace' }, result: readProfile(name, value) };
          }),
      },
      connections: {
        get: () => {
          throw new Error('Nobody is to connect.');
        },
      },
      active,
      marks: new SyncMarks(),
      folders: () => [{ address: 'file:///home/anna', path: at.local }],
      storage: at.storage,
      clock: { now: () => at.now },
      limits: () => ({ snapshotLimit: 0, compareLimit: 0 }),
    });
    this.active = active;
    this.#sync = at.sync();
  }

  override sync(): FolderSync {
    return this.#sync;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sync[Symbol.asyncDispose]();
  }
}
