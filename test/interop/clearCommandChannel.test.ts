import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsError } from '../../src/client/errors.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ForeignServer, startServer, type TlsVersion } from './servers/foreignServer.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

function connect(server: ForeignServer, more: Partial<ConnectOptions> = {}): Promise<FtpsClient> {
  return FtpsClient.connect({
    host: server.host,
    port: server.port,
    security: 'explicit',
    user: server.user,
    password: server.password,
    tls: { ca: [server.ca] },
    allowClearCommandChannel: true,
    ...more,
  });
}

/** Writes, lists, reads: everything that a session is for. */
async function useFiles(client: FtpsClient): Promise<void> {
  await client.store('/a.txt', Readable.from([Buffer.from('content')]));
  expect(await client.size('/a.txt')).toBe(7);
  expect((await client.list('/')).entries).toMatchObject([{ name: 'a.txt' }]);
  const sink = new PassThrough();
  const [content] = await Promise.all([buffer(sink), client.retrieve('/a.txt', sink)]);
  expect(content.toString()).toBe('content');
}

const permitting: readonly [string, (tls: TlsVersion) => Promise<ForeignServer>][] = [
  ['Pure-FTPd', (tls) => startServer('pure-ftpd', { security: 'explicit', tls })],
  ['ProFTPD', (tls) => startServer('proftpd', { security: 'explicit', tls, clearControl: true })],
];

describe.each(permitting)('%s', (_, start) => {
  it.each(versions)('C-28: clears the command channel, and data stays private (%s)', async (version) => {
    await using server = await start(version);
    await using client = await connect(server);
    await client.clearCommandChannel();
    expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: undefined });
    await useFiles(client);
    const { dataConnections, resumed, unresumed } = client.report();
    expect(resumed + unresumed).toBe(dataConnections);
  });
});

describe.each([
  ['vsftpd', 500],
  ['proftpd', 534],
  ['pyftpdlib', 500],
] as const)('%s', (name, code) => {
  it.each(versions)(`C-28: refuses that by ${code}, and the session stays in TLS (%s)`, async (version) => {
    await using server = await startServer(name, { security: 'explicit', tls: version });
    await using client = await connect(server);
    const refusal: unknown = await client.clearCommandChannel().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(FtpsError);
    expect(refusal).toMatchObject({ kind: 'refused', reply: { code } });
    expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: version });
    await useFiles(client);
  });
});
