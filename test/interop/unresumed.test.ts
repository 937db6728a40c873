import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import { type ForeignServer, startServer } from './servers/foreignServer.ts';

// A TLS library that never tells of a ticket under TLS 1.3: what a desktop build of VS Code may come to.
beforeEach(() => {
  const on = Reflect.get(TLSSocket.prototype, 'on');
  vi.spyOn(TLSSocket.prototype, 'on').mockImplementation(function on12(
    this: TLSSocket,
    event: string,
    listener: (...values: never[]) => void,
  ) {
    const heard =
      event === 'session'
        ? (ticket: never) => (this.getProtocol() === 'TLSv1.3' ? undefined : listener(ticket))
        : listener;
    return Reflect.apply(on, this, [event, heard]);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function connect(server: ForeignServer, traits: ServerTraits): Promise<FtpsClient> {
  const { host, port, user, password } = server;
  const tls = { ca: [server.ca] };
  return FtpsClient.connect({ host, port, security: 'explicit', user, password, tls, traits });
}

describe.each(['vsftpd', 'proftpd'] as const)('%s, which demands resumed data connections', (name) => {
  const start = () => startServer(name, { security: 'explicit', requireSessionReuse: true });

  it('C-25: is spoken to with TLS 1.2 where those of TLS 1.3 do not resume, and nobody sees an error', async () => {
    await using server = await start();
    const traits = newServerTraits();
    await using client = await connect(server, traits);
    expect(client.report().tlsVersion).toBe('TLSv1.3');
    expect((await client.list('/')).entries).toEqual([]);
    const { tlsVersion, resumed, unresumed } = client.report();
    expect(tlsVersion).toBe('TLSv1.2');
    expect(resumed).toBeGreaterThan(0);
    expect(traits.boundToTls12).toBe(true);
    await client.store('/a.txt', Readable.from([Buffer.from('content')]));
    const sink = new PassThrough();
    const [content] = await Promise.all([buffer(sink), client.retrieve('/a.txt', sink)]);
    expect(content.toString()).toBe('content');
    expect(client.report()).toMatchObject({ resumed: resumed + 2, unresumed });
  });

  it('C-25: gets an upload whole, though it is what shows that', async () => {
    await using server = await start();
    await using client = await connect(server, newServerTraits());
    const content = Buffer.alloc(300_001, 'content ');
    await client.store('/a.bin', Readable.from([content.subarray(0, 5000), content.subarray(5000)]));
    expect(client.report().tlsVersion).toBe('TLSv1.2');
    expect(await readFile(join(server.root, 'a.bin'))).toEqual(content);
  });
});
