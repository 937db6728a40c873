import {
  commands,
  Range,
  Selection,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { StoredProfile } from '../profileStore.ts';
import { placeOfProfile } from '../settingsPlace.ts';

/** Opens the settings that define a connection, with the cursor on it. */
export async function openSettingsAt(stored: StoredProfile): Promise<void> {
  const document = await settingsDocument(stored);
  if (!document) return;
  const place = placeOfProfile(document.getText(), stored.name);
  const editor = await window.showTextDocument(document);
  if (!place) return;
  const range = new Range(
    document.positionAt(place.offset),
    document.positionAt(place.offset + place.length),
  );
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

async function settingsDocument({ source, name }: StoredProfile): Promise<TextDocument | undefined> {
  switch (source.level) {
    case 'user':
      await commands.executeCommand('workbench.action.openSettingsJson');
      return window.activeTextEditor?.document;
    case 'workspace': {
      // One that was never saved lies where only VS Code knows.
      if (workspace.workspaceFile?.scheme === 'untitled') {
        await commands.executeCommand('workbench.action.openWorkspaceConfigFile');
        return window.activeTextEditor?.document;
      }
      const [folder] = workspace.workspaceFolders ?? [];
      const file =
        workspace.workspaceFile ?? (folder && Uri.joinPath(folder.uri, '.vscode', 'settings.json'));
      return file && workspace.openTextDocument(file);
    }
    case 'folder': {
      const [folder] = source.folders;
      return folder === undefined
        ? undefined
        : workspace.openTextDocument(Uri.joinPath(Uri.parse(folder, true), '.vscode', 'settings.json'));
    }
    case 'mounted':
      throw new Error(
        `"${name}" is defined in the workspace from which it was opened. Open that workspace to edit it.`,
      );
  }
}
