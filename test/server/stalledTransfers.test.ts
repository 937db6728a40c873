import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const limits = { dataIdle: 9_000, handshake: 8_000, dataClose: 7_000 };

async function pendingLimit(clock: FakeClock, milliseconds: number): Promise<void> {
  await until(() => clock.pending().includes(milliseconds));
}

describe('a transfer that stands still', () => {
  it('ends in 426 when no more of an upload comes, which is then deleted', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits });
    await using client = await server.loggedIn();
    const { data } = await client.begin('STOR a.bin');
    await pendingLimit(clock, 9_000);
    // As long as something comes, the time begins anew.
    clock.advance(8_000);
    data.write('some');
    await pendingLimit(clock, 9_000);
    clock.advance(9_000);
    expect(await client.reply()).toMatch(/^426 .*still/);
    await expect(readFile(join(server.root, 'a.bin'))).rejects.toThrow('ENOENT');
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it('ends in 426 when the client takes no more of a download', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits }, (root) =>
      writeFile(join(root, 'a.bin'), Buffer.alloc(40 * 1024 * 1024)),
    );
    await using client = await server.loggedIn();
    const { data } = await client.begin('RETR a.bin');
    await once(data, 'readable');
    data.pause();
    // Until what is on its way has filled every buffer.
    await until(() => {
      if (clock.pending().includes(9_000)) clock.advance(9_000);
      return client.pending.startsWith('426');
    });
    expect(await client.reply()).toMatch(/^426 .*still/);
    data.destroy();
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it('S-14: ends in 522 when the handshake of the data connection does', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits });
    await using client = await server.loggedIn();
    await client.passive();
    client.send('LIST\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    await pendingLimit(clock, 8_000);
    clock.advance(8_000);
    expect(await client.reply()).toMatch(/^522 /);
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it('ends in 226 when the client has everything and merely does not close', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits });
    await using client = await server.loggedIn();
    const { data } = await client.begin('LIST');
    data.resume();
    await pendingLimit(clock, 7_000);
    clock.advance(7_000);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('leaves no time limit behind', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR a.bin\r\n');
    const data = client.secureData(socket);
    data.end('content');
    data.resume();
    await client.reply();
    expect(await client.reply()).toMatch(/^226 /);
    await once(data, 'close');
    expect(await client.command('NOOP')).toMatch(/^200 /);
    await until(() => !clock.pending().includes(7_000));
    await pendingLimit(clock, 300_000);
    expect(clock.pending()).toEqual([300_000]);
  });
});
