import { dataConnections } from './requirements/dataConnections.ts';
import { dialogue } from './requirements/dialogue.ts';
import { negotiation } from './requirements/negotiation.ts';
import type { Requirement } from './requirements/requirement.ts';
import { server } from './requirements/server.ts';

/** C-1 … C-58 */
export const clientRequirements: readonly Requirement[] = [...negotiation, ...dataConnections, ...dialogue];

/** S-1 … S-29 */
export const serverRequirements: readonly Requirement[] = server;
