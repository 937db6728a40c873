import { type TextDocument, window, workspace } from 'vscode';
import { pathWithin } from '../../sync/placeIn.ts';
import { firstNames } from '../firstNames.ts';
import { counted } from './counted.ts';

/** Documents of a folder, or of some paths in it, that the disk does not have yet as the editor does. */
export function unsavedFiles(folder: string, paths?: ReadonlySet<string>): readonly TextDocument[] {
  return workspace.textDocuments.filter(({ isDirty, uri }) => {
    if (!isDirty || uri.scheme !== 'file') return false;
    const path = pathWithin(folder, uri.fsPath);
    return path !== undefined && (paths === undefined || paths.has(path));
  });
}

/** Offers to save them, since what is compared is on the disk. @returns false when the user would rather stop */
export async function offerToSave(documents: readonly TextDocument[]): Promise<boolean> {
  if (documents.length === 0) return true;
  const [save, leave] = ['Save', "Don't Save"];
  const count = counted(documents.length, 'file');
  const message = `Save ${count} before comparing?`;
  const names = firstNames(documents.map(({ uri }) => workspace.asRelativePath(uri)));
  const detail = `What is compared is on the disk.\n${names.join('\n')}`;
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, save, leave);
  if (chosen === undefined) return false;
  if (chosen === save) await saveAll(documents);
  return true;
}

/** @throws Error when one of them could not be saved, of which VS Code has told */
export async function saveAll(documents: readonly TextDocument[]): Promise<void> {
  for (const document of documents) {
    if (await document.save()) continue;
    throw new Error(`${workspace.asRelativePath(document.uri)} could not be saved, so nothing was compared.`);
  }
}
