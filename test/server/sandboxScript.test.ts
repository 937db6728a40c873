import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { faultCatalogue } from '../../src/server/faults/faultCatalogue.ts';
import { describeFaults, isFaultChoice } from '../../src/server/faults/faultHelp.ts';
import { until } from '../support/until.ts';
import { WireClient } from './support/wireClient.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));

it('describes each fault in a line, with its parameter if it has one', () => {
  const lines = describeFaults().split('\n');
  expect(lines.map((line) => /^ {2}(\w+)/.exec(line)?.[1])).toEqual(Object.keys(faultCatalogue));
  expect(lines.find((line) => line.includes('lateReplies'))).toMatch(/=MILLISECONDS\].*2000 unless/);
  expect(['stall', 'stall=tls', 'stalls', ''].filter((text) => isFaultChoice(text))).toEqual([
    'stall',
    'stall=tls',
  ]);
});

it('npm run sandbox -- --help lists every fault that can be chosen', async () => {
  const { stdout } = await run(process.execPath, ['scripts/sandbox.mjs', '--help'], { cwd: repository });
  for (const name of Object.keys(faultCatalogue))
    expect(stdout).toMatch(new RegExp(`^  ${name}\\b.* \\w+`, 'm'));
  expect(stdout).toContain('stall[=STEP]');
  expect(stdout).toContain('2000 unless told otherwise');
});

it('npm run sandbox -- --fault with a name that is none says so', async () => {
  const started = run(process.execPath, ['scripts/sandbox.mjs', '--fault', 'gremlins'], { cwd: repository });
  await expect(started).rejects.toThrow('gremlins is no fault');
});

it.each<[string, NodeJS.Signals, string[], RegExp]>([
  ['ends on Ctrl+C', 'SIGINT', ['--log'], /^220 .*\r\n$/],
  ['ends when its terminal is closed', 'SIGHUP', [], /^220 .*\r\n$/],
  [
    'has the faults that were chosen',
    'SIGTERM',
    ['--fault', 'garbageReply=', '--fault', 'lateReplies=1'],
    /what is this/,
  ],
])(
  'npm run sandbox says how to reach it, and %s',
  async (_how, end, parameters, greeting) => {
    const folder = await mkdtemp(join(tmpdir(), 'ftps-sandbox-'));
    const child = spawn(process.execPath, ['scripts/sandbox.mjs', '--folder', folder, ...parameters], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
      // A terminal reaches the whole group, and the script may go on in a child under the project's Node.
      detached: true,
    });
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
    };
    try {
      let output = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (text: string) => {
        output += text;
      });
      const ended = once(child.stdout, 'end');
      while (!output.includes('Ctrl+C') && !child.stdout.readableEnded) {
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
      const told = (name: string): string => new RegExp(`^${name} +(.+)$`, 'm').exec(output)?.[1] ?? '';
      expect(told('Authority')).toBe(join(folder, 'ca.pem'));
      expect(told('Fingerprint')).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      expect(told('Password')).not.toBe('');
      expect(told('Implicit FTPS')).toMatch(/^127\.0\.0\.1:\d+$/);
      const port = Number(told('Explicit FTPS').split(':')[1]);
      const client = await WireClient.connect('127.0.0.1', port, {});
      await until(() => client.pending.endsWith('\n'));
      expect(client.pending).toMatch(greeting);
      const exited = once(child, 'exit');
      signal(end);
      expect(await exited).toEqual([0, null]);
      expect(await client.rest()).toMatch(greeting);
    } finally {
      signal('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
