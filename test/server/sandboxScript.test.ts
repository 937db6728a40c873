import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { WireClient } from './support/wireClient.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

it('npm run sandbox says how to reach it, and ends on Ctrl+C', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ftps-sandbox-'));
  const child = spawn(process.execPath, ['scripts/sandbox.mjs', '--folder', folder], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl+C reaches the whole group, and the script may go on in a child under the project's Node.
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
    expect(await client.reply()).toMatch(/^220 /);
    const exited = once(child, 'exit');
    signal('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(await client.rest()).toBe('');
  } finally {
    signal('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
