import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** What tells one workspace from another. */
interface WorkspaceIdentity {
  readonly workspaceFile: { toString(): string } | undefined;
  readonly workspaceFolders: readonly { readonly uri: { toString(): string } }[] | undefined;
}

/**
 * Where the outbox of a workspace lies, the same for every window on it. VS Code's own storage of a workspace is not: it
 * gives a second window another one, and a window that opens before the extension host of an earlier one has ended.
 * @param storage the product's folder for all workspaces
 */
export function outboxFolder(
  storage: string,
  { workspaceFile, workspaceFolders }: WorkspaceIdentity,
): string {
  const folders = (workspaceFolders ?? []).map(({ uri }) => uri.toString());
  const identity = workspaceFile?.toString() ?? folders.join('\n');
  return join(storage, 'outbox', createHash('sha256').update(identity).digest('hex').slice(0, 32));
}
