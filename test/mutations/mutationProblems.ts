import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientRequirements, serverRequirements } from '../conformance/requirements.ts';
import type { Mutation } from './mutation.ts';

interface MutationProblem {
  readonly requirement: string;
  readonly problem: string;
}

/** What is wrong with the list itself. @param isWhole whether each requirement must be in it */
export function mutationProblems(
  repository: string,
  mutations: readonly Mutation[],
  isWhole: boolean,
): MutationProblem[] {
  const missing = [...clientRequirements, ...serverRequirements].filter(
    ({ number }) => !mutations.some(({ requirement }) => requirement === number),
  );
  const misplaced = mutations.filter(({ file, find }) => {
    const path = join(repository, file);
    return !existsSync(path) || readFileSync(path, 'utf8').split(find).length !== 2;
  });
  return [
    ...(isWhole ? missing.map(({ number }) => ({ requirement: number, problem: 'has no mutation' })) : []),
    ...misplaced.map(({ requirement, file }) => ({
      requirement,
      problem: `its text is not exactly once in ${file}`,
    })),
  ];
}
