import type { Baseline } from './baseline.ts';
import type { PlanStep } from './planStep.ts';

/**
 * What has to be deleted on the server because it was deleted here: what both sides had, as the server had it then. What
 * the server has beyond that, or has changed since, stays.
 * @param path of a file or a folder, relative to the mapped folders
 */
export function deletionSteps(baseline: Baseline, path: string): PlanStep[] {
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
