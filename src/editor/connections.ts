import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../remote/profile.ts';
import type { RemoteChange } from '../remote/remoteFileSystem.ts';
import { Connection } from './connection.ts';
import { Listeners } from './listeners.ts';
import type { ProfileStore } from './profileStore.ts';
import { UnknownConnection } from './unknownConnection.ts';

/** The connections that are in use, by name. One whose profile changes is closed; the next need opens it anew. */
export class Connections {
  readonly onDidChangeState = new Listeners<Connection>();
  readonly onDidChangeFiles = new Listeners<{
    readonly connection: Connection;
    readonly changes: readonly RemoteChange[];
  }>();
  readonly #profiles: ProfileStore;
  readonly #create: (profile: Profile) => Connection;
  readonly #connections = new Map<string, Connection>();

  constructor(profiles: ProfileStore, create: (profile: Profile) => Connection) {
    this.#profiles = profiles;
    this.#create = create;
    profiles.onDidChange.add(() => this.#closeChanged());
  }

  /** @throws UnknownConnection when there is no usable profile of that name */
  get(name: string): Connection {
    const key = name.toLowerCase();
    const known = this.#connections.get(key);
    if (known) return known;
    const result = this.#profiles.find(name)?.result;
    if (!result?.ok) throw new UnknownConnection(name, result?.problems);
    const connection = this.#create(result.profile);
    connection.onDidChangeState.add(() => this.onDidChangeState.tell(connection));
    connection.onDidChangeFiles.add((changes) => this.onDidChangeFiles.tell({ connection, changes }));
    this.#connections.set(key, connection);
    return connection;
  }

  /** Ends what is open; a connection that is not in use is left alone. */
  async disconnect(name: string): Promise<void> {
    await this.#connections.get(name.toLowerCase())?.disconnect();
  }

  async closeAll(): Promise<void> {
    const open = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.allSettled(open.map((connection) => connection.disconnect()));
  }

  #closeChanged(): void {
    for (const [key, connection] of this.#connections) {
      const profile = this.#profiles.usable(key);
      if (isDeepStrictEqual(profile, connection.profile)) continue;
      this.#connections.delete(key);
      void connection.disconnect().catch(() => undefined);
    }
  }
}
