import type { Baseline } from './baseline.ts';
import type { LocalSide } from './localSide.ts';
import { NamesHere } from './namesHere.ts';
import type { PlanStep } from './planStep.ts';

/**
 * What has to be deleted on the server because it was deleted here: what both sides had, as the server had it then. What
 * the server has beyond that, or has changed since, stays; and so does what is still here under a name that the server
 * may take for the same, as after a rename in case alone: there it may be the only copy.
 * @param path of a file or a folder, relative to the mapped folders
 * @param folder the mapped folder here
 */
export async function deletedHere(
  baseline: Baseline,
  path: string,
  local: Pick<LocalSide, 'look'>,
  folder: string,
): Promise<PlanStep[]> {
  // A disk that is not there has lost nothing.
  if ((await local.look(''))?.kind !== 'folder') return [];
  const names = new NamesHere(folder);
  const gone: PlanStep[] = [];
  for (const step of deletionSteps(baseline, path)) {
    if (!(await local.look(step.path)) && !(await names.has(step.path))) gone.push(step);
  }
  return gone;
}

function deletionSteps(baseline: Baseline, path: string): PlanStep[] {
  const inside = [...baseline].filter(([known]) => known === path || known.startsWith(`${path}/`));
  // What is in a folder before the folder.
  return inside
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([known, entry]) => ({
      path: known,
      kind: entry.kind,
      action: 'deleteRemote',
      reason: 'deletedOnOtherSide',
      local: undefined,
      remote: entry.kind === 'file' ? { kind: 'file', version: entry.remote } : { kind: 'folder' },
      bytes: 0,
    }));
}
