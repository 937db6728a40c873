import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('the command line', () => {
  it('S-23: answers a line of 1 MB with 500 once, and goes on', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    client.send(Buffer.alloc(1_000_000, 'A'));
    client.send('\r\nNOOP\r\n');
    expect(await client.reply()).toMatch(/^500 /);
    expect(await client.reply()).toMatch(/^200 /);
    expect(client.pending).toBe('');
  });

  it('S-23: strips Telnet commands', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    // Interrupt Process and Data Mark, as clients send them in front of ABOR.
    client.send(Buffer.from([0xff, 0xf4, 0xff, 0xf2]));
    expect(await client.command('ABOR')).toMatch(/^225 /);
  });

  it('S-23: serves pipelined commands in their order, one after another', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    client.send('MKD a\r\nCWD a\r\nMKD b\r\nCWD b\r\nPWD\r\nCDUP\r\nRMD b\r\nPWD\r\n');
    const codes: string[] = [];
    for (let count = 0; count < 8; count += 1) codes.push((await client.reply()).slice(0, 10));
    expect(codes.map((code) => code.slice(0, 3))).toEqual([
      '257',
      '250',
      '257',
      '250',
      '257',
      '250',
      '250',
      '257',
    ]);
    expect(codes[4]).toBe('257 "/a/b"');
    expect(codes[7]).toBe('257 "/a" i');
  });

  it('S-23: serves more pipelined commands than it keeps at a time', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    client.send('NOOP\r\n'.repeat(5000));
    for (let count = 0; count < 5000; count += 1) expect(await client.reply()).toMatch(/^200 /);
  });

  it.each([
    ['', '500'],
    ['NONSENSE', '500'],
    ['constructor', '500'],
    ['MODE', '501'],
    ['MODE B', '504'],
    ['MODE S', '200'],
    ['STRU R', '504'],
    ['STRU F', '200'],
    ['TYPE', '501'],
    ['TYPE E', '504'],
    ['TYPE L 8', '200'],
    ['TYPE L 7', '504'],
    ['TYPE A N', '200'],
    ['TYPE A T', '504'],
    ['noop', '200'],
    ['REST x', '501'],
    ['REST 5', '350'],
    ['RNTO a', '503'],
    ['ACCT a', '202'],
    ['ALLO 10', '202'],
    ['SYST', '215'],
    ['HELP', '214'],
    ['OPTS UTF8 ON', '200'],
    ['OPTS UTF8 OFF', '504'],
    ['OPTS NOTHING', '501'],
    ['HOST example.com', '503'],
    ['CLNT test', '200'],
    ['SITE HELP', '214'],
    ['SITE NONSENSE', '504'],
    ['SITE  HELP', '504'],
    ['MFMT 20200101000000', '501'],
    ['CWD .hidden', '550'],
    ['OPTS MLST', '200 MLST OPTS'],
  ])('answers %j with %s', async (line, code) => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, '.hidden'), ''),
    );
    await using client = await server.loggedIn();
    expect(await client.command(line)).toMatch(new RegExp(`^${code}\\b`));
  });

  it('tells of itself before the login as well, and takes the name of a host then', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('STAT')).toMatch(
      /^211-[^]* Not logged in\r\n Control connection clear, data connections C/,
    );
    expect(await client.command('HOST example.com')).toMatch(/^220 /);
  });

  it('wants a login first for whatever touches files', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.secured();
    for (const verb of [
      'CWD',
      'PASV',
      'EPSV',
      'LIST',
      'RETR',
      'STOR',
      'DELE',
      'MKD',
      'SIZE',
      'MLST',
      'SITE',
      'REST',
    ]) {
      expect(await client.command(`${verb} a`)).toMatch(/^530 /);
    }
    expect(await client.command('STAT /')).toMatch(/^530 /);
  });
});

