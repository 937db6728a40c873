import { clientMutations } from './clientMutations.ts';
import type { Mutation } from './mutation.ts';
import { optionalMutations } from './optionalMutations.ts';
import { serverMutations } from './serverMutations.ts';
import { transferMutations } from './transferMutations.ts';

/** One for each requirement. */
export const mutations: readonly Mutation[] = [
  ...clientMutations,
  ...transferMutations,
  ...serverMutations,
  ...optionalMutations,
];
