import { statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { parseArgs } from 'node:util';
import { ensureChromium, ensureCodeServer, repository } from '../bootstrap.mjs';
import { keep, type KeptWorkload, keptWorkloads } from './kept.ts';
import { ensurePeers } from './peers.ts';
import { report, shown } from './report.ts';
import type { Row } from './result.ts';
import { Stage, type StageOptions } from './stage.ts';
import { Bulk } from './workloads/bulk.ts';
import { listing } from './workloads/listing.ts';
import { RoundTrips } from './workloads/roundTrips.ts';
import { startUp } from './workloads/startUp.ts';
import { Trees } from './workloads/trees.ts';

const delayed = ['open', 'save', 'reopen', 'cold', 'small', 'crawl'] as const;
const undelayed = ['many', 'plan', 'bulk', 'listing'] as const;
const names = [...delayed, ...undelayed, 'start'] as const;
type Name = (typeof names)[number];

const usage = `npm run bench -- [${names.join('|')}]… [--runs N] [--quick] [--traces]

With names, only those run; BENCHMARKS.md keeps what was last measured of the others. --quick takes small sizes, to try the
benchmark itself, and writes nothing; --traces shows the packets of each of our deeds whose round trips are counted.`;

/** Bytes that a file system in memory must have free to take the place of the disk. */
const roomInMemory = 8 * 1024 ** 3;

/** What was found, and under what conditions. */
interface Findings {
  readonly workloads: Map<Name, readonly Row[]>;
  readonly versions: Map<string, string>;
  /** Sentences for whoever reads the figures. */
  readonly notes: string[];
}

export async function bench(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      traces: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const unknown = positionals.filter((word) => !names.some((name) => name === word));
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `There is no ${unknown.join(', ')}.\n\n${usage}` : usage);
    return;
  }
  const chosen = names.filter((name) => positionals.length === 0 || positionals.includes(name));
  const runs = Number(values.runs);
  const findings: Findings = { workloads: new Map(), versions: new Map(), notes: [] };
  await withServers(
    chosen,
    { runs, quick: values.quick, log: values.traces ? console.log : () => {} },
    findings,
  );
  if (chosen.includes('start')) {
    ensureChromium();
    await ensureCodeServer();
    await timed('start', findings, () => startUp(values.quick ? 1 : 3 * runs));
  }
  for (const note of findings.notes) console.log(note);
  if (values.quick) return;
  const kept = await keptWorkloads();
  for (const [name, rows] of findings.workloads) kept.set(name, { rows, runs, versions: findings.versions });
  await keep(kept);
  const inOrder: KeptWorkload[] = names.flatMap((name) => kept.get(name) ?? []);
  await writeFile(join(repository, 'BENCHMARKS.md'), report(inOrder, findings.notes));
}

/** The workloads that take servers. */
async function withServers(
  chosen: readonly Name[],
  options: StageOptions,
  findings: Findings,
): Promise<void> {
  if (!chosen.some((name) => name !== 'start')) return;
  if (getuid?.() !== 0) {
    findings.notes.push('Only `start` was measured: the servers of others take root (`sudo npm run bench`).');
    return;
  }
  const { curl, versions } = await ensurePeers(console.error);
  for (const [name, version] of versions) findings.versions.set(name, version);
  await putFilesIntoMemory(findings);
  await using stage = await Stage.create(options);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stage[Symbol.asyncDispose]().finally(() => process.exit(1)));
  }
  if (!stage.network.delays) {
    findings.notes.push(
      'Without network namespaces (they take root, `ip` and /dev/net/tun) there was no delay: what is about round trips was not measured.',
    );
  }
  const [roundTrips, trees] = [new RoundTrips(stage, curl), new Trees(stage, curl)];
  const workloads: Readonly<Record<Exclude<Name, 'start'>, () => Promise<Row[]>>> = {
    open: () => roundTrips.open(),
    save: () => roundTrips.save(),
    reopen: () => roundTrips.reopen(),
    cold: () => roundTrips.cold(),
    small: () => trees.small(),
    crawl: () => trees.crawl(),
    many: () => trees.many(),
    plan: () => trees.plan(),
    bulk: () => new Bulk(stage, curl).run(),
    listing: () => listing(stage),
  };
  for (const name of [...(stage.network.delays ? delayed : []), ...undelayed]) {
    if (chosen.includes(name)) await timed(name, findings, workloads[name]);
  }
}

async function timed(name: Name, findings: Findings, measure: () => Promise<Row[]>): Promise<void> {
  const began = performance.now();
  let rows: Row[] = [];
  try {
    rows = await measure();
  } catch (error) {
    // The other workloads are none the worse for it.
    console.error(error);
    findings.notes.push(`**\`${name}\` failed and is not among the figures.**`);
    process.exitCode = 1;
  }
  for (const row of rows) console.log(line(row));
  console.log(`(${name}: ${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
  if (rows.length > 0) findings.workloads.set(name, rows);
}

/** The disk of a machine that does other things as well is no measure of anything. */
async function putFilesIntoMemory({ notes }: Findings): Promise<void> {
  const folder = '/dev/shm';
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }));
  if (bavail * bsize < roomInMemory) return;
  process.env['TMPDIR'] = folder;
  notes.push('All files, of the servers and of the clients, were in a file system in memory (/dev/shm).');
}

function line({ workload, server, unit, bar, ours, peers, ratio, holds }: Row): string {
  const others = [...peers].map(([name, value]) => `${name} ${shown(value)}`).join(', ');
  const verdict = holds === undefined ? '' : holds ? ' holds' : ' MISSED';
  const compared = ratio === undefined ? '' : `, ratio ${shown(ratio)}`;
  return `${workload}, ${server}: ${shown(ours)} ${unit}${compared} (${bar})${verdict}; ${others}`;
}
