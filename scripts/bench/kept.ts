import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repository } from '../bootstrap.mjs';
import type { Row } from './result.ts';

/** The figures of one workload, the newest of this machine. */
export interface KeptWorkload {
  readonly rows: readonly Row[];
  /** How often each client was measured. */
  readonly runs: number;
  readonly versions: ReadonlyMap<string, string>;
}

const file = join(repository, 'out/bench.json');

/** What earlier runs found, by workload; nothing where there was none. */
export async function keptWorkloads(): Promise<Map<string, KeptWorkload>> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return new Map(
    JSON.parse(text, (_key, value: unknown) =>
      Array.isArray(value) && value[0] === 'Map' ? new Map(value[1]) : value,
    ),
  );
}

export async function keep(workloads: ReadonlyMap<string, KeptWorkload>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const plain = (_key: string, value: unknown): unknown =>
    value instanceof Map ? ['Map', [...value]] : value;
  await writeFile(file, JSON.stringify([...workloads], plain));
}
