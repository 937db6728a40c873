import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/client/clock.ts';
import { type OpenRemoteOptions, openRemote } from '../../src/remote/connect.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import { KnownServer } from '../../src/remote/knownServer.ts';
import { type Profile, readProfile } from '../../src/remote/profile.ts';
import { createAuthority, createLeaf, createSelfSigned } from '../../src/server/certificate.ts';
import { FtpsServer } from '../../src/server/ftpsServer.ts';
import type { ServerOptions } from '../../src/server/serverOptions.ts';
import { FakeClock } from '../support/fakeClock.ts';

let folder: string;
let server: FtpsServer;
let listen: (options?: Partial<ServerOptions>) => Promise<FtpsServer>;
const heard: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-connect-'));
  const authority = await createAuthority();
  await writeFile(join(folder, 'ca.pem'), authority.cert);
  const certificate = await createLeaf(authority, { names: ['ftp.example.com'] });
  const users = { anna: 'secret' };
  const log = (line: string): void => void heard.push(line);
  listen = (options) =>
    FtpsServer.listen({ root: folder, users, security: 'explicit', certificate, log, ...options });
  server = await listen();
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function profile(change: object = {}): Profile {
  const tls = { servername: 'ftp.example.com', ca: [join(folder, 'ca.pem')] };
  const result = readProfile('site', { host: '127.0.0.1', port: server.port, user: 'anna', tls, ...change });
  if (!result.ok) throw new Error(result.problems.join());
  return result.profile;
}

async function failureOf(change: object, options: Partial<OpenRemoteOptions> = {}): Promise<RemoteError> {
  try {
    await openRemote(profile(change), { password: async () => 'secret', ...options });
  } catch (error) {
    if (error instanceof RemoteError) return error;
  }
  throw new Error('Opening did not fail with a RemoteError.');
}

describe('opening a connection', () => {
  it('logs in with what the profile says, its authorities read from their files', async () => {
    const files = await openRemote(profile(), { password: async () => 'secret' });
    expect((await files.list('/')).entries.map(({ name }) => name)).toEqual(['ca.pem']);
    expect(server.sessions.map(({ user }) => user)).toEqual(['anna']);
    await files.close();
  });

  it('trusts the authorities that the environment names for Node, beside those of the profile', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'ftps-connect-'));
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(elsewhere, { recursive: true });
    });
    const further = join(elsewhere, 'further.pem');
    await writeFile(further, (await createSelfSigned({ names: ['further.example.com'] })).cert);
    const tls = { servername: 'ftp.example.com', ca: [further] };
    for (const file of ['', '/no/such/ca.pem']) {
      vi.stubEnv('NODE_EXTRA_CA_CERTS', file);
      expect(await failureOf({ tls })).toMatchObject({ kind: 'certificate' });
    }
    vi.stubEnv('NODE_EXTRA_CA_CERTS', join(folder, 'ca.pem'));
    const files = await openRemote(profile({ tls }), { password: async () => 'secret' });
    await files.close();
  });

  it('that fails leaves no session behind', async () => {
    const error = await failureOf({}, { password: async () => 'wrong' });
    expect(error.kind).toBe('loginRefused');
    expect(server.sessions.filter(({ user }) => user !== undefined)).toEqual([]);
  });

  it('shows a certificate that does not verify, before the password is sent', async () => {
    heard.splice(0);
    const error = await failureOf({ tls: { servername: 'other.example.com', ca: [join(folder, 'ca.pem')] } });
    expect(error).toMatchObject({ kind: 'certificate', certificate: { problem: 'wrongName' } });
    expect(heard.filter((line) => /PASS|USER/.test(line))).toEqual([]);
  });

  it('accepts the certificate that the user trusts for this host, and no other', async () => {
    const untrusted = await failureOf({ tls: {} });
    const pin = untrusted.certificate?.fingerprint;
    const files = await openRemote(profile({ tls: {} }), {
      password: async () => 'secret',
      pin: async () => pin,
    });
    await files.close();
    const other = await failureOf({ tls: {} }, { pin: async () => `00${pin?.slice(2)}` });
    expect(other).toMatchObject({ kind: 'certificate', certificate: { problem: 'pinMismatch' } });
  });

  it('is given up without a password', async () => {
    const error = await failureOf({}, { password: async () => undefined });
    expect(error.kind).toBe('cancelled');
  });

  it('names the certificate file that cannot be read', async () => {
    const error = await failureOf({ tls: { ca: ['/no/such/ca.pem'] } });
    expect(error.message).toMatch(/\/no\/such\/ca\.pem that tls\.ca names: ENOENT/);
  });

  it('can be cancelled while it waits for the password', async () => {
    const controller = new AbortController();
    const password = () => new Promise<string>(() => controller.abort());
    const opening = openRemote(profile(), { password }, controller.signal);
    await expect(opening).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('an open connection', () => {
  const password = async (): Promise<string> => 'secret';

  it('keeps one session alive while nothing is done, where the profile says so', async () => {
    const clock = new FakeClock();
    heard.splice(0);
    const files = await openRemote(profile({ keepAlive: 45, pipelining: 'never' }), { password, clock });
    expect(clock.pending()).toEqual([45_000]);
    for (let sign = 1; sign < 4; sign++) {
      clock.advance(45_000);
      await expect.poll(() => heard.filter((line) => line.includes('NOOP'))).toHaveLength(sign);
      await expect.poll(() => clock.pending()).toEqual([45_000]);
    }
    await files.close();
  });

  it('learns how many sessions the server bears, and begins with as many the next time', async () => {
    await using modest = await listen({ limits: { sessions: 2 } });
    const known = new KnownServer({ clock: systemClock });
    const refused = async (): Promise<number> => {
      heard.splice(0);
      const files = await openRemote(profile({ port: modest.port }), { password, known });
      await Promise.all(['/', '/1', '/2', '/3', '/4'].map((path) => files.list(path).catch(() => undefined)));
      await files.close();
      return heard.filter((line) => line.includes('421 Too many')).length;
    };
    expect(await refused()).toBeGreaterThan(0);
    expect(known.learntLimit?.sessions).toBe(2);
    await expect.poll(() => modest.sessions).toEqual([]);
    expect(await refused()).toBe(0);
  });

  it('comes about although what was known of the server is wrong by now, and forgets it', async () => {
    await using changed = await listen({ minVersion: 'TLSv1.3' });
    const traits = { boundToTls12: { value: true, at: 7 }, extendedPassive: { value: false, at: 7 } };
    const known = new KnownServer({ clock: systemClock, record: { traits } });
    const files = await openRemote(profile({ port: changed.port }), { password, known });
    expect(Object.keys(known.record().traits)).not.toContain('boundToTls12');
    await files.close();
  });
});
