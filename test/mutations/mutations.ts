import { clientMutations } from './clientMutations.ts';
import type { Mutation } from './mutation.ts';
import { serverMutations } from './serverMutations.ts';
import { transferMutations } from './transferMutations.ts';

/** One for each requirement of level M. */
export const mutations: readonly Mutation[] = [...clientMutations, ...transferMutations, ...serverMutations];
