import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('FEAT', () => {
  it('S-6: lists what RFC 4217 and [MS-FTPS] ask for, one leading space each, before login too', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    const features = await client.command('FEAT');
    expect(features).toMatch(/^211-[^\r\n]*\r\n(?: \S[^\r\n]*\r\n)+211 End\r\n$/);
    for (const line of ['AUTH TLS;SSL;', 'PBSZ', 'PROT C;P;']) expect(features).toContain(`\r\n ${line}\r\n`);
  });

  it('leaves out what is hidden, and answers it as unknown', async () => {
    await using server = await TestServer.start(certificates, { hide: ['MLST', 'EPSV'] });
    await using client = await server.loggedIn();
    expect(await client.command('FEAT')).not.toMatch(/MLST|EPSV/);
    expect(await client.command('MLSD')).toMatch(/^500 /);
    expect(await client.command('MLST')).toMatch(/^500 /);
    expect(await client.command('EPSV')).toMatch(/^500 /);
  });
});

describe('AUTH', () => {
  it.each(['TLS', 'tls', 'SSL', 'Ssl', 'TLS-C', 'tls-c'])('S-7: accepts %s', async (mechanism) => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect(await client.command(`AUTH ${mechanism}`)).toMatch(/^234 /);
    await client.startTls();
    // S-7: all alike; TLS-C and SSL leave data connections clear until PROT says otherwise.
    expect(await client.command('PROT P')).toMatch(/^503 /);
  });

  it.each([
    ['AUTH GSSAPI', '504'],
    ['AUTH TLS-P', '504'],
    ['AUTH', '501'],
    ['AUTH  ', '501'],
  ])('S-7: answers %j with %s', async (line, code) => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect((await client.command(line)).slice(0, 3)).toBe(code);
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it.each([
    ['unavailable', '431'],
    ['forbidden', '534'],
  ] as const)('S-7: answers %s TLS with %s', async (auth, code) => {
    await using server = await TestServer.start(certificates, { auth });
    await using client = await server.connect();
    await client.reply();
    expect((await client.command('AUTH TLS')).slice(0, 3)).toBe(code);
  });

  it('S-2: is refused with 503 once TLS is up, and the session goes on', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    expect(await client.command('AUTH TLS')).toMatch(/^503 /);
    expect(await client.command('PWD')).toMatch(/^257 /);
  });

  it('S-8: drops clear bytes pipelined behind it', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    client.send('AUTH TLS\r\nFEAT\r\nUSER an');
    expect(await client.reply()).toMatch(/^234 /);
    await client.startTls();
    expect(await client.command('NOOP')).toMatch(/^200 /);
    expect(client.pending).toBe('');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('keeps to %s where told', async (version) => {
    await using server = await TestServer.start(certificates, { minVersion: version, maxVersion: version });
    await using client = await server.secured();
    expect(client.tls?.getProtocol()).toBe(version);
  });
});

describe('PBSZ', () => {
  it.each([
    ['PBSZ 0', '200 PBSZ=0'],
    ['PBSZ 4294967295', '200 PBSZ=0'],
    ['PBSZ 16384', '200 PBSZ=0'],
    ['PBSZ 4294967296', '501 '],
    ['PBSZ -1', '501 '],
    ['PBSZ 1e3', '501 '],
    ['PBSZ', '501 '],
  ])('S-11: answers %j with %j', async (line, answer) => {
    await using server = await TestServer.start(certificates);
    await using client = await server.secured();
    expect(await client.command(line)).toContain(answer);
  });

  it('S-11: is out of order without TLS', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('PBSZ 0')).toMatch(/^503 /);
  });
});

describe('PROT', () => {
  it('S-12: is out of order without TLS, and before PBSZ', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('PROT P')).toMatch(/^503 /);
    await client.command('AUTH TLS');
    await client.startTls();
    expect(await client.command('PROT P')).toMatch(/^503 /);
  });

  it.each([
    ['PROT P', true, '200'],
    ['PROT p', true, '200'],
    ['PROT C', true, '534'],
    ['PROT C', false, '200'],
    ['PROT S', true, '536'],
    ['PROT E', true, '536'],
    ['PROT X', true, '504'],
    ['PROT', true, '501'],
  ])('S-12: answers %j, protection required: %s, with %s', async (line, requireProtection, code) => {
    await using server = await TestServer.start(certificates, { requireProtection });
    await using client = await server.secured();
    await client.command('PBSZ 0');
    expect((await client.command(line)).slice(0, 3)).toBe(code);
  });

  it.each(['STOR a', 'RETR a', 'NLST', 'LIST', 'STOU', 'APPE a', 'MLSD'])(
    'S-13: refuses %j at level C with 521 and no preliminary reply, and not EPSV or PORT',
    async (line) => {
      await using server = await TestServer.start(certificates);
      await using client = await server.secured();
      await client.command('USER anna');
      await client.command('PASS secret');
      expect(await client.command('PASV')).toMatch(/^227 /);
      expect(await client.command('PORT 127,0,0,1,200,200')).toMatch(/^200 /);
      const data = await client.passive();
      expect(await client.command(line)).toMatch(/^521 /);
      data.destroy();
      // The refusal was about the level only.
      await client.command('PBSZ 0');
      expect(await client.command('PROT P')).toMatch(/^200 /);
      expect(await client.command('NOOP')).toMatch(/^200 /);
      expect(client.pending).toBe('');
    },
  );
});

describe('CCC', () => {
  it('S-3: is refused by policy under TLS, and without TLS as out of place', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('CCC')).toMatch(/^533 /);
    await client.command('AUTH TLS');
    await client.startTls();
    expect(await client.command('CCC')).toMatch(/^534 /);
  });
});

describe('the login', () => {
  it('S-17: takes no name in clear unless told that it may: 530', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    await client.reply();
    expect(await client.command('USER anna')).toMatch(/^530 /);
    expect(await client.command('PASS secret')).toMatch(/^503 /);
  });

  it('answers a wrong password and an unknown user alike', async () => {
    await using server = await TestServer.start(certificates, { limits: { loginDelay: 0 } });
    await using client = await server.secured();
    await client.command('USER anna');
    const wrong = await client.command('PASS public');
    await client.command('USER nobody');
    expect(await client.command('PASS public')).toBe(wrong);
    expect(wrong).toMatch(/^530 /);
    expect(await client.command('PWD')).toMatch(/^530 /);
  });

  it('ends with 221 and close_notify', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const { tls } = client;
    expect(await client.command('QUIT')).toMatch(/^221 /);
    if (tls && !tls.readableEnded) await once(tls, 'end');
    expect(client.ended).toBe(true);
  });

  it('never writes a password to the log', async () => {
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, { log: (line) => lines.push(line) });
    await using client = await server.loggedIn();
    await client.command('NOOP');
    expect(lines.join('\n')).toContain('> PASS');
    expect(lines.join('\n')).not.toContain('secret');
  });

  it('never writes to the log what would steer a terminal', async () => {
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, { log: (line) => lines.push(line) });
    await using client = await server.loggedIn();
    expect(await client.command('MKD \u{1B}[2J\u{9B}2J')).toMatch(/^257 /);
    expect(lines).toContain('> MKD  [2J 2J');
    expect(lines).toContain('< 257 "/ [2J 2J" created.');
  });
});
