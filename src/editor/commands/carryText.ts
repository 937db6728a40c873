import { canBeSettled, type PlanOptions, type PlanStep } from '../../sync/planStep.ts';
import { firstNames } from '../firstNames.ts';

/** Which way files are carried over on command. */
export type CarryDirection = 'toRemote' | 'toLocal';

/** How a folder is compared that is carried over: all of it, and nothing is deleted. */
export function carrying(direction: CarryDirection): PlanOptions {
  return { direction, deleteExtra: false, onlyNewer: false, existingOnly: false };
}

/** What carrying a folder over comes to. */
export interface FolderPlan {
  /** What overwrites nothing that is not known. */
  readonly safe: readonly PlanStep[];
  /** What would overwrite something that changed on the other side, or was never compared. */
  readonly risky: readonly PlanStep[];
  /** What cannot be carried over before something is cleared by hand. */
  readonly stuck: readonly PlanStep[];
}

/** The part of a review that is about these folders and goes this way; nothing of it deletes. */
export function folderPlan(
  steps: readonly PlanStep[],
  folders: readonly string[],
  direction: CarryDirection,
): FolderPlan {
  const wanted = direction === 'toRemote' ? 'upload' : 'download';
  const inside = steps.filter(({ path }) => folders.some((folder) => isWithin(folder, path)));
  const way = inside.filter(({ action }) => action === wanted);
  const conflicts = inside.filter(({ action }) => action === 'conflict');
  const source = (step: PlanStep): boolean =>
    (direction === 'toRemote' ? step.local : step.remote) !== undefined;
  const isRisky = (step: PlanStep): boolean =>
    canBeSettled(step) && step.reason !== 'namesFold' && source(step);
  return {
    safe: way.filter(({ reason }) => reason !== 'differs'),
    risky: [...way.filter(({ reason }) => reason === 'differs'), ...conflicts.filter(isRisky)],
    stuck: conflicts.filter((step) => !isRisky(step)),
  };
}

/** @param names of files that would be overwritten */
export function overwriteQuestion(
  names: readonly string[],
  direction: CarryDirection,
  place: { readonly host: string; readonly remote: string },
): { readonly message: string; readonly detail: string } {
  const [only = ''] = names;
  const one = names.length === 1;
  const what = one ? `"${only}"` : `${names.length} files`;
  const [side, other] =
    direction === 'toRemote' ? [`on ${place.host}`, 'what is there'] : ['here', 'what is here'];
  const message = `Overwrite ${what} ${side}?`;
  const they = one ? 'It' : 'They';
  const detail = [
    ...(one ? [] : firstNames(names)),
    `${they} changed ${direction === 'toRemote' ? 'on the server' : 'here'} too, or both sides were never compared. ${capital(other)} is kept for "Undo Last Sync".`,
    `Server folder: ${place.remote}`,
  ].join('\n');
  return { message, detail };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isWithin(folder: string, path: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** What has come of it, and where: `Uploaded 3 files to staging (ftp.example.com). 1 left as it is.` */
export function carriedText(
  counts: { readonly done: number; readonly same: number; readonly failed: number; readonly left: number },
  direction: CarryDirection,
  target: { readonly name: string; readonly host: string },
): string {
  const { done, same, failed, left } = counts;
  const [deed, word] = direction === 'toRemote' ? ['Uploaded', 'to'] : ['Downloaded', 'from'];
  const sentences = [
    done > 0 && `${deed} ${done === 1 ? '1 file' : `${done} files`} ${word} ${target.name} (${target.host}).`,
    done === 0 && failed + left === 0 && `Nothing to do: ${target.name} (${target.host}) has the same.`,
    done > 0 && same > 0 && `${same} ${same === 1 ? 'was' : 'were'} the same already.`,
    left > 0 && `${left} left as ${left === 1 ? 'it is' : 'they are'}.`,
    failed > 0 && `${failed} failed.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
