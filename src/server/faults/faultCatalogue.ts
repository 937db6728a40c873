import { createSelfSigned } from '../certificate.ts';
import { createIdentity } from '../tlsIdentity.ts';
import { withoutOverwriting, withTlsKeptOnRein } from './commandFaults.ts';
import type { FaultEffects } from './faultEffects.ts';
import * as replies from './replyFaults.ts';
import { stalledAt, stallSteps } from './stalls.ts';
import { withoutLastByte } from './streamFaults.ts';

export interface FaultKind {
  /** For people, as the end of "The server …". */
  readonly summary: string;
  /** What stands behind `=` in a choice, with what it is when it does not. */
  readonly parameter?: { readonly name: string; readonly standard: string };
  /** @throws Error when the parameter means nothing. */
  readonly effects: (parameter: string) => FaultEffects | Promise<FaultEffects>;
}

/** Everything that the server can be told to do wrong. */
export const faultCatalogue = {
  splitReplies: {
    summary: 'sends every reply byte by byte',
    effects: () => ({ reply: replies.byteByByte }),
  },
  lateReplies: {
    summary: 'sends every reply late',
    parameter: { name: 'MILLISECONDS', standard: '2000' },
    effects: (parameter) => ({ reply: replies.late(positive(parameter)) }),
  },
  garbageReply: {
    summary: 'answers one command with what is no reply',
    parameter: { name: 'VERB', standard: 'EPSV' },
    effects: (parameter) => ({ reply: replies.garbage(parameter.toUpperCase()) }),
  },
  earlyCompletion: {
    summary: 'says 226 before the data has ended',
    effects: () => ({ reply: replies.completionBeforeData }),
  },
  noPreliminary: {
    summary: 'starts transfers without 150',
    effects: () => ({ reply: replies.noPreliminary }),
  },
  foreignPassiveAddress: {
    summary: 'names the host of somebody else in its answer to PASV, and knows no EPSV',
    effects: () => ({ options: { hide: ['EPSV'] }, reply: replies.foreignAddress }),
  },
  reply334: {
    summary: 'answers AUTH TLS with 334 instead of 234',
    effects: () => ({ reply: replies.challengeInsteadOfAcceptance }),
  },
  injectedReply: {
    summary: 'sends a second reply in clear behind 234',
    effects: () => ({ reply: replies.injectedBehindAcceptance }),
  },
  wrongSize: {
    summary: 'answers SIZE with one byte too many',
    effects: () => ({ reply: replies.oneByteTooMany }),
  },
  tooManySessions: {
    summary: 'answers 421 to more than a few sessions at a time',
    parameter: { name: 'SESSIONS', standard: '1' },
    effects: (parameter) => ({ options: { limits: { sessions: positive(parameter) } } }),
  },
  listOnly: {
    summary: 'knows neither MLSD nor MLST',
    effects: () => ({ options: { hide: ['MLST'] } }),
  },
  noOverwritingRename: {
    summary: 'refuses to rename to a name that is taken',
    effects: () => ({ commands: withoutOverwriting }),
  },
  reinKeepsTls: {
    summary: 'answers REIN with 230 and keeps TLS on, as pyftpdlib does',
    effects: () => ({ commands: withTlsKeptOnRein }),
  },
  implicitWithoutProtection: {
    summary: 'wants PROT P on implicit FTPS too (522 before), as vsftpd does',
    effects: () => ({
      state: (sound) => ({ ...sound, protection: 'C' }),
      reply: replies.levelRefusedWith522,
    }),
  },
  clearGreeting: {
    summary: 'greets before TLS on implicit FTPS, as z/OS does',
    effects: () => ({ greetsBeforeTls: true }),
  },
  noResumption: {
    summary: 'resumes no TLS session on data connections',
    effects: () => ({ data: { identity: createIdentity } }),
  },
  dataCertificate: {
    summary: 'shows another certificate on data connections',
    effects: async () => {
      const other = await createSelfSigned({ names: ['localhost', '127.0.0.1', '::1'] });
      return { data: { identity: (options) => createIdentity({ ...options, ...other }) } };
    },
  },
  noCloseNotify: {
    summary: 'ends downloads without close_notify',
    effects: () => ({ data: { withoutCloseNotify: true } }),
  },
  truncatedDownload: {
    summary: 'keeps the last byte of every download and listing to itself, and says 226',
    effects: () => ({ data: { sent: withoutLastByte } }),
  },
  truncatedUpload: {
    summary: 'loses the last byte of every upload, and says 226',
    effects: () => ({ data: { received: withoutLastByte } }),
  },
  stall: {
    summary: `falls silent at a step: ${stallSteps.join(', ')}`,
    parameter: { name: 'STEP', standard: 'completion' },
    effects: (parameter) => {
      const step = stallSteps.find((name) => name === parameter);
      if (!step) throw new Error(`${parameter} is no step; there are ${stallSteps.join(', ')}`);
      return stalledAt(step);
    },
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof faultCatalogue;

/** The name of a fault, with its parameter where it takes one: `stall=greeting`. */
export type FaultChoice = FaultName | `${FaultName}=${string}`;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultCatalogue, name);
}

function positive(parameter: string): number {
  if (!/^[1-9]\d{0,8}$/.test(parameter)) throw new Error(`${parameter} is no positive number`);
  return Number(parameter);
}
