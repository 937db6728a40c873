import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../bootstrap.mjs';
import { ensurePeers } from './peers.ts';
import { report, shown } from './report.ts';
import type { Row } from './result.ts';
import { Stage } from './stage.ts';
import { Bulk } from './workloads/bulk.ts';
import { listing } from './workloads/listing.ts';
import { Trees } from './workloads/trees.ts';
import { RoundTrips } from './workloads/roundTrips.ts';

type Workload = () => Promise<Row[]>;

/** `npm run bench -- [WORKLOAD…] [--runs N] [--quick] [--traces]` */
export async function bench(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      traces: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const { curl, versions } = await ensurePeers(console.error);
  const log = values.traces ? console.log : () => {};
  await using stage = await Stage.create({ runs: Number(values.runs), quick: values.quick, log });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stage[Symbol.asyncDispose]().finally(() => process.exit(1)));
  }
  const roundTrips = new RoundTrips(stage, curl);
  const trees = new Trees(stage, curl);
  const workloads = new Map<string, Workload>([
    ['open', () => roundTrips.open()],
    ['save', () => roundTrips.save()],
    ['reopen', () => roundTrips.reopen()],
    ['cold', () => roundTrips.cold()],
    ['small', () => trees.small()],
    ['many', () => trees.many()],
    ['bulk', () => new Bulk(stage, curl).run()],
    ['listing', () => listing(stage)],
    ['crawl', () => trees.crawl()],
  ]);
  const unknown = positionals.filter((name) => !workloads.has(name));
  if (unknown.length > 0)
    throw new Error(`No workload ${unknown.join(', ')}; there are ${[...workloads.keys()].join(', ')}.`);
  const rows: Row[] = [];
  for (const [name, run] of workloads) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const began = performance.now();
    const found = await run();
    for (const row of found) console.log(line(row));
    console.log(`(${name}: ${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
    rows.push(...found);
  }
  if (positionals.length > 0) return;
  await writeFile(join(repository, 'BENCHMARKS.md'), report(rows, versions, []));
}

function line({ workload, server, unit, bar, ours, peers, ratio, holds }: Row): string {
  const others = [...peers].map(([name, value]) => `${name} ${shown(value)}`).join(', ');
  const verdict = holds === undefined ? '' : holds ? ' holds' : ' MISSED';
  const compared = ratio === undefined ? '' : `, ratio ${shown(ratio)}`;
  return `${workload}, ${server}: ${shown(ours)} ${unit}${compared} (${bar})${verdict}; ${others}`;
}
