import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('a transfer whose file goes away before it begins', () => {
  it('ends in the reply to that', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      mkdir(join(root, 'docs')).then(() => {}),
    );
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR docs/a.txt\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    await rmdir(join(server.root, 'docs'));
    const data = client.secureData(socket);
    data.resume();
    expect(await client.reply()).toMatch(/^550 /);
  });

  it('finds no name of its own in a folder that has become a file', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      mkdir(join(root, 'docs')).then(() => {}),
    );
    await using client = await server.loggedIn();
    await client.command('CWD docs');
    await rmdir(join(server.root, 'docs'));
    await writeFile(join(server.root, 'docs'), '');
    await client.command('EPSV');
    expect(await client.command('STOU')).toMatch(/^550 /);
  });
});
