import { availableParallelism } from 'node:os';

const count = availableParallelism();

/**
 * The words that run a command on the processors of clients or of servers: a server has the last one to itself, as if it
 * were on a machine of its own. Left to the kernel, both ends of a connection may meet on one.
 */
export function onProcessors(role: 'client' | 'server', command: readonly string[]): readonly string[] {
  if (count < 2) return command;
  const processors = role === 'server' ? `${count - 1}` : `0-${count - 2}`;
  return ['taskset', '--cpu-list', processors, ...command];
}
