import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import type { WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

/** Of the file that is uploaded in these tests. */
function contentOf(server: TestServer): string | undefined {
  const file = join(server.root, 'x');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Half of an upload has come, and is on the disk. */
async function uploadHalf(server: TestServer, client: WireClient, half = 'half'): Promise<Socket> {
  const { socket, data } = await client.begin('STOR x');
  await once(data, 'secureConnect');
  data.write(half);
  await until(() => contentOf(server) === half);
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
      expect(await other.upload(line, 'whole')).toMatch(/^226 /);
      for (const command of after) expect(await other.command(command)).toMatch(/^[23]50 /);
      await breakOff(one, socket);
      expect(contentOf(server)).toBe(content);
    },
  );

  it('S-25: deletes nothing that another session still stores', async () => {
    await using server = await TestServer.start(certificates);
    await using one = await server.loggedIn();
    const first = await uploadHalf(server, one);
    await using other = await server.loggedIn();
    const { data } = await other.begin('STOR x');
    await until(() => contentOf(server) === '');
    await breakOff(one, first);
    data.end('whole');
    expect(await other.reply()).toMatch(/^226 /);
    expect(contentOf(server)).toBe('whole');
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
    expect(contentOf(server)).toBe('part');
    await breakOff(other, second);
    expect(contentOf(server)).toBeUndefined();
  });
});
