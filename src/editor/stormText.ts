/** What something else than the editor has done to many files at once. */
export interface StormCounts {
  /** Files that would be uploaded. */
  readonly changed: number;
  /** Files and folders that are gone; they stay on the server until somebody has looked at each. */
  readonly deleted: number;
}

export function stormText({ changed, deleted }: StormCounts): string {
  const left = `${counted(deleted)} deleted outside the editor, and left on the server`;
  if (changed === 0) return `${left}.`;
  return `${changed} files changed outside the editor${deleted > 0 ? `; ${left}` : ''}.`;
}

function counted(count: number): string {
  return count === 1 ? '1 file or folder was' : `${count} files and folders were`;
}
