import { transferVerbs } from './commandFaults.ts';
import type { FaultEffects, OutgoingReply } from './faultEffects.ts';
import { endless, stuckAfterFirstByte } from './streamFaults.ts';

/** Where a server can fall silent without closing anything, in the order of a session. */
export const stallSteps = [
  'greeting',
  'auth',
  'tls',
  'user',
  'password',
  'features',
  'protection',
  'passive',
  'active',
  'preliminary',
  'dataTls',
  'data',
  'dataEnd',
  'completion',
  'rename',
  'quit',
] as const;

export type StallStep = (typeof stallSteps)[number];

const stallsOfReplies: Readonly<Partial<Record<StallStep, (reply: OutgoingReply) => boolean>>> = {
  greeting: ({ verb, code }) => verb === '' && code === 220,
  auth: ({ verb }) => verb === 'AUTH',
  user: ({ verb }) => verb === 'USER',
  password: ({ verb }) => verb === 'PASS',
  features: ({ verb }) => verb === 'FEAT',
  protection: ({ verb }) => verb === 'PROT',
  passive: ({ verb }) => verb === 'PASV' || verb === 'EPSV',
  active: ({ verb }) => verb === 'PORT' || verb === 'EPRT',
  preliminary: ({ verb, code }) => transferVerbs.has(verb) && code < 200,
  completion: ({ verb, code }) => transferVerbs.has(verb) && code >= 200,
  rename: ({ verb }) => verb === 'RNTO',
  quit: ({ verb }) => verb === 'QUIT',
};

/** Silence from the step on, for as long as the client stays. */
export function stalledAt(step: StallStep): FaultEffects {
  switch (step) {
    case 'tls':
    case 'dataTls': {
      const stalled = step === 'tls' ? 'control' : 'data';
      return { handshake: (connection, wait) => (connection === stalled ? wait() : Promise.resolve()) };
    }
    case 'data':
      return { data: { sent: stuckAfterFirstByte, received: stuckAfterFirstByte } };
    case 'dataEnd':
      return { data: { sent: endless, received: endless } };
    default:
      return {
        reply: async (reply, wait) => {
          if (stallsOfReplies[step]?.(reply) !== true) return reply;
          await wait();
          return undefined;
        },
      };
  }
}
