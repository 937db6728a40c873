import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { createLeaf } from '../../src/server/certificate.ts';
import { FtpsServer } from '../../src/server/ftpsServer.ts';
import type { ServerOptions } from '../../src/server/serverOptions.ts';
import { failureOf, fetchText, optionsFor, password } from './dialogue.ts';
import { authority, identity } from './identity.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const modes = (['explicit', 'implicit'] as const).flatMap((security) =>
  versions.map((version) => ({ security, version })),
);
const ca = [authority.cert];
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ftps-client-'));
  await writeFile(join(root, 'a'), 'here');
});

afterAll(() => rm(root, { recursive: true }));

function listen(more: Partial<ServerOptions> = {}): Promise<FtpsServer> {
  return FtpsServer.listen({
    root,
    users: { ada: password },
    security: 'explicit',
    certificate: identity,
    requireSessionReuse: true,
    ...more,
  });
}

describe.each(modes)('a session with our own server, $security, $version', ({ security, version }) => {
  const tls = { ca, minVersion: version, maxVersion: version };

  it('C-6: begins anew on the same connection, and is whole again', async () => {
    await using server = await listen({ security });
    await using client = await FtpsClient.connect(optionsFor(server, { security, tls }));
    for (let times = 0; times < 3; times += 1) {
      await client.reinitialize();
      expect(await fetchText(client)).toBe('here');
      expect((await client.list('/')).entries.length).toBeGreaterThan(0);
      expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: version });
    }
    expect(client.report()).toMatchObject({ dataConnections: 6, resumed: 6 });
  });

  it('C-26: takes active data connections', async () => {
    await using server = await listen({ security });
    await using client = await FtpsClient.connect(optionsFor(server, { security, tls, dataMode: 'active' }));
    expect(await fetchText(client)).toBe('here');
    expect(await client.store('/b', Readable.from([Buffer.from('content')]))).toBe(7);
    expect(client.report()).toMatchObject({ dataConnections: 2, resumed: 2 });
  });

  it('C-24: shows its certificate on both connections', async () => {
    const ada = await createLeaf(authority, { names: ['ada'], purpose: 'client' });
    await using server = await listen({
      security,
      requireSessionReuse: false,
      clientCertificates: { authorities: ca, demand: 'required' },
    });
    const clientCertificate = { cert: ada.cert, key: ada.key };
    const options = optionsFor(server, { security, tls: { ...tls, clientCertificate } });
    await using client = await FtpsClient.connect(options);
    expect(await fetchText(client)).toBe('here');
  });
});

describe.each(versions)('our own server, %s', (version) => {
  const tls = { ca, minVersion: version, maxVersion: version };

  it('C-28: clears the command channel, and data stays private', async () => {
    await using server = await listen({ clearControl: 'allowed' });
    const options = optionsFor(server, { tls, allowClearCommandChannel: true });
    await using client = await FtpsClient.connect(options);
    await client.clearCommandChannel();
    expect(await fetchText(client)).toBe('here');
    expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: undefined, resumed: 1 });
  });

  it('C-28: does not, where its policy forbids it', async () => {
    await using server = await listen({ clearControl: 'forbidden' });
    const options = optionsFor(server, { tls, allowClearCommandChannel: true });
    await using client = await FtpsClient.connect(options);
    expect(await failureOf(client.clearCommandChannel())).toMatchObject({ reply: { code: 534 } });
    expect(await fetchText(client)).toBe('here');
  });

  it('hashes files', async () => {
    await using server = await listen();
    await using client = await FtpsClient.connect(optionsFor(server, { tls }));
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update('here').digest('hex');
    expect(await client.hash('/a')).toEqual({ algorithm: 'SHA-256', digest });
  });

  it('C-3: takes clear data after PROT C, and private data after PROT P', async () => {
    await using server = await listen({ requireProtection: false });
    await using client = await FtpsClient.connect(optionsFor(server, { tls, requireProtectedData: false }));
    await client.setProtection('C');
    expect(await fetchText(client)).toBe('here');
    await client.setProtection('P');
    expect(await fetchText(client)).toBe('here');
    expect(client.report()).toMatchObject({ dataConnections: 2, resumed: 1 });
  });
});
