import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from '../../server/support/testServer.ts';
import { foreignClients, type Target } from './foreignClient.ts';

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

  function targetOf(server: TestServer, caFile = 'ca.pem'): Target {
    return { security, version, port: server.server.port, caFile: join(folder, caFile) };
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
    await client.store(targetOf(server), join(folder, name), name);
    const stored = await readFile(join(server.root, name));
    expect(stored.equals(contents.get(name) ?? Buffer.of(0))).toBe(true);
  });

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
    await expect(client.list(targetOf(server, 'stranger.pem'))).rejects.toThrow(/ended with/);
    expect(commands.filter((line) => line.includes('> PASS'))).toEqual([]);
  });
});
