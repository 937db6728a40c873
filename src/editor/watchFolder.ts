import { type Disposable, RelativePattern, Uri, workspace } from 'vscode';
import type { WatchedChange } from '../sync/watchBatch.ts';

/** Tells of all that changes below a local folder, whoever changes it. */
export function watchFolder(folder: string, tell: (file: string, change: WatchedChange) => void): Disposable {
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '**/*'));
  watcher.onDidCreate(({ fsPath }) => tell(fsPath, 'changed'));
  watcher.onDidChange(({ fsPath }) => tell(fsPath, 'changed'));
  watcher.onDidDelete(({ fsPath }) => tell(fsPath, 'deleted'));
  return watcher;
}
