import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll, type WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const noon = new Date(Date.UTC(2026, 0, 15, 12, 30, 45));

async function prepare(root: string): Promise<void> {
  await mkdir(join(root, 'docs'));
  await writeFile(join(root, 'a ö "b".txt'), 'four');
  await writeFile(join(root, '.hidden'), '');
  await symlink('docs', join(root, 'latest'));
  await chmod(join(root, 'a ö "b".txt'), 0o640);
  for (const name of ['docs', 'a ö "b".txt', '.hidden']) await utimes(join(root, name), noon, noon);
}

/** The bytes that a command sends over a data connection, and its final reply. */
async function download(client: WireClient, line: string): Promise<[string, string]> {
  const socket = await client.passive();
  client.send(`${line}\r\n`);
  const announced = await client.reply();
  if (!announced.startsWith('150')) return ['', announced];
  const data = client.secureData(socket);
  const bytes = await readAll(data);
  data.end();
  return [bytes.toString('latin1'), await client.reply()];
}

async function upload(client: WireClient, line: string, content: string): Promise<string[]> {
  const socket = await client.passive();
  client.send(`${line}\r\n`);
  const announced = await client.reply();
  if (!announced.startsWith('150')) return [announced];
  const data = client.secureData(socket);
  data.end(content);
  data.resume();
  return [announced, await client.reply()];
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString();
}

describe('listings', () => {
  it('show files, folders, hidden ones and links as ls does', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    for (const line of ['LIST', 'LIST -la', 'LIST -a -l /', 'LIST /docs/..']) {
      const [text, reply] = await download(client, line);
      expect(reply).toMatch(/^226 /);
      const lines = utf8(text).split('\r\n');
      expect(lines).toHaveLength(5);
      expect(lines[0]).toMatch(/^-rw-r--r-- .* 0 \w{3} \d\d .* \.hidden$/);
      expect(lines[1]).toMatch(/^-rw-r----- .* 4 Jan 15 .* a ö "b"\.txt$/);
      expect(lines[2]).toMatch(/^drwxr-xr-x .* docs$/);
      expect(lines[3]).toMatch(/^lrwxrwxrwx .* latest -> docs$/);
      expect(lines[4]).toBe('');
    }
  });

  it('come as IIS writes them where told so', async () => {
    await using server = await TestServer.start(certificates, { listFormat: 'dos' }, prepare);
    await using client = await server.loggedIn();
    const [text] = await download(client, 'LIST');
    expect(text).toMatch(/^01-15-(20)?26\s+12:30PM\s+<DIR>\s+docs\r$/m);
  });

  it('come with facts from MLSD', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    const [text] = await download(client, 'MLSD');
    const lines = utf8(text).split('\r\n');
    expect(lines[1]).toMatch(
      /^type=file;size=4;modify=20260115123045;.*UNIX\.mode=0640;UNIX\.owner=.* a ö "b"\.txt$/,
    );
    expect(lines[2]).toMatch(/^type=dir;modify=20260115123045;.* docs$/);
    expect(lines[3]).toMatch(/^type=OS\.unix=slink:docs;.* latest$/);
  });

  it('tell what may be done, and what is neither file nor folder', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await chmod(join(server.root, '.hidden'), 0o444);
    await chmod(join(server.root, 'docs'), 0o555);
    const socket = createServer().listen(join(server.root, 'socket'));
    await once(socket, 'listening');
    await using client = await server.loggedIn();
    expect(await client.command('MLST .hidden')).toContain(';perm=r;');
    expect(await client.command('MLST docs')).toContain(';perm=el;');
    expect(await client.command('MLST socket')).not.toMatch(/type=(?:file|dir|OS)/);
    socket.close();
  });

  it('come with the facts that OPTS MLST chose', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('OPTS MLST Size;TYPE;nonsense;')).toBe('200 MLST OPTS type;size;\r\n');
    expect((await download(client, 'MLSD docs'))[0]).toBe('');
    expect(await client.command('MLST .hidden')).toContain('\r\n type=file;size=0; /.hidden\r\n');
    expect(await client.command('FEAT')).toContain(' MLST type*;size*;modify;');
  });

  it('hold names only from NLST', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(utf8((await download(client, 'NLST'))[0])).toBe('.hidden\r\na ö "b".txt\r\ndocs\r\nlatest\r\n');
  });

  it('follow a link to a folder, and show a file as itself', async () => {
    await using server = await TestServer.start(certificates, {}, async (root) => {
      await prepare(root);
      await writeFile(join(root, 'docs/in.txt'), '');
    });
    await using client = await server.loggedIn();
    expect((await download(client, 'NLST latest'))[0]).toBe('in.txt\r\n');
    expect((await download(client, 'LIST docs/in.txt'))[0]).toMatch(/ in\.txt\r\n$/);
    expect((await download(client, 'MLSD docs/in.txt'))[1]).toMatch(/^501 /);
    expect((await download(client, 'MLSD none'))[1]).toMatch(/^550 /);
    expect((await download(client, 'LIST none'))[1]).toMatch(/^550 /);
  });

  it('leave out a name that would be read as two lines', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, 'one\r\n-rw-r--r-- 1 0 0 1 Jan 1 2026 two'), ''),
    );
    await using client = await server.loggedIn();
    expect((await download(client, 'LIST'))[0]).toBe('');
    expect((await download(client, 'MLSD'))[0]).toBe('');
  });

  it('come over the control connection from STAT', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('STAT docs/..')).toMatch(/^213-[^]* docs\r\n[^]*213 End\r\n$/);
    expect(await client.command('STAT')).toMatch(/^211-[^]*Logged in as anna[^]*211 End\r\n$/);
  });
});

