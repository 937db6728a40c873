import { counted } from './sync/counted.ts';

/** What something else than the editor has done to many files at once. */
export interface StormCounts {
  /** Files that would be uploaded. */
  readonly changed: number;
  /** Where those would go, as a question names it. */
  readonly places: string;
  /** Files and folders that are gone; they stay on the server until somebody has looked at each. */
  readonly deleted: number;
}

export function stormText({ changed, places, deleted }: StormCounts): string {
  const left = `${gone(deleted)} deleted outside the editor, and left on the server`;
  if (changed === 0) return `${left}.`;
  const what = `${counted(changed, 'file')} changed outside the editor${deleted > 0 ? `; ${left}` : ''}.`;
  return `${what} Upload what has changed to ${places}?`;
}

function gone(count: number): string {
  return count === 1 ? '1 file or folder was' : `${count} files and folders were`;
}
