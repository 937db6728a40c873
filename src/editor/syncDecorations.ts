import { Disposable, EventEmitter, FileDecoration, ThemeColor, Uri, window } from 'vscode';
import type { SyncMarks } from './sync/syncMarks.ts';

/** Shows in the Explorer which files differ from the server since the last check. */
export function registerSyncDecorations(marks: SyncMarks): Disposable {
  const changed = new EventEmitter<Uri[]>();
  const provider = window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration({ scheme, fsPath }) {
      const mark = scheme === 'file' ? marks.of(fsPath) : undefined;
      if (!mark) return undefined;
      const color =
        mark.badge === '!' ? 'list.warningForeground' : 'gitDecoration.modifiedResourceForeground';
      const decoration = new FileDecoration(mark.badge, mark.tooltip, new ThemeColor(color));
      // The folders around it are coloured, so that it is found.
      decoration.propagate = true;
      return decoration;
    },
  });
  const stop = marks.onDidChange.add((files) => changed.fire(files.map((file) => Uri.file(file))));
  return Disposable.from(provider, changed, { dispose: stop });
}