describe('retrieving', () => {
  it('starts where REST said, once', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, 'a'), '0123456789'),
    );
    await using client = await server.loggedIn();
    expect(await client.command('REST 4')).toMatch(/^350 /);
    expect((await download(client, 'RETR a'))[0]).toBe('456789');
    expect((await download(client, 'RETR a'))[0]).toBe('0123456789');
    await client.command('REST 4');
    await client.command('NOOP');
    expect((await download(client, 'RETR a'))[0]).toBe('0123456789');
    await client.command('REST 10');
    expect(await download(client, 'RETR a')).toEqual(['', '226 The transfer is complete.\r\n']);
    await client.command('REST 11');
    expect((await download(client, 'RETR a'))[1]).toMatch(/^554 /);
  });

  it('converts line ends in ASCII, and tells no size then', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      writeFile(join(root, 'a'), 'one\ntwo\r\nthree'),
    );
    await using client = await server.loggedIn();
    await client.command('TYPE A');
    expect((await download(client, 'RETR a'))[0]).toBe('one\r\ntwo\r\nthree');
    expect(await client.command('SIZE a')).toMatch(/^550 /);
    expect(await client.command('REST 1')).toMatch(/^501 /);
    await client.command('TYPE I');
    expect((await download(client, 'RETR a'))[0]).toBe('one\ntwo\r\nthree');
    expect(await client.command('SIZE a')).toBe('213 14\r\n');
  });

  it('refuses folders and what is not there without a preliminary reply', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect((await download(client, 'RETR docs'))[1]).toMatch(/^550 /);
    expect((await download(client, 'RETR none'))[1]).toMatch(/^550 /);
    expect(await client.command('SIZE docs')).toMatch(/^550 /);
  });
});

describe('storing', () => {
  it('replaces, appends, continues, and finds names of its own', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const content = (name: string): Promise<string> => readFile(join(server.root, name), 'utf8');
    await upload(client, 'STOR a', 'a long text');
    await upload(client, 'STOR a', 'short');
    expect(await content('a')).toBe('short');
    await upload(client, 'APPE a', 'er');
    expect(await content('a')).toBe('shorter');
    await client.command('REST 5');
    await upload(client, 'STOR a', 'EST');
    expect(await content('a')).toBe('shortEST');
    await client.command('REST 100');
    expect(await upload(client, 'STOR a', 'x')).toMatchObject([expect.stringMatching(/^554 /)]);
    const [announced = '', final] = await upload(client, 'STOU', 'unique');
    expect(final).toMatch(/^226 /);
    expect(await content(/^150 FILE: (.+)\r\n$/.exec(announced)?.[1] ?? '')).toBe('unique');
  });

  it('finds another name for each of several at once', async () => {
    await using server = await TestServer.start(certificates);
    await using one = await server.loggedIn();
    await using other = await server.loggedIn();
    const clients = [one, other];
    const sockets = [await one.passive(), await other.passive()];
    for (const client of clients) client.send('STOU\r\n');
    const announced = [await one.reply(), await other.reply()];
    expect(announced.sort()).toEqual(['150 FILE: upload.1\r\n', '150 FILE: upload.2\r\n']);
    for (const [index, socket] of sockets.entries()) {
      const data = clients[index]?.secureData(socket);
      data?.resume();
      data?.end('unique');
    }
    for (const client of clients) expect(await client.reply()).toMatch(/^226 /);
    expect((await readdir(server.root)).sort()).toEqual(['upload.1', 'upload.2']);
    // A name that came to nothing is free again.
    const unused = await one.passive();
    one.send('STOU\r\n');
    expect(await one.reply()).toBe('150 FILE: upload.3\r\n');
    unused.destroy();
    expect(await one.reply()).toMatch(/^522 /);
    expect((await upload(one, 'STOU', 'unique'))[0]).toBe('150 FILE: upload.3\r\n');
  });

  it('writes through a link inside the root', async () => {
    await using server = await TestServer.start(certificates, {}, async (root) => {
      await writeFile(join(root, 'target'), 'old');
      await symlink('target', join(root, 'link'));
    });
    await using client = await server.loggedIn();
    await upload(client, 'STOR link', 'new');
    expect(await readFile(join(server.root, 'target'), 'utf8')).toBe('new');
    expect((await lstat(join(server.root, 'link'))).isSymbolicLink()).toBe(true);
  });

  it('converts line ends in ASCII', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    await client.command('TYPE A');
    await upload(client, 'STOR a', 'one\r\ntwo\rthree\r\n\r');
    expect(await readFile(join(server.root, 'a'), 'utf8')).toBe('one\ntwo\rthree\n\r');
  });

  it('refuses folders and missing parents without a preliminary reply', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    for (const path of ['docs', 'latest', '/', 'none/a', '.hidden/a']) {
      expect(await upload(client, `STOR ${path}`, '')).toMatchObject([expect.stringMatching(/^550 /)]);
    }
  });
});

