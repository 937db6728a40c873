import { foldedName } from '../remote/foldedName.ts';
import type { Baseline, BaselineEntry } from './baseline.ts';
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

/**
 * Whether a step concerns what was compared: a folder around it may have to be made, and never to be deleted, as little
 * as one around what belongs to other pairs.
 */
export function isStepBelow(
  { path, action, reason }: PlanStep,
  below = '',
  apart: readonly string[] = [],
): boolean {
  // That a folder is kept which would not have been deleted anyway is no news.
  if (action !== 'deleteLocal' && action !== 'deleteRemote' && reason !== 'kept') return true;
  const folded = foldedName(path);
  return ![below, ...apart].some((inner) => isAround(folded, foldedName(inner)));
}

/** What is left alone now is neither missing nor extra. */
export function visible(entries: Baseline, rules: IgnoreRules): Map<string, BaselineEntry> {
  return new Map([...entries].filter(([path, { kind }]) => !rules.ignores(path, kind === 'folder')));
}

function isAround(path: string, below: string): boolean {
  return below.startsWith(`${path}/`);
}
