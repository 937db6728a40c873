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

describe('implicit FTPS', () => {
  it('S-1: says nothing before TLS, and greets inside it', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { security: 'implicit', clock });
    await using mute = await server.connect();
    // A client that never speaks is left without a word until its time is up.
    await until(() => clock.pending().length > 0);
    clock.advance(30_000);
    expect(await mute.rest()).toBe('');

    await using client = await server.connect();
    await client.startTls();
    expect(await client.reply()).toBe('220 FTPS Explorer server ready.\r\n');
  });

  it('S-1: acts as if PBSZ 0 and PROT P had been sent', async () => {
    await using server = await TestServer.start(certificates, { security: 'implicit' });
    await using client = await server.secured();
    expect(await client.command('USER anna')).toMatch(/^331 /);
    expect(await client.command('PASS secret')).toMatch(/^230 /);
    const data = await client.passive();
    client.send('LIST\r\n');
    const listing = client.secureData(data);
    await once(listing, 'secureConnect');
    expect((await readAll(listing)).toString()).toBe('');
    listing.end();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('S-1: obeys a PROT C that is sent later, where clear data is allowed', async () => {
    await using server = await TestServer.start(certificates, {
      security: 'implicit',
      requireProtection: false,
    });
    await using client = await server.loggedIn();
    expect(await client.command('PROT C')).toMatch(/^200 /);
    const data = await client.passive();
    client.send('LIST\r\n');
    expect((await readAll(data)).toString()).toBe('');
    data.end();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it.each(['AUTH TLS', 'AUTH SSL', 'AUTH NONSENSE'])('S-2: answers %s with 503 and goes on', async (line) => {
    await using server = await TestServer.start(certificates, { security: 'implicit' });
    await using client = await server.loggedIn();
    expect(await client.command(line)).toMatch(/^503 /);
    expect(await client.command('PWD')).toMatch(/^257 "\/"/);
  });

  it('S-3: never clears the control connection', async () => {
    await using server = await TestServer.start(certificates, { security: 'implicit' });
    await using client = await server.loggedIn();
    expect(await client.command('CCC')).toMatch(/^534 /);
    expect(await client.command('PWD')).toMatch(/^257 /);
  });

  it('S-6: lists the same features as explicit FTPS', async () => {
    await using implicit = await TestServer.start(certificates, { security: 'implicit' });
    await using explicit = await TestServer.start(certificates);
    await using one = await implicit.secured();
    await using other = await explicit.secured();
    expect(await one.command('FEAT')).toBe(await other.command('FEAT'));
  });

  it('drops a client whose first words are not TLS', async () => {
    await using server = await TestServer.start(certificates, { security: 'implicit' });
    await using client = await server.connect();
    client.send('USER anna\r\n');
    expect(await client.rest()).not.toMatch(/^\d{3}/);
  });
});
