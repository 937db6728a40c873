import type { IgnoreRules } from './ignoreRules.ts';
import type { PlanOptions, PlanStep } from './planStep.ts';

export interface ReviewOptions extends PlanOptions {
  /** What alone is compared, relative to the mapped folders; absent or empty for all. */
  readonly below?: string | undefined;
}

/** The rules of a pair for one folder of it: all outside of that folder is left alone. */
export function rulesBelow(rules: IgnoreRules, below = ''): IgnoreRules {
  if (below === '') return rules;
  return {
    ignores(path, isFolder) {
      const isPart = path === below || path.startsWith(`${below}/`) || isAround(path, below);
      return !isPart || rules.ignores(path, isFolder);
    },
  };
}

/** Whether a step concerns what was compared: a folder around it may have to be made, and never to be deleted. */
export function isStepBelow({ path, action }: PlanStep, below = ''): boolean {
  return !isAround(path, below) || (action !== 'deleteLocal' && action !== 'deleteRemote');
}

function isAround(path: string, below: string): boolean {
  return below.startsWith(`${path}/`);
}
