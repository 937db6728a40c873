import type { Baseline } from './baseline.ts';
import type { IgnoreRules } from './ignoreRules.ts';
import type { LocalSide } from './localSide.ts';
import { NamesHere } from './namesHere.ts';
import { visible } from './partOfPair.ts';
import type { PlanStep } from './planStep.ts';
import { parentOf } from './sideTree.ts';

export interface DeletedHerePorts {
  readonly baseline: Baseline;
  readonly rules: IgnoreRules;
  readonly local: Pick<LocalSide, 'look'>;
  /** The mapped folder here. */
  readonly folder: string;
}

/**
 * What has to be deleted on the server because it was deleted here: what both sides had, as the server had it then. What
 * the server has beyond that, or has changed since, stays; and so does what is still here under a name that the server
 * may take for the same, as after a rename in case alone: there it may be the only copy.
 * @param paths of files and folders, relative to the mapped folders
 */
export async function deletedHere(
  { baseline, rules, local, folder }: DeletedHerePorts,
  paths: readonly string[],
): Promise<PlanStep[]> {
  // A disk that is not there has lost nothing.
  if ((await local.look(''))?.kind !== 'folder') return [];
  const names = new NamesHere(folder);
  const gone: PlanStep[] = [];
  // The rules are the slowest of all: they are asked about as little as possible.
  for (const step of deletionSteps(visible(knownOf(baseline, new Set(paths)), rules))) {
    if (!(await local.look(step.path)) && !(await names.has(step.path))) gone.push(step);
  }
  return gone;
}

/** What is known of these paths, and of all below them. */
function knownOf(baseline: Baseline, paths: ReadonlySet<string>): Baseline {
  const isMeant = (path: string): boolean => path !== '' && (paths.has(path) || isMeant(parentOf(path)));
  return new Map([...baseline].filter(([path]) => isMeant(path)));
}

function deletionSteps(known: Baseline): PlanStep[] {
  // What is in a folder before the folder.
  return [...known]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([path, entry]) => ({
      path,
      kind: entry.kind,
      action: 'deleteRemote',
      reason: 'deletedOnOtherSide',
      local: undefined,
      remote: entry.kind === 'file' ? { kind: 'file', version: entry.remote } : { kind: 'folder' },
      bytes: 0,
    }));
}
