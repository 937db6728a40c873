import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpsServer } from '../../src/server/ftpsServer.ts';
import { settingsOf } from '../../src/server/serverOptions.ts';
import { claimPorts } from '../support/ports.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll, type WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

async function listening(host: string): Promise<[Server, number]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return [server, typeof address === 'object' && address !== null ? address.port : 0];
}

/** What RETR brings over the data connection that the server opens, and where that comes from. */
async function fetchActively(
  client: WireClient,
  listener: Server,
): Promise<[content: string, from: number | undefined]> {
  const accepted = new Promise<Socket>((resolve) => {
    listener.once('connection', resolve);
  });
  client.send('RETR a.txt\r\n');
  expect(await client.reply()).toMatch(/^150 /);
  const socket = await accepted;
  const { remotePort } = socket;
  const data = client.secureData(socket);
  const content = (await readAll(data)).toString();
  data.end();
  expect(await client.reply()).toMatch(/^226 /);
  return [content, remotePort];
}

const withFile = (root: string): Promise<void> => writeFile(join(root, 'a.txt'), 'the content');

describe('ports', () => {
  it.each([
    ['explicit', 21, 20],
    ['implicit', 990, 989],
  ] as const)(
    'S-28: of %s FTPS are %i and, for active mode, %i where asked for',
    async (security, control, data) => {
      const options = { root: '.', users: {}, security, certificate: certificates.leaf } as const;
      expect(settingsOf({ ...options, activePort: 'standard' }).activePort).toBe(data);
      // Without the privilege to take it, the failure names the port.
      let port: unknown;
      try {
        await using server = await FtpsServer.listen({ ...options, port: 'standard' });
        port = server.port;
      } catch (error) {
        port = error instanceof Error && 'port' in error ? error.port : error;
      }
      expect(port).toBe(control);
    },
  );

  it('S-28: are the ones that it was told', async () => {
    const ports = await claimPorts();
    const [from] = ports.passive;
    try {
      const options = { port: ports.control, activePort: from, security: 'implicit' } as const;
      await using server = await TestServer.start(certificates, options, withFile);
      expect(server.server.port).toBe(ports.control);
      await using client = await server.loggedIn();
      // Two in a row: the port is free again at once.
      for (let count = 0; count < 2; count += 1) {
        const [listener, port] = await listening('127.0.0.1');
        await client.command(`EPRT |1|127.0.0.1|${port}|`);
        expect(await fetchActively(client, listener)).toEqual(['the content', from]);
        listener.close();
      }
    } finally {
      await ports.release();
    }
  });
});

describe('over IPv6', () => {
  const options = { host: '::1' } as const;

  it('S-20: PASV is refused with the way to go, and EPSV works', async () => {
    await using server = await TestServer.start(certificates, options);
    await using client = await server.loggedIn();
    expect(await client.command('PASV')).toMatch(/^522 .*\(2\)/);
    expect(await client.command('EPSV 1')).toMatch(/^522 .*\(2\)/);
    expect(await client.command('EPSV 2')).toMatch(/^229 /);
    const socket = await client.passive();
    client.send('STOR a.txt\r\n');
    const data = client.secureData(socket);
    data.end('content');
    data.resume();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
    expect(await client.command('SIZE a.txt')).toBe('213 7\r\n');
  });

  it.each(['::1', '0:0:0:0:0:0:0:1'])(
    'S-16: EPRT with %s is served, with the server in TLS role',
    async (host) => {
      await using server = await TestServer.start(certificates, options, withFile);
      await using client = await server.loggedIn();
      const [listener, port] = await listening('::1');
      expect(await client.command(`EPRT |2|${host}|${port}|`)).toMatch(/^200 /);
      expect((await fetchActively(client, listener))[0]).toBe('the content');
      listener.close();
    },
  );

  it.each(['EPRT |1|127.0.0.1|50000|', 'PORT 127,0,0,1,200,200', 'EPRT |2|::2|50000|'])(
    'S-19: refuses %j, which is not the client',
    async (line) => {
      await using server = await TestServer.start(certificates, options);
      await using client = await server.loggedIn();
      expect(await client.command(line)).toMatch(/^501 /);
    },
  );

  it('serves a client over IPv4 as such on a listener for both', async () => {
    await using server = await TestServer.start(certificates, { host: '::ffff:127.0.0.1' });
    await using client = await server.loggedIn({ servername: '', host: '127.0.0.1' });
    expect(await client.command('PASV')).toMatch(/^227 .*\(127,0,0,1,/);
  });
});
