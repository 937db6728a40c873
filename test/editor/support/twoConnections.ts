import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Targets } from '../../../src/editor/commands/targets.ts';
import { Connections } from '../../../src/editor/connections.ts';
import { MountedMemory } from '../../../src/editor/mountedMemory.ts';
import { ProfileStore } from '../../../src/editor/profileStore.ts';
import type { EntryNode, TreeNode } from '../../../src/editor/tree/treeNode.ts';
import type { RemoteEntry } from '../../../src/remote/remoteEntry.ts';
import { Site } from '../../remote/support/site.ts';
import { ConnectionHarness } from './connectionHarness.ts';
import { entryOf } from './entries.ts';

/** The connections `production` and `staging`, each to a server of its own, and what the commands about them find. */
export class TwoConnections implements AsyncDisposable {
  readonly production: Site;
  readonly staging: Site;
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly targets: Targets;
  readonly #base: string;

  private constructor(base: string, production: Site, staging: Site) {
    this.#base = base;
    this.production = production;
    this.staging = staging;
    const user = {
      production: { host: 'production.example.com', user: 'anna' },
      staging: { host: 'staging.example.com', user: 'anna' },
    };
    this.profiles = new ProfileStore({
      readLevels: () => ({ user, workspace: undefined, folders: [] }),
      mountedNames: () => [],
      memory: new MountedMemory(join(base, 'mounted.json')),
    });
    this.connections = new Connections(this.profiles, (profile) => {
      const harness = new ConnectionHarness(profile);
      harness.passwords = ['secret'];
      harness.serve = async () => (profile.name === 'staging' ? staging : production).files;
      return harness.connection;
    });
    const folderPath = (node: TreeNode): string => (node.kind === 'entry' ? node.entry.path : '/');
    const { profiles, connections } = this;
    this.targets = new Targets({ profiles, connections, tree: { folderPath }, view: { selection: [] } });
  }

  static async start(): Promise<TwoConnections> {
    const base = await mkdtemp(join(tmpdir(), 'ftps-two-'));
    return new TwoConnections(base, await Site.start(), await Site.start());
  }

  /** Where something is on this computer that the commands bring here. */
  local(name = ''): string {
    return join(this.#base, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.production[Symbol.asyncDispose]();
    await this.staging[Symbol.asyncDispose]();
    await rm(this.#base, { recursive: true });
  }
}

/** A row of the Connections view. */
export function rowOf(connection: string, path: string, type: RemoteEntry['type'] = 'file'): EntryNode {
  const parent = { kind: 'connection', connection, generation: 0 } as const;
  return { kind: 'entry', connection, parent, entry: entryOf(path, { type }) };
}
