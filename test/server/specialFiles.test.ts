import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('what is neither file nor folder', () => {
  it.each(['STOR', 'APPE', 'RETR', 'SIZE', 'HASH', 'XMD5'])('is refused by %s at once', async (verb) => {
    await using server = await TestServer.start(certificates, {}, async (root) => {
      execFileSync('mkfifo', [join(root, 'fifo')]);
      execFileSync('ln', ['-s', 'fifo', join(root, 'link')]);
    });
    const socket = createServer().listen(join(server.root, 'socket'));
    await once(socket, 'listening');
    await using client = await server.loggedIn();
    await client.command('EPSV');
    for (const name of ['fifo', 'link', 'socket']) {
      expect(await client.command(`${verb} ${name}`)).toBe('550 Not a file.\r\n');
    }
    socket.close();
  });

  it('can be deleted', async () => {
    await using server = await TestServer.start(certificates, {}, async (root) => {
      execFileSync('mkfifo', [join(root, 'fifo')]);
    });
    await using client = await server.loggedIn();
    expect(await client.command('DELE fifo')).toMatch(/^250 /);
  });
});