describe('changing files', () => {
  it('makes, renames over what is there, and deletes', async () => {
    await using server = await TestServer.start(certificates, {}, async (root) => {
      await writeFile(join(root, 'new'), 'new');
      await writeFile(join(root, 'old'), 'old');
    });
    await using client = await server.loggedIn();
    expect(await client.command('MKD a "quoted" folder')).toBe('257 "/a ""quoted"" folder" created.\r\n');
    expect(await client.command('MKD a "quoted" folder')).toMatch(/^550 /);
    expect(await client.command('RMD a "quoted" folder')).toMatch(/^250 /);
    expect(await client.command('RNFR new')).toMatch(/^350 /);
    expect(await client.command('RNTO old')).toMatch(/^250 /);
    expect(await readFile(join(server.root, 'old'), 'utf8')).toBe('new');
    expect(await client.command('DELE old')).toMatch(/^250 /);
    expect(await client.command('DELE old')).toMatch(/^550 /);
    expect(await readdir(server.root)).toEqual([]);
  });

  it('refuses to move a folder into itself, to remove a full one, and to delete a folder as a file', async () => {
    await using server = await TestServer.start(certificates, {}, (root) =>
      mkdir(join(root, 'a/b'), { recursive: true }).then(() => {}),
    );
    await using client = await server.loggedIn();
    await client.command('RNFR a');
    expect(await client.command('RNTO a/b/c')).toMatch(/^553 /);
    expect(await client.command('RMD a')).toMatch(/^550 /);
    expect(await client.command('DELE a')).toMatch(/^550 /);
    expect(await client.command('RNFR none')).toMatch(/^550 /);
    expect(await client.command('RNFR a')).toMatch(/^350 /);
    await client.command('NOOP');
    expect(await client.command('RNTO c')).toMatch(/^503 /);
  });

  it.each([
    ['no UTF-8', Buffer.from('caf\xe9', 'latin1')],
    ['two lines', Buffer.from('one\r\ntwo')],
  ])('says why a folder that lists as empty is not removed: a name is %s', async (_what, name) => {
    await using server = await TestServer.start(certificates, {}, async (root) => {
      await mkdir(join(root, 'docs'));
      await writeFile(Buffer.concat([Buffer.from(`${root}/docs/`), name]), '');
    });
    await using client = await server.loggedIn();
    expect((await download(client, 'MLSD docs'))[0]).toBe('');
    expect(await client.command('RMD docs')).toMatch(/^550 .*not empty.* on the server itself/);
    await mkdir(join(server.root, 'full/inner'), { recursive: true });
    expect(await client.command('RMD full')).toBe('550 The directory is not empty.\r\n');
  });

  it('tells and sets times in UTC, and sets modes', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('MDTM a ö "b".txt')).toBe('213 20260115123045\r\n');
    expect(await client.command('MFMT 20200229010203 a ö "b".txt')).toBe(
      '213 Modify=20200229010203; a ö "b".txt\r\n',
    );
    expect(await client.command('MDTM a ö "b".txt')).toBe('213 20200229010203\r\n');
    expect(await client.command('MFMT yesterday .hidden')).toMatch(/^501 /);
    expect(await client.command('SITE CHMOD 600 a ö "b".txt')).toMatch(/^200 /);
    expect((await lstat(join(server.root, 'a ö "b".txt'))).mode & 0o777).toBe(0o600);
    expect(await client.command('SITE CHMOD 999 a')).toMatch(/^501 /);
  });
});
