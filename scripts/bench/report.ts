import { cpus, release } from 'node:os';
import type { KeptWorkload } from './kept.ts';
import type { Row } from './result.ts';

const method = `Clients take turns, and medians count. vsftpd and ProFTPD demand that data connections resume the TLS session of their control
connection, with TLS 1.3; explicit FTPS. Delays are those of packets between two network namespaces; round trips are counted on the wire, from the
first SYN or payload that the client sends to the last payload that it waits for. Without delay, both meet on the loopback interface. Servers have
a processor to themselves, and clients the others, as on two machines. Ours stays in one process,
as an editor does, and opens its sessions anew for each tree: nine, of which it keeps one for what its user does meanwhile, so that eight are at work on every side; of other programs the time that they need to start at all is taken off.

Each peer is at its best: lftp with \`ftp:sync-mode off\` and 8 transfers, for trees with TLS 1.2, since with 1.3 it waits 40 ms for each file; rclone
with 8 transfers; curl with \`-Z\`, one command a file (\`--ftp-method nocwd\`) and folders made for it beforehand. rclone, and curl with several connections,
cannot do what these servers demand and have one that does not; rclone needs TLS 1.2 with vsftpd, and curl for uploads.
basic-ftp has one session, so it is not among those that move trees. A peer that needs half as long again as
another for a tree is run once, and crawls, which take minutes, are run once.`;

const limits = `Where a bar is out of reach, this is why. *Trees at 50 ms on vsftpd:* in a row, a file costs three round trips on ProFTPD (TCP, then the
command with the ClientHello, then the end of the handshake, behind which the content and the next port come) and four on vsftpd, which closes the data connection before
it confirms the transfer, and waits until its last byte is acknowledged; the packets below show it. 25 files on each of eight sessions are 3.75 s and 5 s of waiting, and to connect, to open the other
sessions and to list is about 0.9 s. On ProFTPD the way down is on the line: of 5 s, 4.65 are such waiting, and runs differ by a fiftieth. *Trees at 0 ms:* nearly all is processor time, for which Node has one thread; what a file takes
node:tls alone stands below each table. *One large file, against TLS alone:* the servers are at work nearly all of the time, and node:tls with Node at both ends is
faster than either can be.`;

/** BENCHMARKS.md: what was measured, on what, against what. */
export function report(workloads: readonly KeptWorkload[], notes: readonly string[]): string {
  const rows = workloads.flatMap((each) => each.rows);
  const versions = new Map(workloads.flatMap((each) => [...each.versions]));
  const [processor] = cpus();
  const machine = `${processor?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Linux ${release().split('-')[0]}, Node ${process.versions.node}`;
  const tools = [...versions].map(([name, version]) => `${name} ${version}`).join(', ');
  const titles = [...new Set(rows.map(({ workload }) => workload))];
  const runsOf = (title: string): number =>
    workloads.find((each) => each.rows.some(({ workload }) => workload === title))?.runs ?? 1;
  const tables = titles.map((title) => {
    const own = rows.filter(({ workload }) => workload === title);
    return `## ${title}\n\nMedians of ${runsOf(title)}.\n\n${table(own)}`;
  });
  return [
    '# Benchmarks',
    `Written by \`npm run bench\`, ${new Date().toISOString().slice(0, 10)}: ${machine}; ${tools}.`,
    method,
    limits,
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
