import {
  commands,
  Disposable,
  type TextDocument,
  TextDocumentChangeReason,
  Uri,
  window,
  workspace,
} from 'vscode';
import { baseName } from '../remote/remotePath.ts';
import { type EditedDocument, LoadedVersions } from './loadedVersions.ts';
import { isOverwritingWished } from './settings.ts';
import { addressOf, ftpsScheme } from './uri.ts';

const overwrite = 'Overwrite';
const compare = 'Compare';

/** What VS Code's documents have loaded from servers. */
export function createLoadedVersions(): LoadedVersions {
  return new LoadedVersions({
    ask: async ({ profile, path }) => {
      if (isOverwritingWished(Uri.from(addressOf(profile, path)))) return 'overwrite';
      const message = `${baseName(path)} has changed on ${profile} since it was opened here.`;
      const detail = `${overwrite} replaces what is there now. To take theirs instead, cancel, and choose Revert File.`;
      const answer = await window.showWarningMessage(message, { modal: true, detail }, compare, overwrite);
      if (answer === overwrite) return 'overwrite';
      return answer === compare ? 'compare' : undefined;
    },
    compare: ({ profile, path }) => {
      const edited = Uri.from(addressOf(profile, path));
      const title = `${baseName(path)} (${profile} ↔ Editor)`;
      void commands.executeCommand('vscode.diff', edited.with({ query: 'server' }), edited, title);
    },
  });
}

/** Tells which documents are opened, changed, saved and closed. */
export function followDocuments(versions: LoadedVersions): Disposable {
  const onServer = (act: (document: EditedDocument) => void) => (document: TextDocument) => {
    if (document.uri.scheme !== ftpsScheme) return;
    act({ address: document.uri.toString(), isDirty: document.isDirty });
  };
  return Disposable.from(
    workspace.onDidOpenTextDocument(onServer((document) => versions.opened(document))),
    workspace.onDidCloseTextDocument(onServer(({ address }) => versions.closed(address))),
    workspace.onWillSaveTextDocument(({ document }) =>
      onServer(({ address }) => versions.willSave(address))(document),
    ),
    workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const isUndo = reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo;
      const change = contentChanges.length > 0 ? { isUndo } : undefined;
      onServer((edited) => versions.changed(edited, change))(document);
    }),
  );
}
