import { type TreeView, Uri, window } from 'vscode';
import { isFolder } from '../../remote/remoteEntry.ts';
import { isInside, parentPath } from '../../remote/remotePath.ts';
import type { Connections } from '../connections.ts';
import type { ProfileStore, StoredProfile } from '../profileStore.ts';
import type { RemoteTree } from '../tree/remoteTree.ts';
import { isPlace, isTreeNode, type TreeNode } from '../tree/treeNode.ts';
import { ftpsScheme, locationOf } from '../uri.ts';
import { chosenRows } from './chosenRows.ts';
import { pickRemote, type Target, type Wanted } from './remotePick.ts';

export interface TargetsOptions {
  readonly profiles: Pick<ProfileStore, 'all' | 'find'>;
  readonly connections: Pick<Connections, 'get'>;
  readonly tree: Pick<RemoteTree, 'folderPath'>;
  readonly view: Pick<TreeView<TreeNode>, 'selection'>;
}

/**
 * What a command is about. The view passes a row, and all selected ones behind it; a key passes `selection`; the
 * Explorer passes an address; the palette passes nothing, and the user is asked.
 */
export class Targets {
  readonly #options: TargetsOptions;

  constructor(options: TargetsOptions) {
    this.#options = options;
  }

  /** A connection, valid or not. */
  async profile(values: readonly unknown[], title: string): Promise<StoredProfile | undefined> {
    const [node] = this.#nodes(values);
    if (node) return this.#options.profiles.find(connectionOf(node));
    const all = this.#options.profiles.all();
    if (all.length === 0) {
      throw new Error('There is no connection yet. Add one in the Connections view.');
    }
    const picked = await window.showQuickPick(
      all.map((stored) => ({
        label: stored.name,
        description: stored.result.ok
          ? `${stored.result.profile.user}@${stored.result.profile.host}`
          : 'invalid',
        stored,
      })),
      { title, placeHolder: 'Choose a connection' },
    );
    return picked?.stored;
  }

  /** The folder to put something into; of a file the one that holds it. */
  async folder(values: readonly unknown[], title: string): Promise<Target | undefined> {
    const [target] = await this.#given(values);
    if (!target) return this.#ask('folder', title);
    if (!target.entry || isFolder(target.entry)) return target;
    return { connection: target.connection, path: parentPath(target.path) };
  }

  async one(values: readonly unknown[], wanted: Wanted, title: string): Promise<Target | undefined> {
    const [target] = await this.#given(values);
    return target ?? (isKey(values) ? undefined : this.#ask(wanted, title));
  }

  /** All that is selected and meant; what lies inside another such folder is part of that folder. */
  async several(
    values: readonly unknown[],
    title: string,
    isMeant: (target: Target) => boolean = () => true,
  ): Promise<readonly Target[]> {
    const given = await this.#given(values);
    const asked = given.length === 0 && !isKey(values) ? [await this.#ask('any', title)] : given;
    const targets = asked.filter((target) => target !== undefined).filter(isMeant);
    return targets.filter(
      (target) =>
        !targets.some(
          ({ connection, path }) =>
            connection === target.connection && path !== target.path && isInside(path, target.path),
        ),
    );
  }

  async #given(values: readonly unknown[]): Promise<Target[]> {
    const uris = chosenRows(values, isRemoteUri, (uri) => uri.toString());
    if (uris.length > 0) return Promise.all(uris.map((uri) => this.#byAddress(uri)));
    return this.#nodes(values).flatMap((node) => {
      if (!isPlace(node)) return [];
      const connection = this.#options.connections.get(node.connection);
      const entry = node.kind === 'entry' ? node.entry : undefined;
      return [{ connection, path: this.#options.tree.folderPath(node), entry }];
    });
  }

  async #byAddress(uri: Uri): Promise<Target> {
    const { profile, path } = locationOf(uri);
    const connection = this.#options.connections.get(profile);
    const entry = await connection.run((files) => files.stat(path), { gesture: true });
    return { connection, path, entry };
  }

  #nodes(values: readonly unknown[]): readonly TreeNode[] {
    if (isKey(values)) return this.#options.view.selection;
    return chosenRows(values, isTreeNode);
  }

  async #ask(wanted: Wanted, title: string): Promise<Target | undefined> {
    const stored = await this.profile([], title);
    return stored && pickRemote(this.#options.connections.get(stored.name), wanted, title);
  }
}

/** A key is about what is selected, and about nothing where nothing is. */
function isKey([first]: readonly unknown[]): boolean {
  return first === 'selection';
}

function isRemoteUri(value: unknown): value is Uri {
  return value instanceof Uri && value.scheme === ftpsScheme;
}

function connectionOf(node: TreeNode): string {
  return isPlace(node) ? node.connection : node.parent.connection;
}
