import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

describe.each(versions)('REIN under %s', (version) => {
  const bounds = { minVersion: version, maxVersion: version };

  it('S-4: takes TLS off behind its reply and begins anew on the same connection, explicit', async () => {
    await using server = await TestServer.start(certificates, bounds);
    await using client = await server.loggedIn();
    const { localPort } = client.socket;
    expect(await client.command('REIN')).toMatch(/^220 /);
    await client.stopTls();
    // Clear again, nobody logged in, nothing agreed upon, and no second greeting.
    expect(await client.command('PWD')).toMatch(/^530 /);
    expect(await client.command('PBSZ 0')).toMatch(/^503 /);
    expect(await client.command('USER anna')).toMatch(/^530 /);
    expect(await client.command('AUTH TLS')).toMatch(/^234 /);
    await client.startTls();
    expect(client.tls?.getProtocol()).toBe(version);
    expect(await client.command('PROT P')).toMatch(/^503 /);
    expect(await client.command('USER anna')).toMatch(/^331 /);
    expect(await client.command('PASS secret')).toMatch(/^230 /);
    expect(client.socket.localPort).toBe(localPort);
  });

  it('S-4: awaits a new ClientHello and greets again, implicit', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, security: 'implicit' });
    await using client = await server.loggedIn();
    for (let round = 0; round < 3; round += 1) {
      expect(await client.command('REIN')).toMatch(/^220 Start/);
      await client.stopTls();
      await client.startTls();
      expect(await client.reply()).toMatch(/^220 FTPS/);
      expect(await client.command('PWD')).toMatch(/^530 /);
    }
  });

  it('S-4: leaves to the next phase what the client sends right behind its close_notify', async () => {
    await using server = await TestServer.start(certificates, bounds);
    await using client = await server.loggedIn();
    await client.command('REIN');
    await client.stopTls('NOOP\r\nSYST\r\n');
    expect(await client.reply()).toMatch(/^200 /);
    expect(await client.reply()).toMatch(/^215 /);
  });

  it.each(['end', 'destroy'] as const)(
    'S-4: is over with a client that leaves behind it by %s',
    async (leave) => {
      const lines: string[] = [];
      await using server = await TestServer.start(certificates, {
        ...bounds,
        log: (line) => lines.push(line),
      });
      await using client = await server.loggedIn();
      await client.command('REIN');
      client.socket[leave]();
      await until(() => server.server.sessions.length === 0);
      expect(lines.at(-1)).toMatch(/session ended: .*left/);
    },
  );

  it('S-4: is over with a client that never closes its TLS', async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, {
      ...bounds,
      clock,
      limits: { handshake: 5_000 },
      log: (line) => lines.push(line),
    });
    await using client = await server.loggedIn();
    client.tls?.pause();
    client.send('REIN\r\n');
    await until(() => clock.pending().includes(5_000));
    clock.advance(5_000);
    await until(() => server.server.sessions.length === 0);
    expect(lines.at(-1)).toMatch(/session ended: .*in time/);
    expect(clock.pending()).toEqual([]);
  });

  it.each([
    ['REIN', 'explicit'],
    ['REIN', 'implicit'],
    ['CCC', 'explicit'],
  ] as const)(
    'S-4, S-22: is over, as %s is on %s, with a client that left before it',
    async (verb, security) => {
      const clock = new FakeClock();
      await using server = await TestServer.start(certificates, {
        ...bounds,
        clock,
        security,
        clearControl: 'allowed',
      });
      await using client = await server.secured();
      // The answer to the second wrong password comes late: S-22.
      client.send(`${'USER x\r\nPASS wrong\r\n'.repeat(2)}${verb}\r\n`);
      await until(() => clock.pending().includes(1_000));
      client.socket.resetAndDestroy();
      await until(() => server.server.sessions.length === 0);
      expect(clock.pending()).toEqual([]);
    },
  );

  it('S-4: drops the listener that was agreed upon', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, security: 'implicit' });
    await using client = await server.loggedIn();
    await client.command('EPSV');
    await client.command('REIN');
    await client.stopTls();
    await client.startTls();
    await client.reply();
    await client.command('USER anna');
    await client.command('PASS secret');
    expect(await client.command('LIST')).toMatch(/^425 /);
  });

  it('S-5: asks for no session from before, neither on the control nor on data connections', async () => {
    await using server = await TestServer.start(certificates, {
      ...bounds,
      security: 'implicit',
      requireSessionReuse: true,
    });
    await using client = await server.loggedIn();
    await client.command('REIN');
    await client.stopTls();
    const tls = await client.startTls();
    expect(tls.isSessionReused()).toBe(false);
    expect(await client.reply()).toMatch(/^220 /);
    await client.command('USER anna');
    expect(await client.command('PASS secret')).toMatch(/^230 /);
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket);
    await once(data, 'secureConnect');
    expect(data.isSessionReused()).toBe(true);
    await readAll(data);
    data.end();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  });
});

describe('REIN in clear', () => {
  it('S-4: forgets the login', async () => {
    await using server = await TestServer.start(certificates, { requireTls: false });
    await using client = await server.connect();
    await client.reply();
    await client.command('USER anna');
    expect(await client.command('PASS secret')).toMatch(/^230 /);
    expect(await client.command('REIN')).toMatch(/^220 /);
    expect(await client.command('PWD')).toMatch(/^530 /);
  });

  it('S-4: answers what follows once, again and again', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    for (let round = 0; round < 3; round += 1) expect(await client.command('REIN')).toMatch(/^220 /);
    client.send('NOOP\r\nSYST\r\nQUIT\r\n');
    expect(await client.rest()).toMatch(/^200 .*\r\n215 .*\r\n221 .*\r\n$/);
  });

  it('S-8: leaves nothing to read in clear behind an AUTH that follows', async () => {
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, { log: (line) => lines.push(line) });
    await using client = await server.connect();
    await client.reply();
    await client.command('REIN');
    await client.command('AUTH TLS');
    await client.startTls();
    expect(await client.command('USER anna')).toMatch(/^331 /);
    expect(await client.command('PASS secret')).toMatch(/^230 /);
    // Who sits in between, without a key, begins a record that never ends and puts a command into it.
    client.socket.end(Buffer.concat([Buffer.from([23, 3, 3, 0x40, 0]), Buffer.from('\r\nDELE x\r\n')]));
    await until(() => server.server.sessions.length === 0);
    expect(lines.filter((line) => line.startsWith('>'))).toEqual([
      '> REIN',
      '> AUTH TLS',
      '> USER anna',
      '> PASS ********',
    ]);
  });
});
