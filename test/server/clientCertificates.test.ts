import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createLeaf, createSelfSigned } from '../../src/server/certificate.ts';
import type { ClientCertificates } from '../../src/server/clientCertificates.ts';
import type { ServerOptions } from '../../src/server/serverOptions.ts';
import { createIntermediate } from './support/intermediate.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

const DAY = 24 * 60 * 60 * 1000;
const people = [
  'anna',
  'bert',
  'expired',
  'notYet',
  'stranger',
  'selfSigned',
  'forServers',
  'viaAuthority',
  'viaPretender',
] as const;
type Person = (typeof people)[number];

let certificates: TestCertificates;
let authority = '';
const shown = new Map<Person | 'nobody', ConnectionOptions>([['nobody', {}]]);

beforeAll(async () => {
  certificates = await createCertificates();
  const [clients, others] = await Promise.all([createAuthority(), createAuthority()]);
  authority = clients.cert;
  const purpose = 'client';
  const now = Date.now();
  const [longAgo, lately, soon] = [new Date(now - 9 * DAY), new Date(now - DAY), new Date(now + DAY)];
  const leaf = (name: Person, more: object = {}) => createLeaf(clients, { names: [name], purpose, ...more });
  shown.set('anna', await leaf('anna'));
  shown.set('bert', await leaf('bert'));
  shown.set('expired', await leaf('expired', { notBefore: longAgo, notAfter: lately }));
  shown.set('notYet', await leaf('notYet', { notBefore: soon }));
  shown.set('forServers', await leaf('forServers', { purpose: 'server' }));
  for (const [name, isAuthority] of [
    ['viaAuthority', true],
    ['viaPretender', false],
  ] as const) {
    const between = await createIntermediate(clients, isAuthority);
    const { key, cert } = await createLeaf(between, { names: [name], purpose });
    shown.set(name, { key, cert: cert + between.cert });
  }
  shown.set('stranger', await createLeaf(others, { names: ['anna'], purpose }));
  shown.set('selfSigned', await createSelfSigned({ names: ['anna'], purpose }));
});

function asking(more: Partial<ClientCertificates> = {}): Partial<ServerOptions> {
  return { clientCertificates: { demand: 'optional', authorities: [authority], ...more } };
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('client certificates under %s', (version) => {
  const bounds = { minVersion: version, maxVersion: version };

  it.each([
    ['optional', 'anna', true],
    ['optional', 'nobody', true],
    ['optional', 'stranger', false],
    ['optional', 'selfSigned', false],
    ['optional', 'expired', false],
    ['optional', 'notYet', false],
    ['optional', 'forServers', false],
    ['optional', 'viaAuthority', true],
    ['optional', 'viaPretender', false],
    ['required', 'anna', true],
    ['required', 'nobody', false],
    ['required', 'stranger', false],
  ] as const)(
    'S-10: %s, shown that of %s: accepted: %s, else 421 inside TLS',
    async (demand, who, accepted) => {
      await using server = await TestServer.start(certificates, { ...bounds, ...asking({ demand }) });
      await using client = await server.connect(shown.get(who));
      await client.reply();
      await client.command('AUTH TLS');
      await client.startTls();
      if (accepted) {
        expect(await client.command('NOOP')).toMatch(/^200 /);
      } else {
        expect(await client.rest()).toMatch(/^421 [^\r\n]*certificate[^\r\n]*\r\n$/);
        expect(client.tls?.encrypted).toBe(true);
      }
    },
  );

  it('S-10: an unacceptable one on implicit gets 421 instead of the greeting, after REIN too', async () => {
    const options = { ...bounds, ...asking({ demand: 'required' }), security: 'implicit' } as const;
    await using server = await TestServer.start(certificates, options);
    await using stranger = await server.connect();
    await stranger.startTls();
    expect(await stranger.rest()).toMatch(/^421 [^\r\n]*\r\n$/);
    await using client = await server.secured(shown.get('anna'));
    await client.command('REIN');
    await client.stopTls();
    await client.startTls(shown.get('stranger'));
    expect(await client.rest()).toMatch(/^421 [^\r\n]*\r\n$/);
  });

  it('S-17: one that suffices makes the password unnecessary: 232', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, ...asking({ suffices: true }) });
    await using client = await server.secured(shown.get('anna'));
    expect(await client.command('USER anna')).toMatch(/^232 /);
    expect(await client.command('PWD')).toMatch(/^257 /);
  });

  it.each([
    ['of another user', 'bert', 'anna', { suffices: true }],
    ['of a user that is not known', 'bert', 'bert', { suffices: true }],
    ['that only opens the door', 'anna', 'anna', {}],
    ['that is missing', 'nobody', 'anna', { suffices: true }],
  ] as const)('S-17: one %s does not: 331', async (_what, who, user, more) => {
    await using server = await TestServer.start(certificates, { ...bounds, ...asking(more) });
    await using client = await server.secured(shown.get(who));
    expect(await client.command(`USER ${user}`)).toMatch(/^331 /);
    expect(await client.command('PWD')).toMatch(/^530 /);
  });

  it.each([
    ['the same, with a full handshake', 'anna', false, '226'],
    ['the same, resumed', 'anna', true, '226'],
    ['that of another', 'bert', false, '522'],
    ['none', 'nobody', false, '522'],
  ] as const)('S-18: a data connection that shows %s', async (_what, who, resumes, code) => {
    await using server = await TestServer.start(certificates, { ...bounds, ...asking() });
    await using client = await server.loggedIn(shown.get('anna'));
    const socket = await client.passive();
    client.send('STOR a.txt\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    const own = { key: undefined, cert: undefined, ...shown.get(who) };
    const data = client.secureData(socket, resumes ? {} : { session: undefined, ...own });
    await once(data, 'secureConnect');
    expect(data.isSessionReused()).toBe(resumes);
    data.end('content');
    data.resume();
    expect((await client.reply()).slice(0, 3)).toBe(code);
    const stored = await readFile(join(server.root, 'a.txt'), 'utf8').catch(() => 'nothing');
    expect(stored).toBe(code === '226' ? 'content' : 'nothing');
  });

  it('S-18: a certificate on the data connection only is refused', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, ...asking() });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR a.txt\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    const data = client.secureData(socket, { session: undefined, ...shown.get('bert') });
    data.resume();
    expect(await client.reply()).toMatch(/^522 .*certificate/);
  });

  it('S-29: is the same certificate on control and data connections', async () => {
    await using server = await TestServer.start(certificates, bounds);
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket, { session: undefined });
    await once(data, 'secureConnect');
    const expected = new X509Certificate(certificates.leaf.cert).fingerprint256;
    expect(client.tls?.getPeerCertificate().fingerprint256).toBe(expected);
    expect(data.getPeerCertificate().fingerprint256).toBe(expected);
    data.destroy();
  });
});
