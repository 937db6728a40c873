import { readdirSync, readFileSync } from 'node:fs';
import type { ServerPlace } from './serverHost.ts';

/** Clock ticks a second, in which Linux tells processor time. */
const ticks = 100;

interface Process {
  readonly parent: number;
  /** Seconds, with those of its children that have ended. */
  readonly used: number;
}

/** Seconds of processor time that a server has used so far, with all its processes. */
export function serverTime({ pid }: ServerPlace): number {
  const processes = new Map<number, Process>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const process = processOf(name);
    if (process) processes.set(Number(name), process);
  }
  let used = 0;
  for (const process of processes.values()) if (descends(process, pid, processes)) used += process.used;
  return used;
}

function descends({ parent }: Process, ancestor: number, processes: ReadonlyMap<number, Process>): boolean {
  if (parent === ancestor) return true;
  const next = processes.get(parent);
  return next !== undefined && descends(next, ancestor, processes);
}

function processOf(name: string): Process | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
  // The name before it, in parentheses, may hold anything.
  const [, parent, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const used = fields.slice(9, 13).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(parent), used: used / ticks };
}
