import { EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import type { RemoteEntry } from '../../remote/remoteEntry.ts';
import { joinPath, parentPath } from '../../remote/remotePath.ts';
import { isTemporaryName } from '../../remote/temporaryName.ts';
import type { Connection } from '../connection.ts';
import type { Connections } from '../connections.ts';
import { sortedEntries } from '../entryText.ts';
import { errorText } from '../errorText.ts';
import { listFolder } from '../listFolder.ts';
import { NotConnected } from '../notConnected.ts';
import type { ProfileStore } from '../profileStore.ts';
import { SandboxStopped } from '../sandboxStopped.ts';
import { connectionItem, entryItem, goneItem, pendingItem, problemItem } from './treeItem.ts';
import { type ConnectionNode, type EntryNode, isPlace, type PendingNode, type TreeNode } from './treeNode.ts';

type Parent = ConnectionNode | EntryNode;

export interface RemoteTreeOptions {
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  /** Hears of every listing that is shown. */
  readonly onListed: (connection: Connection, folder: string, entries: readonly RemoteEntry[]) => void;
}

/** The rows of the Connections view: read when they are expanded, told of changes one folder at a time. */
export class RemoteTree implements TreeDataProvider<TreeNode> {
  readonly #options: RemoteTreeOptions;
  readonly #changed = new EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #roots = new Map<string, ConnectionNode>();
  /** By connection and path. */
  readonly #entries = new Map<string, EntryNode>();

  constructor(options: RemoteTreeOptions) {
    this.#options = options;
    options.profiles.onDidChange.add(() => this.#changed.fire(undefined));
    options.connections.onDidChangeState.add((connection) => this.#stateChanged(connection));
    options.connections.onDidChangeFiles.add(({ connection, changes }) => {
      const folders = new Set(changes.map(({ path }) => parentPath(path)));
      for (const folder of folders) this.#foldersChanged(connection.profile.name, folder);
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  getTreeItem(node: TreeNode): TreeItem {
    if (node.kind === 'entry') return entryItem(node);
    if (node.kind === 'problem') return problemItem(node);
    if (node.kind === 'pending') return pendingItem();
    const stored = this.#options.profiles.find(node.connection);
    if (!stored) return goneItem(node);
    const state = stored.result.ok ? this.#options.connections.get(node.connection).state : undefined;
    return connectionItem(node, stored, state ?? { kind: 'disconnected' });
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'connection' ? undefined : node.parent;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.#options.profiles.all().map(({ name }) => this.connectionNode(name));
    if (!isPlace(node)) return [];
    try {
      const connection = this.#options.connections.get(node.connection);
      const { state } = connection;
      // Only the user tries again what has failed; drawing the row anew must not.
      if (state.kind === 'failed') return [problem(node, state.error)];
      if (node.kind === 'connection' && state.kind !== 'connected') return [this.#open(node, connection)];
      return await this.#list(node, connection);
    } catch (error) {
      return error instanceof NotConnected ? [] : [problem(node, error)];
    }
  }

  /**
   * Opens a connection that is expanded, without waiting: until its children are there, VS Code would neither show
   * its state nor offer to disconnect. How it ends is a state, of which the view is told.
   */
  #open(node: ConnectionNode, connection: Connection): PendingNode {
    if (connection.state.kind === 'disconnected') connection.connect().catch(() => undefined);
    return { kind: 'pending', parent: node };
  }

  /** The row of a connection, whether or not it has been shown. */
  connectionNode(name: string): ConnectionNode {
    const key = name.toLowerCase();
    const known = this.#roots.get(key);
    if (known) return known;
    const node: ConnectionNode = { kind: 'connection', connection: name, generation: 0 };
    this.#roots.set(key, node);
    return node;
  }

  /** Reads a folder again, with all that is expanded below it; everything without a node. */
  refresh(node?: Parent): void {
    for (const each of node ? [node] : this.#roots.values()) {
      if (!this.#options.profiles.usable(each.connection)) continue;
      this.#options.connections.get(each.connection).refresh(node ? this.folderPath(node) : '/');
    }
    this.#changed.fire(node);
  }

  /** The folder whose contents a row shows. */
  folderPath(node: Parent): string {
    if (node.kind === 'entry') return node.entry.path;
    return this.#options.profiles.usable(node.connection)?.remotePath ?? '/';
  }

  async #list(node: Parent, connection: Connection): Promise<TreeNode[]> {
    const folder = this.folderPath(node);
    const entries = await connection.run((files) => listFolder(files, folder), { gesture: true });
    this.#options.onListed(connection, folder, entries);
    const shown = entries.filter((entry) => !isTemporaryName(entry.name));
    return sortedEntries(shown).map((entry) => this.#entryNode(node, entry));
  }

  #entryNode(parent: Parent, entry: RemoteEntry): EntryNode {
    const key = keyOf(parent.connection, entry.path);
    const known = this.#entries.get(key);
    if (known?.parent === parent) {
      known.entry = entry;
      return known;
    }
    const node: EntryNode = { kind: 'entry', connection: parent.connection, parent, entry };
    this.#entries.set(key, node);
    return node;
  }

  #stateChanged(connection: Connection): void {
    const node = this.connectionNode(connection.profile.name);
    if (connection.state.kind === 'disconnected') {
      node.generation++;
      for (const [key, entry] of this.#entries) {
        if (entry.connection === node.connection) this.#entries.delete(key);
      }
      this.#changed.fire(undefined);
    } else {
      this.#changed.fire(node);
    }
  }

  #foldersChanged(connection: string, folder: string): void {
    const root = this.connectionNode(connection);
    if (this.folderPath(root) === folder) this.#changed.fire(root);
    const entry = this.#entries.get(keyOf(connection, folder));
    if (entry) this.#changed.fire(entry);
  }
}

function problem(parent: Parent, error: unknown): TreeNode {
  const remedy = error instanceof SandboxStopped ? 'startSandbox' : 'tryAgain';
  return { kind: 'problem', parent, message: errorText(error), remedy };
}

function keyOf(connection: string, path: string): string {
  return joinPath(connection.toLowerCase(), path);
}
