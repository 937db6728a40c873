import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const trusting = { requireTls: false, requireProtection: false } as const;

describe('AUTH', () => {
  it('S-9: voids login, TYPE, directory, address, level and PBSZ', async () => {
    await using server = await TestServer.start(certificates, trusting);
    await using client = await server.connect();
    await client.reply();
    const logIn = async (): Promise<void> => {
      await client.command('USER anna');
      expect(await client.command('PASS secret')).toMatch(/^230 /);
    };
    await logIn();
    await client.command('TYPE I');
    await client.command('MKD docs');
    await client.command('CWD docs');
    await client.command('EPSV');
    await client.command('AUTH TLS');
    await client.startTls();
    expect(await client.command('PWD')).toMatch(/^530 /);
    await logIn();
    expect(await client.command('PWD')).toMatch(/^257 "\/"/);
    expect(await client.command('STAT')).toMatch(/data connections C\r\n TYPE A/);
    expect(await client.command('LIST')).toMatch(/^425 /);
    expect(await client.command('PROT P')).toMatch(/^503 /);
  });

  it('S-10: whose TLS does not begin is followed by 421 in clear, and the end', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    await client.command('AUTH TLS');
    client.send('NOOP\r\nUSER anna\r\n');
    expect(await client.rest()).toMatch(/^421 [^\r\n]*\r\n$/);
  });

  it('S-10: behind which the client says nothing is followed by 421 in clear once the time is up', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { handshake: 5_000 } });
    await using client = await server.connect();
    await client.reply();
    await client.command('AUTH TLS');
    await until(() => clock.pending().includes(5_000));
    clock.advance(5_000);
    expect(await client.rest()).toMatch(/^421 [^\r\n]*\r\n$/);
  });

  it('S-10: whose handshake breaks off in the middle is followed by the end, without a word', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    await client.command('AUTH TLS');
    // A handshake record whose content is none. RFC 8446 §5.1
    client.send(Buffer.from([22, 3, 1, 0, 4, 0xff, 0xff, 0xff, 0xff]));
    expect(await client.rest()).not.toMatch(/\d{3} /);
    await using next = await server.connect();
    expect(await next.reply()).toMatch(/^220 /);
  });

  it('S-10: whose handshake takes too long is followed by the end, without a word', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { handshake: 5_000 } });
    await using client = await server.connect();
    await client.reply();
    await client.command('AUTH TLS');
    await until(() => clock.pending().includes(5_000));
    // The limit for the first byte is no longer at 5 s then; the one for the rest of the handshake will be.
    clock.advance(1);
    client.send(Buffer.from([22, 3, 1]));
    await until(() => clock.pending().includes(5_000));
    clock.advance(5_000);
    expect(await client.rest()).not.toMatch(/\d{3} /);
  });

  it('S-10: is no trouble when the client leaves behind it', async () => {
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, { log: (line) => lines.push(line) });
    {
      await using client = await server.connect();
      await client.reply();
      await client.command('AUTH TLS');
    }
    await until(() => server.server.sessions.length === 0);
    expect(lines.at(-1)).toMatch(/^< 421 /);
  });
});
