import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('CCC', () => {
  it.each([
    ['off', '500', '500'],
    ['forbidden', '533', '534'],
    ['allowed', '533', '200'],
  ] as const)(
    'S-26: %s, is answered with %s in clear and %s under TLS',
    async (clearControl, clear, secured) => {
      await using server = await TestServer.start(certificates, { clearControl });
      await using client = await server.connect();
      await client.reply();
      expect((await client.command('CCC')).slice(0, 3)).toBe(clear);
      expect((await client.command('FEAT')).includes('\r\n CCC\r\n')).toBe(clearControl === 'allowed');
      await client.command('AUTH TLS');
      await client.startTls();
      expect((await client.command('CCC')).slice(0, 3)).toBe(secured);
    },
  );

  it('S-26: is refused by policy unless told otherwise', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.secured();
    expect(await client.command('CCC')).toMatch(/^534 /);
  });

  it('S-3: is refused on implicit even where it is allowed', async () => {
    const options = { security: 'implicit', clearControl: 'allowed' } as const;
    await using server = await TestServer.start(certificates, options);
    await using client = await server.loggedIn();
    expect(await client.command('CCC')).toMatch(/^534 /);
    expect(await client.command('PWD')).toMatch(/^257 /);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'S-26: takes TLS off the control connection, and data connections keep their level (%s)',
    async (version) => {
      await using server = await TestServer.start(certificates, {
        minVersion: version,
        maxVersion: version,
        clearControl: 'allowed',
        requireSessionReuse: true,
      });
      await using client = await server.loggedIn();
      const { session } = client;
      expect(await client.command('CCC')).toBe('200 The control connection becomes clear.\r\n');
      await client.stopTls('PWD\r\n');
      // Still logged in, and not a word inside TLS any more.
      expect(await client.reply()).toMatch(/^257 /);
      expect(await client.command('PBSZ 0')).toMatch(/^503 /);
      expect(await client.command('PROT C')).toMatch(/^503 /);
      expect(await client.command('CCC')).toMatch(/^533 /);
      const socket = await client.passive();
      client.send('LIST\r\n');
      const data = client.secureData(socket, session ? { session } : {});
      expect((await readAll(data)).toString()).toBe('');
      expect(data.isSessionReused()).toBe(true);
      data.end();
      expect(await client.reply()).toMatch(/^150 /);
      expect(await client.reply()).toMatch(/^226 /);
      // The name was said under TLS; a password is not taken in clear.
      expect(await client.command('USER anna')).toMatch(/^530 /);
      expect(await client.command('PASS secret')).toMatch(/^530 /);
    },
  );
});
