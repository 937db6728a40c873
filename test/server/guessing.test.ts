import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/server/serverOptions.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import type { WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

/** The answer to a wrong password, and after how long it came. */
async function guess(client: WireClient, user: string, clock: FakeClock): Promise<[string, number]> {
  expect(await client.command(`USER ${user}`)).toMatch(/^331 /);
  const before = clock.now();
  const answer = client.command('PASS wrong');
  let answered = false;
  void answer.then(() => {
    answered = true;
  });
  await until(() => {
    const [next] = clock.pending();
    // Of what is pending while a command is served, only the delay is shorter than the limit for its reply.
    if (!answered && next !== undefined && next < defaultLimits.reply) clock.advance(next);
    return answered;
  });
  return [await answer, clock.now() - before];
}

describe('wrong passwords', () => {
  it('S-22: are answered ever later, and the fourth ends the session with 421', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock });
    await using client = await server.secured();
    const answers: [string, number][] = [];
    for (const user of ['anna', 'anna', 'nobody', 'anna']) answers.push(await guess(client, user, clock));
    expect(answers.map(([, delay]) => delay)).toEqual([0, 1_000, 2_000, 4_000]);
    expect(answers.map(([text]) => text.slice(0, 3))).toEqual(['530', '530', '530', '421']);
    expect(await client.rest()).toBe('');
  });

  it('S-22: are answered alike, as late and in the same words, for a user that does not exist', async () => {
    const seen: [string, number][][] = [];
    for (const user of ['anna', 'nobody']) {
      const clock = new FakeClock();
      await using server = await TestServer.start(certificates, { clock });
      await using client = await server.secured();
      seen.push([await guess(client, user, clock), await guess(client, user, clock)]);
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  it('end the login of before', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    expect(await client.command('PASS wrong')).toMatch(/^530 /);
    expect(await client.command('PWD')).toMatch(/^530 /);
    expect(server.server.sessions).toMatchObject([{ user: undefined }]);
  });

  it('S-22: are not forgotten over REIN', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { loginAttempts: 2 } });
    await using client = await server.secured();
    expect(await guess(client, 'anna', clock)).toMatchObject([expect.stringMatching(/^530 /), 0]);
    await client.command('REIN');
    await client.stopTls();
    await client.command('AUTH TLS');
    await client.startTls();
    expect(await guess(client, 'anna', clock)).toMatchObject([expect.stringMatching(/^421 /), 1_000]);
  });

  it('S-22: keep no session of a client that does not wait for the answer', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock });
    {
      await using client = await server.secured();
      await guess(client, 'anna', clock);
      await client.command('USER anna');
      client.send('PASS wrong\r\n');
      await until(() => clock.pending().includes(1_000));
    }
    await until(() => server.server.sessions.length === 0);
    expect(clock.pending()).toEqual([]);
  });
});

describe('room', () => {
  it('S-22: is there for so many sessions of one address, and more of another', async () => {
    await using server = await TestServer.start(certificates, { limits: { sessionsPerAddress: 1 } });
    await using first = await server.connect();
    expect(await first.reply()).toMatch(/^220 /);
    await using second = await server.connect();
    expect(await second.rest()).toMatch(/^421 .*address/);
    await using other = await server.connect({ localAddress: '127.0.0.2' });
    expect(await other.reply()).toMatch(/^220 /);
  });

  it('S-22: is there for so many sessions without a login, and more with one', async () => {
    await using server = await TestServer.start(certificates, { limits: { sessionsBeforeLogin: 1 } });
    await using first = await server.secured();
    await using second = await server.connect();
    expect(await second.rest()).toMatch(/^421 .*login/);
    await first.command('USER anna');
    await first.command('PASS secret');
    await using third = await server.connect();
    expect(await third.reply()).toMatch(/^220 /);
  });

  it('S-22: is told to be lacking inside TLS on implicit, instead of the greeting', async () => {
    await using server = await TestServer.start(certificates, {
      security: 'implicit',
      limits: { sessions: 1 },
    });
    await using first = await server.secured();
    expect(await first.command('NOOP')).toMatch(/^200 /);
    await using second = await server.connect();
    await second.startTls();
    expect(await second.rest()).toMatch(/^421 [^\r\n]*\r\n$/);
  });

  it('S-22: is told to be lacking to sixteen clients at a time, and further ones are cut off', async () => {
    await using server = await TestServer.start(certificates, {
      security: 'implicit',
      limits: { sessions: 1 },
    });
    await using first = await server.secured();
    const silent: WireClient[] = [];
    for (let count = 1; count <= 16; count += 1) silent.push(await server.connect());
    await using surplus = await server.connect();
    expect(await surplus.rest()).toBe('');
    expect(server.server.sessions).toHaveLength(17);
    for (const client of silent) await client[Symbol.asyncDispose]();
    await until(() => server.server.sessions.length <= 1);
    await using later = await server.connect();
    await later.startTls();
    expect(await later.rest()).toMatch(/^421 /);
    expect(await first.command('NOOP')).toMatch(/^200 /);
  });
});
