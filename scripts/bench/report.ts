import { cpus, release } from 'node:os';
import type { Row } from './result.ts';

/** BENCHMARKS.md: what was measured, on what, against what. */
export function report(
  rows: readonly Row[],
  versions: ReadonlyMap<string, string>,
  notes: readonly string[],
): string {
  const [processor] = cpus();
  const machine = `${processor?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Linux ${release().split('-')[0]}, Node ${process.versions.node}`;
  const tools = [...versions].map(([name, version]) => `${name} ${version}`).join(', ');
  const titles = [...new Set(rows.map(({ workload }) => workload))];
  const tables = titles.map(
    (title) => `## ${title}\n\n${table(rows.filter(({ workload }) => workload === title))}`,
  );
  return [
    '# Benchmarks',
    `Written by \`npm run bench\`, ${new Date().toISOString().slice(0, 10)}: ${machine}; ${tools}.`,
    ...notes,
    summary(rows),
    ...tables,
  ]
    .join('\n\n')
    .concat('\n');
}

function summary(rows: readonly Row[]): string {
  const judged = rows.filter(({ holds }) => holds !== undefined);
  const held = judged.filter(({ holds }) => holds);
  return `**${held.length} of ${judged.length} bars hold.**`;
}

function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ peers }) => [...peers.keys()]))];
  const hasRatio = rows.some(({ ratio }) => ratio !== undefined);
  const head = ['server', 'unit', 'bar', 'ours', ...names, ...(hasRatio ? ['ratio'] : []), ''];
  const lines = rows.map((row) => [
    row.server,
    row.unit,
    row.bar,
    `**${shown(row.ours)}**`,
    ...names.map((name) => shown(row.peers.get(name))),
    ...(hasRatio ? [shown(row.ratio)] : []),
    row.holds === undefined ? '' : row.holds ? 'holds' : '**missed**',
  ]);
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  return [
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    ...notes.map((note) => `\n${note}`),
  ].join('\n');
}

/** Three digits that count. */
export function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
