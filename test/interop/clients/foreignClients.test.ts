import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from '../../server/support/testServer.ts';
import { basicFtpClient } from './basicFtp.ts';
import { curlClient } from './curl.ts';
import type { DataMode, Target } from './foreignClient.ts';
import { ftplib, ftplibClient } from './ftplib.ts';
import { lftpClient } from './lftp.ts';

const foreignClients = [curlClient, lftpClient, ftplibClient, basicFtpClient];

const contents = new Map([
  ['empty.bin', Buffer.alloc(0)],
  ['ein Byte in Grün.bin', randomBytes(1)],
  ['odd.bin', randomBytes(300_001)],
  ['five.bin', randomBytes(5 * 1024 * 1024)],
]);

let certificates: TestCertificates;
let stranger: TestCertificates;
let folder = '';
beforeAll(async () => {
  certificates = await createCertificates();
  stranger = await createCertificates();
  folder = await mkdtemp(join(tmpdir(), 'ftps-clients-'));
  await writeFile(join(folder, 'ca.pem'), certificates.authority.cert);
  await writeFile(join(folder, 'stranger.pem'), stranger.authority.cert);
  for (const [name, content] of contents) await writeFile(join(folder, name), content);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cells = foreignClients.flatMap((client) =>
  (['explicit', 'implicit'] as const).flatMap((security) =>
    (['TLSv1.2', 'TLSv1.3'] as const).map((version) => ({ client, security, version, name: client.name })),
  ),
);

describe.each(cells)('$name, $security, $version', ({ client, security, version }) => {
  const bounds = { security, minVersion: version, maxVersion: version };

  function targetOf(server: TestServer, mode: DataMode = 'passive', caFile = 'ca.pem'): Target {
    return { security, version, mode, port: server.server.port, caFile: join(folder, caFile) };
  }

  it('lists the names', async () => {
    await using server = await TestServer.start(certificates, bounds, async (root) => {
      for (const [name, content] of contents) await writeFile(join(root, name), content);
    });
    expect((await client.list(targetOf(server))).sort()).toEqual([...contents.keys()].sort());
  });

  it.each([...contents.keys()])('fetches %s byte for byte', async (name) => {
    await using server = await TestServer.start(certificates, bounds, (root) =>
      writeFile(join(root, name), contents.get(name) ?? ''),
    );
    const localFile = join(folder, `fetched ${name}`);
    await client.fetch(targetOf(server), name, localFile);
    // curl makes no local file for nothing.
    const fetched = await readFile(localFile).catch(() => Buffer.alloc(0));
    expect(fetched.equals(contents.get(name) ?? Buffer.of(0))).toBe(true);
    await rm(localFile, { force: true });
  });

  it.each([...contents.keys()])('stores %s byte for byte', async (name) => {
    await using server = await TestServer.start(certificates, bounds);
    if (name === 'empty.bin' && client.breaksOffEmptyUploads === true) {
      const outcome = await client.store(targetOf(server), join(folder, name), name).then(
        () => 'stored',
        (error: unknown) => String(error).replace(/^.*?: (\d+) .*/, '$1'),
      );
      expect(['stored', '426', '522']).toContain(outcome);
      const exists = (await readdir(server.root)).includes(name);
      expect(exists).toBe(outcome === 'stored');
      return;
    }
    await client.store(targetOf(server), join(folder, name), name);
    const stored = await readFile(join(server.root, name));
    expect(stored.equals(contents.get(name) ?? Buffer.of(0))).toBe(true);
  });

  it.each(client.modes)(
    'continues a download and an upload, %s, on a resumed session if it can',
    async (mode) => {
      const content = contents.get('odd.bin') ?? Buffer.of(0);
      const options = { ...bounds, requireSessionReuse: client.resumes };
      await using server = await TestServer.start(certificates, options, async (root) => {
        await writeFile(join(root, 'odd.bin'), content);
        await writeFile(join(root, 'part.bin'), content.subarray(0, 100_001));
      });
      const localFile = join(folder, 'continued.bin');
      await writeFile(localFile, content.subarray(0, 200_000));
      await client.continueFetch(targetOf(server, mode), 'odd.bin', localFile);
      expect((await readFile(localFile)).equals(content)).toBe(true);
      await client.continueStore(targetOf(server, mode), join(folder, 'odd.bin'), 'part.bin');
      expect((await readFile(join(server.root, 'part.bin'))).equals(content)).toBe(true);
      await rm(localFile);
    },
  );

  it.each(client.modes.filter((mode) => mode === 'active'))(
    'S-16: lists, fetches and stores, %s',
    async (mode) => {
      const content = contents.get('odd.bin') ?? Buffer.of(0);
      const options = { ...bounds, requireSessionReuse: client.resumes };
      await using server = await TestServer.start(certificates, options, (root) =>
        writeFile(join(root, 'odd.bin'), content),
      );
      const target = targetOf(server, mode);
      expect(await client.list(target)).toEqual(['odd.bin']);
      const localFile = join(folder, 'fetched actively');
      await client.fetch(target, 'odd.bin', localFile);
      expect((await readFile(localFile)).equals(content)).toBe(true);
      await client.store(target, localFile, 'copy.bin');
      expect((await readFile(join(server.root, 'copy.bin'))).equals(content)).toBe(true);
      await rm(localFile);
    },
  );

  it(`S-15: ${client.resumes ? 'is served' : 'gets 522'} where the session has to be resumed`, async () => {
    await using server = await TestServer.start(certificates, { ...bounds, requireSessionReuse: true });
    const stored = client.store(targetOf(server), join(folder, 'odd.bin'), 'odd.bin');
    if (!client.resumes) {
      await expect(stored).rejects.toThrow('522');
      return;
    }
    await stored;
    expect((await readFile(join(server.root, 'odd.bin'))).length).toBe(300_001);
  });

  it('goes away from a server that another authority vouches for', async () => {
    const commands: string[] = [];
    await using server = await TestServer.start(certificates, {
      ...bounds,
      log: (line) => commands.push(line),
    });
    await expect(client.list(targetOf(server, 'passive', 'stranger.pem'))).rejects.toThrow(
      /ended with|certificate/,
    );
    expect(commands.filter((line) => line.includes('> PASS'))).toEqual([]);
  });
});

it.each(['none', 'explicit', 'implicit'] as const)(
  'S-24: ftplib aborts a download with security %s, in clear by an ABOR whose end is urgent data',
  async (security) => {
    await using server = await TestServer.start(
      certificates,
      {
        security: security === 'none' ? 'explicit' : security,
        requireTls: false,
        requireProtection: false,
      },
      (root) => writeFile(join(root, 'long.bin'), Buffer.alloc(50 * 1024 * 1024)),
    );
    const { port } = server.server;
    const caFile = join(folder, 'ca.pem');
    const target = { security, version: 'TLSv1.3', mode: 'passive', port, caFile } as const;
    const replies = (await ftplib(target, 'abort', 'long.bin')).trim().split('\n');
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['426', '226', '200']);
  },
);
