import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

/** What happens right before and right after the server opens a file. */
const meanwhile = vi.hoisted(() => ({
  before: async (): Promise<void> => {},
  after: async (): Promise<void> => {},
}));
vi.mock('node:fs/promises', async (importOriginal) => {
  const actual = await importOriginal<typeof import('node:fs/promises')>();
  const open: typeof actual.open = async (...parameters) => {
    await meanwhile.before();
    const handle = await actual.open(...parameters);
    await meanwhile.after();
    return handle;
  };
  return { ...actual, open };
});

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
beforeEach(() => {
  meanwhile.before = async () => {};
  meanwhile.after = async () => {};
});

/** In the root `/d/x`, and `/a/link`, which leads out of the root once it is `/d`. */
async function prepare(root: string, base: string): Promise<void> {
  await mkdir(join(base, 'outside'));
  await writeFile(join(base, 'outside/x'), 'precious');
  await mkdir(join(root, 'a'));
  await symlink('../outside', join(root, 'a/link'));
  await mkdir(join(root, 'd'));
  await writeFile(join(root, 'd/x'), 'inside');
}

/** One client begins a transfer, and has its 150 when something happens; then the data connection is there. */
async function begin(
  server: TestServer,
  line: string,
  happens = async (): Promise<void> => {},
): Promise<string> {
  await using client = await server.loggedIn();
  const socket = await client.passive();
  client.send(`${line}\r\n`);
  expect(await client.reply()).toMatch(/^150 /);
  await happens();
  const data = client.secureData(socket);
  data.resume();
  data.end('evil');
  return await client.reply();
}

describe('a folder that becomes a link out of the root', () => {
  it.each(['STOR /d/x', 'STOR /d/new', 'APPE /d/x', 'RETR /d/x'])(
    'S-21: lets nothing be reached outside between the 150 and the data of %j',
    async (line) => {
      await using server = await TestServer.start(certificates, {}, prepare);
      await using other = await server.loggedIn();
      const reply = await begin(server, line, async () => {
        for (const command of ['RNFR /d', 'RNTO /e', 'RNFR /a/link', 'RNTO /d']) {
          expect(await other.command(command)).toMatch(/^[23]50 /);
        }
      });
      expect(reply).toMatch(/^550 /);
      expect(await readFile(join(server.root, '../outside/x'), 'utf8')).toBe('precious');
      await expect(readFile(join(server.root, '../outside/new'))).rejects.toThrow('ENOENT');
    },
  );

  it.each(['STOR', 'APPE', 'RETR'])(
    'S-21: lets %s touch nothing outside when it happens as the file is opened',
    async (verb) => {
      await using server = await TestServer.start(certificates, {}, prepare);
      const [d, e, link] = [join(server.root, 'd'), join(server.root, 'e'), join(server.root, 'a/link')];
      meanwhile.before = async () => {
        await rename(d, e);
        await rename(link, d);
      };
      expect(await begin(server, `${verb} /d/x`)).toMatch(/^550 /);
      expect(await readFile(join(server.root, '../outside/x'), 'utf8')).toBe('precious');
      // And back again, so that the path leads to where it did.
      await rename(d, link);
      await rename(e, d);
      meanwhile.after = async () => {
        await rename(d, link);
        await rename(e, d);
      };
      expect(await begin(server, `${verb} /d/x`)).toMatch(/^450 .*again/);
      expect(await readFile(join(server.root, '../outside/x'), 'utf8')).toBe('precious');
    },
  );
});

describe('a file that becomes a FIFO as it is opened', () => {
  it.each(['STOR', 'RETR'])('does not hold up %s, and nobody else', async (verb) => {
    await using server = await TestServer.start(certificates, {}, prepare);
    const file = join(server.root, 'd/x');
    meanwhile.before = async () => {
      await rm(file);
      execFileSync('mkfifo', [file]);
    };
    expect(await begin(server, `${verb} /d/x`)).toBe('550 Not a file.\r\n');
  });
});
