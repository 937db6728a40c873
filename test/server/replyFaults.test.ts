import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('a server told to misbehave in its replies', () => {
  it('splitReplies: sends them byte by byte, in clear and under TLS', async () => {
    await using server = await TestServer.start(certificates, {
      faults: ['splitReplies'],
      greeting: 'Grüße',
    });
    await using client = await server.connect();
    expect(await client.reply()).toBe('220 Grüße\r\n');
    await client.command('AUTH TLS');
    const tls = await client.startTls();
    const sizes: number[] = [];
    tls.on('data', (chunk: Buffer) => sizes.push(chunk.length));
    const reply = await client.command('NOOP');
    expect(reply).toBe('200 Still here.\r\n');
    // One TLS record a byte.
    expect(sizes).toEqual(Array.from({ length: reply.length }, () => 1));
  });

  it('lateReplies: lets its clock run before each', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { faults: ['lateReplies=4000'], clock });
    await using client = await server.connect();
    for (const line of ['', 'NOOP\r\n']) {
      client.send(line);
      await until(() => clock.pending().includes(4_000));
      clock.advance(3_999);
      expect(client.pending).toBe('');
      clock.advance(1);
      expect(await client.reply()).toMatch(/^2[02]0 /);
    }
  });

  it('garbageReply: answers one command with what is no reply', async () => {
    await using server = await TestServer.start(certificates, { faults: ['garbageReply=noop'] });
    await using client = await server.loggedIn();
    client.send('NOOP\r\nPWD\r\n');
    await until(() => client.pending.includes('257'));
    expect(client.pending.startsWith('\0\u0007 what is this?\r\n257 ')).toBe(true);
  });

  it('earlyCompletion: says 226 with 150, before the data, and only once', async () => {
    await using server = await TestServer.start(certificates, { faults: ['earlyCompletion'] });
    await using client = await server.loggedIn();
    expect(await client.command('LIST')).toMatch(/^425 /);
    const socket = await client.passive();
    client.send('STOR a.txt\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
    const data = client.secureData(socket);
    data.end('content');
    data.resume();
    expect(await client.command('SIZE a.txt')).toBe('213 7\r\n');
  });

  it('noPreliminary: starts transfers without 150', async () => {
    await using server = await TestServer.start(certificates, { faults: ['noPreliminary'] });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket);
    await readAll(data);
    data.end();
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('foreignPassiveAddress: names another host in its answer to PASV', async () => {
    await using server = await TestServer.start(certificates, { faults: ['foreignPassiveAddress'] });
    await using client = await server.loggedIn();
    expect(await client.command('EPSV')).toMatch(/^500 /);
    expect(await client.command('PASV')).toMatch(/^227 .*\(198,51,100,7,\d+,\d+\)/);
  });

  it('reply334: answers AUTH with 334', async () => {
    await using server = await TestServer.start(certificates, { faults: ['reply334'] });
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('AUTH TLS')).toMatch(/^334 /);
  });

  it('injectedReply: sends a clear reply behind 234, and TLS comes up regardless', async () => {
    await using server = await TestServer.start(certificates, { faults: ['injectedReply'] });
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('AUTH TLS')).toMatch(/^234 /);
    expect(client.pending).toBe('230 Logged in.\r\n');
    await client.reply();
    await client.startTls();
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it('wrongSize: counts one byte too many', async () => {
    await using server = await TestServer.start(certificates, { faults: ['wrongSize'] });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR a.txt\r\n');
    const data = client.secureData(socket);
    data.end('content');
    data.resume();
    await client.reply();
    await client.reply();
    expect(await client.command('SIZE a.txt')).toBe('213 8\r\n');
    expect(await client.command('SIZE none.txt')).toMatch(/^550 /);
  });

  it('several faults act together', async () => {
    const faults = ['splitReplies', 'noPreliminary', 'tooManySessions=1'] as const;
    await using server = await TestServer.start(certificates, { faults });
    await using client = await server.loggedIn();
    expect(await client.command('LIST')).toMatch(/^425 /);
    await using another = await server.connect();
    expect(await another.reply()).toMatch(/^421 /);
  });
});
