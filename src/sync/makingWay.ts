import { foldedName } from '../remote/foldedName.ts';
import type { PlanStep } from './planStep.ts';
import { parentOf } from './sideTree.ts';

/**
 * The deletions that have to come first: of names that a disk or a server may take for those that other steps make
 * there. Left where they are, nothing could be made beside them.
 */
export function makingWay(steps: readonly PlanStep[]): ReadonlySet<PlanStep> {
  const made = { deleteLocal: new Map<string, string>(), deleteRemote: new Map<string, string>() };
  for (const { path, action } of steps) {
    if (action !== 'upload' && action !== 'download') continue;
    const names = made[action === 'upload' ? 'deleteRemote' : 'deleteLocal'];
    for (let at = path; at !== ''; at = parentOf(at)) names.set(foldedName(at), at);
  }
  const standsInTheWay = ({ path, action }: PlanStep): boolean => {
    if (action !== 'deleteLocal' && action !== 'deleteRemote') return false;
    for (let at = path; at !== ''; at = parentOf(at)) {
      if ((made[action].get(foldedName(at)) ?? at) !== at) return true;
    }
    return false;
  };
  return new Set(steps.filter(standsInTheWay));
}
