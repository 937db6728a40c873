import { workspace } from 'vscode';
import type { LocalFolder } from './uploadTargets.ts';

/** The folders of the workspace that are on this computer. */
export function localFolders(): readonly LocalFolder[] {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return folders.map(({ uri }) => ({ address: uri.toString(), path: uri.fsPath }));
}
