import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import type { WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

async function codes(client: WireClient, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) found.push((await client.reply()).slice(0, 3));
  return found;
}

describe('ABOR and STAT', () => {
  it.each([
    ['ABOR', ['426', '226']],
    ['STAT ABOR', ['211', '426', '226']],
    ['STAT STAT ABOR STAT', ['211', '211', '426', '226', '211']],
    ['NOOP ABOR', ['426', '226', '200']],
    ['PWD STAT NOOP ABOR', ['211', '426', '226', '257', '200']],
  ])('S-24: are answered during a transfer in one packet with %s', async (behind, replies) => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, 'a.txt'), 'abc'),
    );
    await using client = await server.loggedIn();
    const lines = behind.replaceAll(' ', '\r\n');
    // Its data connection is never opened, so that the transfer ends in no other way.
    await client.command('EPSV');
    client.send(`RETR a.txt\r\n${lines}\r\n`);
    expect(await codes(client, replies.length + 1)).toEqual(['150', ...replies]);
    await client.command('EPSV');
    client.send('RETR a.txt\r\n');
    expect(await codes(client, 1)).toEqual(['150']);
    client.send(`${lines}\r\n`);
    expect(await codes(client, replies.length)).toEqual(replies);
  });

  it('S-24: are told apart from STAT of a path, which waits for the end of the transfer', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    await client.command('EPSV');
    client.send('LIST\r\nSTAT /\r\nABOR\r\n');
    expect(await codes(client, 4)).toEqual(['150', '426', '226', '213']);
  });

  it('S-23, S-24: are answered one at a time, so that who reads no replies has to wait', async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    await using server = await TestServer.start(certificates, {
      clock,
      faults: ['lateReplies=4000'],
      limits: { dataConnect: 1_000_000 },
      log: (line) => lines.push(line),
    });
    const answered = (): number => lines.filter((line) => line.startsWith('< 211')).length;
    const late = async <T>(reply: Promise<T>): Promise<T> => {
      await until(() => clock.pending().includes(4_000));
      clock.advance(4_000);
      return reply;
    };
    await using client = await server.connect();
    await late(client.reply());
    await late(client.command('AUTH TLS'));
    await client.startTls();
    for (const line of ['PBSZ 0', 'PROT P', 'USER anna', 'PASS secret', 'EPSV', 'LIST'])
      await late(client.command(line));
    const { tls } = client;
    // Each in a record of its own.
    for (let count = 0; count < 50; count += 1)
      await new Promise<void>((resolve) => tls?.write('STAT\r\n', () => resolve()));
    for (let count = 1; count <= 50; count += 1) {
      expect(await late(client.reply())).toMatch(/^211 .*running/);
      expect(answered()).toBeLessThanOrEqual(count + 1);
    }
    client.send('ABOR\r\n');
    expect(await late(client.reply())).toMatch(/^426 /);
    expect(await late(client.reply())).toMatch(/^226 /);
  });
});
