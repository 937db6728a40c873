import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import type { ScriptedConnection } from '../support/scriptedServer.ts';
import { password, welcome } from './dialogue.ts';

export type Answers = readonly (readonly [command: string, ...reply: string[]])[];

/** The login in two parts, and what a server says to it. */
export const name: Answers = [['USER ada', '331 password']];
export const pass = `PASS ${password}`;
export const behindName: Answers = [
  [pass, '230 in'],
  ['OPTS UTF8 ON', '501 no'],
  ['PBSZ 0', '200 PBSZ=0'],
  ['PROT P', '200 private'],
  ['TYPE I', '200 binary'],
  ['FEAT', '211-Features', ' MLST type*;', '211 End'],
];
/** All of it, as it leaves at once. */
export const whole: Answers = [...name, ...behindName];
/** The same as it is said step by step. */
export const patient = ['USER ada', pass, 'FEAT', 'OPTS UTF8 ON', 'PBSZ 0', 'PROT P', 'TYPE I'];

/** Hears all commands before it answers any of them: they left in one flight. */
export async function flight(
  connection: ScriptedConnection,
  answers: Answers,
  told = answers.length,
): Promise<void> {
  for (const [command] of answers) await connection.answer(command);
  connection.say(...answers.slice(0, told).flatMap(([, ...reply]) => reply));
}

/** The same, with other replies to one of the commands. */
export function replacing(answers: Answers, verb: string, ...reply: string[]): Answers {
  return answers.map((answer) => (answer[0].startsWith(verb) ? [answer[0], ...reply] : answer));
}

/** Options of a client in haste, without a data connection that is asked for ahead unless told otherwise. */
export function eager(traits: Partial<ServerTraits> = {}, more: Partial<ConnectOptions> = {}) {
  const all = { ...newServerTraits(), bearsUnresumed: true, ...traits };
  return { traits: all, dataMode: 'active', ...more } as const;
}

/** What is learnt of most servers. */
export const known = { loginInOneFlight: true };

/** Serves a session that goes step by step, and SIZE. */
export async function stepByStep(connection: ScriptedConnection): Promise<void> {
  await welcome(connection);
  await connection.answer('SIZE /a', '213 5');
}

/** How a server may be lost. */
export const losses: readonly (readonly [string, (connection: ScriptedConnection) => void])[] = [
  ['end', (connection) => connection.end()],
  ['cut', (connection) => connection.cut()],
  ['reset', (connection) => void connection.socket.resetAndDestroy()],
];
