import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLeaf, type KeyAndCertificate } from '../../src/server/certificate.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/server/sandbox.ts';
import { claimPorts } from '../support/ports.ts';
import { WireClient } from './support/wireClient.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-sandbox-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function startedAndClosed(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ folder, ...options });
  await sandbox.close();
  return sandbox;
}

/** Once it was started and closed, on ports that nobody else is given before it starts again. */
async function startedOnClaimedPorts(): Promise<Sandbox> {
  const ports = await claimPorts();
  onTestFinished(() => ports.release());
  return startedAndClosed({ ports: { explicit: ports.control, implicit: ports.passive[0] } });
}

interface Kept {
  port: number;
  authority: KeyAndCertificate;
  leaf: KeyAndCertificate;
}

async function readState(): Promise<Kept> {
  const state: Kept = JSON.parse(await readFile(join(folder, 'sandbox.json'), 'utf8'));
  return state;
}

async function listens(host: string, port: number): Promise<boolean> {
  try {
    const client = await WireClient.connect(host, port, {});
    await client[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  }
}

describe('the sandbox', () => {
  it('lets its user in, explicit and implicit, with a certificate of its own authority', async () => {
    const sandbox = await startSandbox({ folder });
    for (const port of [sandbox.port, sandbox.implicitPort]) {
      await using client = await WireClient.connect(sandbox.host, port, {
        ca: sandbox.ca,
        host: sandbox.host,
      });
      if (port === sandbox.port) {
        await client.reply();
        await client.command('AUTH TLS');
        await client.startTls();
      } else {
        await client.startTls();
        await client.reply();
      }
      expect(client.tls?.authorized).toBe(true);
      expect(client.tls?.getPeerCertificate().fingerprint256).toBe(sandbox.fingerprint);
      expect(await client.command(`USER ${sandbox.user}`)).toMatch(/^331 /);
      expect(await client.command(`PASS ${sandbox.password}`)).toMatch(/^230 /);
      expect(await client.command('MLST index.html')).toMatch(/^250-/);
    }
    expect(await readFile(sandbox.caFile, 'utf8')).toBe(sandbox.ca);
    await sandbox.close();
    expect(await listens(sandbox.host, sandbox.port)).toBe(false);
  });

  it('is on loopback only', async () => {
    const sandbox = await startSandbox({ folder });
    expect(sandbox.host).toBe('127.0.0.1');
    expect(await listens('127.0.0.2', sandbox.port)).toBe(false);
    await sandbox.close();
  });

  it('is elsewhere where it is told to, under a certificate for that address', async () => {
    const sandbox = await startSandbox({ folder, host: '127.0.0.2' });
    expect(await listens('127.0.0.1', sandbox.port)).toBe(false);
    await using client = await WireClient.connect('127.0.0.2', sandbox.implicitPort, {
      ca: sandbox.ca,
      host: '127.0.0.2',
    });
    await client.startTls();
    expect(client.tls?.authorized).toBe(true);
    expect(sandbox.host).toBe('127.0.0.2');
    await sandbox.close();
  });

  it('keeps ports, password and certificate from one start to the next', async () => {
    const [first, second] = [await startedOnClaimedPorts(), await startedAndClosed()].map((sandbox) =>
      JSON.stringify(sandbox),
    );
    expect(second).toEqual(first);
  });

  it('keeps its secrets to their owner', async () => {
    const state = join(folder, 'kept', 'sandbox');
    await (await startSandbox({ folder: state })).close();
    expect((await stat(state)).mode & 0o777).toBe(0o700);
    expect((await stat(join(state, 'sandbox.json'))).mode & 0o777).toBe(0o600);
  });

  it('moves a port only when something else has taken it', async () => {
    const first = await startedOnClaimedPorts();
    const squatter = createServer();
    squatter.listen(first.port, '127.0.0.1');
    await once(squatter, 'listening');
    const moved = await startedAndClosed();
    expect(moved.port).not.toBe(first.port);
    expect(moved.implicitPort).toBe(first.implicitPort);
    expect(moved.fingerprint).toBe(first.fingerprint);
    squatter.close();
    // What has moved stays where it is: others were told.
    expect((await readState()).port).toBe(moved.port);
  });

  it('leaves nothing running when one of its ports cannot be', async () => {
    const first = await startedOnClaimedPorts();
    await expect(startSandbox({ folder, ports: { implicit: 70_000 } })).rejects.toThrow('65536');
    expect((await startedAndClosed()).port).toBe(first.port);
  });

  it('says so when its state cannot be read', async () => {
    await mkdir(join(folder, 'sandbox.json'));
    await expect(startSandbox({ folder })).rejects.toThrow('EISDIR');
  });

  it('makes an authority anew that is none', async () => {
    const none = { key: 'a', cert: 'b' };
    await writeFile(join(folder, 'sandbox.json'), JSON.stringify({ authority: none, leaf: none }));
    expect((await startedAndClosed()).ca).toContain('BEGIN CERTIFICATE');
  });

  it('issues a new leaf only when the old one has expired, and keeps the authority', async () => {
    const first = await startedAndClosed();
    const state = await readState();
    const leaf = await createLeaf(state.authority, {
      names: ['localhost', '127.0.0.1', '::1'],
      notBefore: new Date(Date.UTC(2020, 0, 1)),
      notAfter: new Date(Date.UTC(2021, 0, 1)),
    });
    await writeFile(join(folder, 'sandbox.json'), JSON.stringify({ ...state, leaf }));
    const second = await startedAndClosed();
    expect(second.fingerprint).not.toBe(new X509Certificate(leaf.cert).fingerprint256);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(second.ca).toBe(first.ca);
    expect(second.password).not.toBe('');
  });

  it.each(['', '{', 'null', '[]', '{"port":"x","authority":{"key":1},"leaf":{"key":"a","cert":"b"}}'])(
    'starts anew from a state file that reads %j',
    async (content) => {
      await writeFile(join(folder, 'sandbox.json'), content);
      const sandbox = await startedAndClosed();
      expect(sandbox.port).toBeGreaterThan(0);
      expect(sandbox.password).not.toBe('');
    },
  );

  it('writes a site with nested folders, names with spaces and umlauts, and a link', async () => {
    const { root } = await startedAndClosed();
    const names = await readdir(root, { recursive: true });
    expect(names).toContain('index.html');
    expect(names).toContain('docs/Getting started.md');
    expect(names).toContain('docs/Öffnungszeiten.txt');
    expect(names).toContain('docs/menu/drinks/hot.csv');
    expect(await readlink(join(root, 'latest'))).toBe('docs');
  });

  it('leaves a site that is there as it is', async () => {
    await mkdir(join(folder, 'site'));
    await writeFile(join(folder, 'site/mine.txt'), 'mine');
    const { root } = await startedAndClosed();
    expect(await readdir(root)).toEqual(['mine.txt']);
  });
});
