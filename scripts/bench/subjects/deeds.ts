import { readFileSync, writeFileSync } from 'node:fs';
import { argv, cpuUsage, hrtime, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import type { ServerPlace } from '../serverHost.ts';

/** What a deed took. */
export interface Measure {
  /** Milliseconds of the monotonic clock. */
  readonly begin: number;
  readonly end: number;
  /** Seconds of processor time, of all threads. */
  readonly cpu: number;
  /** MiB by which the process grew at most, above what it had before. */
  readonly growth: number;
  readonly result: unknown;
}

export type Answer = Measure | { readonly error: string };

export interface Order {
  readonly deed: string;
  readonly words: readonly string[];
}

export type Deeds = Readonly<Record<string, (...words: string[]) => Promise<unknown>>>;

/** Does deeds as lines on the standard input order them, one after the other. */
export async function obey(deeds: Deeds): Promise<void> {
  for await (const line of createInterface({ input: stdin })) {
    const order: Order = JSON.parse(line);
    const deed = deeds[order.deed];
    const answer: Answer = deed
      ? await measure(() => deed(...order.words))
      : { error: `No ${order.deed} here.` };
    stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit();
}

/** The server that the process was started for. */
export function placeFromArguments(): ServerPlace {
  const place: ServerPlace = JSON.parse(argv[2] ?? '');
  return place;
}

async function measure(act: () => Promise<unknown>): Promise<Answer> {
  globalThis.gc?.();
  writeFileSync('/proc/self/clear_refs', '5');
  const [rest, used, begin] = [memory('VmRSS'), cpuUsage(), now()];
  try {
    const result = await act();
    const end = now();
    const { user, system } = cpuUsage(used);
    return { begin, end, cpu: (user + system) / 1e6, growth: memory('VmHWM') - rest, result: result ?? null };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Milliseconds of the monotonic clock. */
export function now(): number {
  return Number(hrtime.bigint()) / 1e6;
}

/** MiB */
function memory(field: string): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