describe('the session', () => {
  it('S-27: that is idle for too long ends with 421 inside TLS and close_notify', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { idle: 60_000 } });
    await using client = await server.loggedIn();
    clock.advance(59_999);
    expect(await client.command('NOOP')).toMatch(/^200 /);
    clock.advance(59_999);
    expect(await client.command('NOOP')).toMatch(/^200 /);
    clock.advance(60_000);
    expect(await client.reply()).toMatch(/^421 /);
    expect(await client.rest()).toBe('');
  });

  it('S-22: is over, without a word more, with a client that takes no replies', async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, {
      clock,
      limits: { reply: 8_000 },
      log: (line) => lines.push(line),
    });
    await using client = await server.connect();
    client.socket.pause();
    // Until what nobody reads has filled every buffer.
    await until(() => {
      if (clock.pending().includes(8_000)) clock.advance(8_000);
      else client.send('FEAT\r\n'.repeat(1000));
      return server.server.sessions.length === 0;
    });
    expect(lines.some((line) => line.startsWith('< 421'))).toBe(false);
    expect(clock.pending()).toEqual([]);
  });

  it('S-27: is never idle during a transfer', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { idle: 60_000 } });
    await using client = await server.loggedIn();
    const { data } = await client.begin('STOR a.txt');
    data.write('slow');
    expect(await client.command('STAT')).toMatch(/^211 /);
    expect(clock.pending()).not.toContain(60_000);
    data.end();
    data.resume();
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('says 421 to one client too many, and takes the next one after another has left', async () => {
    await using server = await TestServer.start(certificates, { limits: { sessions: 1 } });
    {
      await using client = await server.connect();
      expect(await client.reply()).toMatch(/^220 /);
      await using another = await server.connect();
      expect(await another.reply()).toMatch(/^421 /);
      expect(await another.rest()).toBe('');
      client.send('QUIT\r\n');
      await client.rest();
    }
    await until(() => server.server.sessions.length === 0);
    await using client = await server.connect();
    expect(await client.reply()).toMatch(/^220 /);
  });

  it('S-24: aborts a transfer on ABOR with 426 and 226, and answers an idle one with 225', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const { data } = await client.begin('STOR a.txt');
    data.write('some');
    expect(await client.command('ABOR')).toMatch(/^426 /);
    expect(await client.reply()).toMatch(/^226 /);
    expect(await client.command('ABOR')).toMatch(/^225 /);
    expect(await client.command('SIZE a.txt')).toMatch(/^550 /);
  });

  it('S-24: tells with 226 that a transfer is whole in spite of an ABOR, and that with another', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const { data } = await client.begin('LIST');
    // All is said and read; only this side's end is missing.
    await readAll(data);
    expect(await client.command('ABOR')).toMatch(/^226 (?!Aborted)/);
    expect(await client.reply()).toMatch(/^226 Aborted/);
  });

  it('S-24: aborts a download in the middle, tells its state before, and serves the next one', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, 'long.bin'), Buffer.alloc(40 * 1024 * 1024)),
    );
    await using client = await server.loggedIn();
    const { data } = await client.begin('RETR long.bin');
    await once(data, 'readable');
    expect(await client.command('STAT')).toMatch(/^211 .*running/);
    expect(await client.command('STAT')).toMatch(/^211 .*running/);
    expect(await client.command('ABOR')).toMatch(/^426 /);
    expect(await client.reply()).toMatch(/^226 /);
    data.destroy();
    const next = await client.passive();
    client.send('NLST\r\n');
    const names = client.secureData(next);
    expect((await readAll(names)).toString()).toBe('long.bin\r\n');
    names.end();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('is cut off when the client does not close behind its QUIT', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { dataClose: 7_000 } });
    const { host, port } = server.server;
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    socket.write('QUIT\r\n');
    await once(socket, 'end');
    await until(() => clock.pending().includes(7_000));
    expect(server.server.sessions).toHaveLength(1);
    clock.advance(7_000);
    await until(() => server.server.sessions.length === 0);
    socket.destroy();
  });

  it('S-24: aborts a transfer whose data connection is not there yet', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    await client.command('EPSV');
    client.send('LIST\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.command('ABOR')).toMatch(/^426 /);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('keeps commands that arrive during a transfer for afterwards', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('LIST\r\nPWD\r\nMLST /\r\nNOOP\r\n');
    const data = client.secureData(socket);
    await readAll(data);
    data.end();
    const codes: string[] = [];
    for (let count = 0; count < 5; count += 1) codes.push((await client.reply()).slice(0, 3));
    expect(codes).toEqual(['150', '226', '257', '250', '200']);
  });
});
