import type { RemoteEntry } from '../../remote/remoteEntry.ts';

/** A row of the Connections view. VS Code knows rows by identity, so each is made once and changed after that. */
export type TreeNode = ConnectionNode | EntryNode | PendingNode | ProblemNode;

export interface ConnectionNode {
  readonly kind: 'connection';
  readonly connection: string;
  /** Part of the row's id: a new number makes a row that begins collapsed. */
  generation: number;
}

export interface EntryNode {
  readonly kind: 'entry';
  readonly connection: string;
  readonly parent: ConnectionNode | EntryNode;
  entry: RemoteEntry;
}

/** Stands in for the children of a connection that is being opened. */
export interface PendingNode {
  readonly kind: 'pending';
  readonly parent: ConnectionNode;
}

/** Stands in for the children that could not be listed; selecting it tries again, or does what helps. */
export interface ProblemNode {
  readonly kind: 'problem';
  readonly parent: ConnectionNode | EntryNode;
  readonly message: string;
  readonly remedy: 'tryAgain' | 'startSandbox';
}

export function isTreeNode(value: unknown): value is TreeNode {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return ['connection', 'entry', 'pending', 'problem'].includes(String(value.kind));
}

/** Rows that stand for something on a server, and not for the lack of it. */
export function isPlace(node: TreeNode): node is ConnectionNode | EntryNode {
  return node.kind === 'connection' || node.kind === 'entry';
}
