// Runs a command against a server behind a delay, and shows what went over the wire:
//
//   node scripts/bench/lab.mjs [--server proftpd|vsftpd] [--tls TLSv1.2] [--delay 25] [--no-reuse] [--quiet] -- COMMAND…
//
// The command finds the server in FTPS_HOST, FTPS_PORT, FTPS_USER, FTPS_PASSWORD, FTPS_CA (a file), FTPS_ROOT (the
// folder that it shows, with files of 4 KiB, small/0000 to small/0019). With lines such as
//
//   console.log(`mark open ${process.hrtime.bigint()}`)
//
// it divides its doings: the trace is shown, and its round trips are counted, from mark to mark.
import { spawn } from 'node:child_process';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { BenchServer } from './benchServer.ts';
import { DelayedNetwork, type Network } from './network.ts';
import type { ServerPlace } from './serverHost.ts';
import { describeTrace, packetsBetween, roundTrips } from './wire.ts';

const { values, positionals } = parseArgs({
  options: {
    server: { type: 'string', default: 'proftpd' },
    tls: { type: 'string', default: 'TLSv1.3' },
    delay: { type: 'string', default: '25' },
    'no-reuse': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const delay = Number(values.delay);

/** Files of 4 KiB, `0000` to `0019`, in a folder `small`. */
async function fill({ root, owner }: ServerPlace): Promise<void> {
  const folder = join(root, 'small');
  await mkdir(folder);
  const paths = Array.from({ length: 20 }, (_, index) => join(folder, String(index).padStart(4, '0')));
  await Promise.all(paths.map((path) => writeFile(path, Buffer.alloc(4096, path.at(-1)))));
  for (const path of [folder, ...paths]) await chown(path, owner.uid, owner.gid);
}

interface Mark {
  readonly name: string;
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
}

async function run(network: Network, place: ServerPlace, command: readonly string[]): Promise<Mark[]> {
  const marks: Mark[] = [];
  const child = spawn('/usr/bin/env', network.inside('client', command), {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: {
      ...process.env,
      FTPS_HOST: place.host,
      FTPS_PORT: String(place.port),
      FTPS_USER: place.user,
      FTPS_PASSWORD: place.password,
      FTPS_CA: place.caFile,
      FTPS_ROOT: place.root,
    },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, mark, at] = /^mark (.*) (\d+)$/.exec(line) ?? [];
    if (mark !== undefined) marks.push({ name: mark, at: Number(at) / 1e6 });
    else console.log(line);
  }
  return marks;
}

if (!['proftpd', 'vsftpd'].includes(values.server))
  throw new Error(`There is no server ${values.server} here.`);
await using network = await DelayedNetwork.create();
await network.setDelay(delay);
await using server = await BenchServer.start(network, {
  name: values.server === 'vsftpd' ? 'vsftpd' : 'proftpd',
  security: 'explicit',
  tls: values.tls === 'TLSv1.2' ? 'TLSv1.2' : 'TLSv1.3',
  requireSessionReuse: !values['no-reuse'],
});
await fill(server.place);
await network.startTrace();
const begin = { name: 'begin', at: 0 };
const marks = [begin, ...(await run(network, server.place, positionals))];
const { packets, latest } = await network.endTrace();
for (const [index, { name, at }] of marks.entries()) {
  const part = packetsBetween(packets, at, marks[index + 1]?.at ?? Infinity);
  console.log(`\n${name}: ${roundTrips(part, delay).toFixed(2)} round trips, ${part.length} packets`);
  if (!values.quiet) console.log(describeTrace(part, server.place.port, delay));
}
console.log(`\nA packet was at most ${latest.toFixed(1)} ms late.`);
