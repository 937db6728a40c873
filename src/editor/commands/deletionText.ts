import { firstNames } from '../firstNames.ts';

export interface DeletionQuestion {
  readonly message: string;
  /** Lines. */
  readonly detail: string;
}

/** @param paths relative to the folder `remote` on `host` */
export function deletionQuestion(paths: readonly string[], host: string, remote: string): DeletionQuestion {
  const what = paths.length === 1 ? `"${paths[0]}"` : `${paths.length} files`;
  const names = paths.length === 1 ? [] : firstNames(paths);
  return {
    message: `Delete ${what} on ${host} in ${remote}?`,
    detail: [...names, 'What is deleted is kept for "Undo Last Sync".'].join('\n'),
  };
}

/** Says what was not deleted. */
export function leftText(paths: readonly string[], connection: string): string {
  const what = paths.length === 1 ? paths[0] : `${paths.length} files`;
  return `Left ${what} on ${connection}: changed there, still here in another case, or never in step with this computer.`;
}
