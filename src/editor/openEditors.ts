import { TabInputCustom, TabInputNotebook, TabInputText, type Uri, window, workspace } from 'vscode';

/** Whether a document or a tab shows this address. */
export function isOpenInEditor(uri: Uri): boolean {
  const address = uri.toString();
  if (workspace.textDocuments.some((document) => document.uri.toString() === address)) return true;
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => {
      const hasUri =
        input instanceof TabInputText || input instanceof TabInputCustom || input instanceof TabInputNotebook;
      return hasUri && input.uri.toString() === address;
    }),
  );
}
