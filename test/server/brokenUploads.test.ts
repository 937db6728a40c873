import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import type { WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

async function upload(client: WireClient, line: string, content: string): Promise<string> {
  const socket = await client.passive();
  client.send(`${line}\r\n`);
  expect(await client.reply()).toMatch(/^150 /);
  const data = client.secureData(socket);
  data.resume();
  data.end(content);
  return client.reply();
}

/** Half of an upload has come, and is on the disk. */
async function uploadHalf(server: TestServer, client: WireClient, half = 'half'): Promise<Socket> {
  const socket = await client.passive();
  client.send('STOR x\r\n');
  const data = client.secureData(socket);
  expect(await client.reply()).toMatch(/^150 /);
  await once(data, 'secureConnect');
  data.write(half);
  const arrived = async (): Promise<boolean> =>
    existsSync(join(server.root, 'x')) && (await readFile(join(server.root, 'x'), 'utf8')) === half;
  while (!(await arrived())) await new Promise(setImmediate);
  return socket;
}

async function breakOff(client: WireClient, socket: Socket): Promise<void> {
  socket.resetAndDestroy();
  expect(await client.reply()).toMatch(/^426 /);
}

describe('an upload that breaks off', () => {
  it.each([
    ['stored there', [], 'STOR x', 'whole'],
    ['appended', [], 'APPE x', 'halfwhole'],
    ['continued', ['REST 4'], 'STOR x', 'halfwhole'],
    ['stored there after a deletion', ['DELE x'], 'STOR x', 'whole'],
    ['stored elsewhere and renamed', [], 'STOR new', 'whole', ['RNFR new', 'RNTO x']],
  ])(
    'S-25: deletes nothing that another session has %s meanwhile',
    async (_how, before, line, content, after: string[] = []) => {
      await using server = await TestServer.start(certificates);
      await using one = await server.loggedIn();
      const socket = await uploadHalf(server, one);
      await using other = await server.loggedIn();
      for (const command of before) expect(await other.command(command)).toMatch(/^[23]50 /);
      expect(await upload(other, line, 'whole')).toMatch(/^226 /);
      for (const command of after) expect(await other.command(command)).toMatch(/^[23]50 /);
      await breakOff(one, socket);
      expect(await readFile(join(server.root, 'x'), 'utf8')).toBe(content);
    },
  );

  it('S-25: deletes nothing that another session still stores', async () => {
    await using server = await TestServer.start(certificates);
    await using one = await server.loggedIn();
    const first = await uploadHalf(server, one);
    await using other = await server.loggedIn();
    const socket = await other.passive();
    other.send('STOR x\r\n');
    const data = other.secureData(socket);
    data.resume();
    expect(await other.reply()).toMatch(/^150 /);
    while ((await readFile(join(server.root, 'x'), 'utf8')) !== '') await new Promise(setImmediate);
    await breakOff(one, first);
    data.end('whole');
    expect(await other.reply()).toMatch(/^226 /);
    expect(await readFile(join(server.root, 'x'), 'utf8')).toBe('whole');
  });

  it('S-25: deletes what came of it when it was the latest, over a file that was whole before', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, 'x'), 'old'),
    );
    await using one = await server.loggedIn();
    const first = await uploadHalf(server, one);
    await using other = await server.loggedIn();
    const second = await uploadHalf(server, other, 'part');
    await breakOff(one, first);
    expect(await readFile(join(server.root, 'x'), 'utf8')).toBe('part');
    await breakOff(other, second);
    expect(existsSync(join(server.root, 'x'))).toBe(false);
  });
});
