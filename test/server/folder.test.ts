import { lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

/** Inside: files, folders and links. Outside, beside the root: what nobody may reach. */
async function prepare(root: string, base: string): Promise<void> {
  await mkdir(join(base, 'outside'));
  await mkdir(join(base, 'rooted'));
  await writeFile(join(base, 'outside/secret.txt'), 'secret');
  await mkdir(join(root, 'docs/deep'), { recursive: true });
  await writeFile(join(root, 'docs/a.txt'), 'a');
  await symlink('../outside', join(root, 'out'));
  await symlink('../outside/secret.txt', join(root, 'out.txt'));
  await symlink('../outside/not-yet.txt', join(root, 'dangling.txt'));
  await symlink('docs', join(root, 'in'));
  await symlink('docs/a.txt', join(root, 'in.txt'));
  await symlink(join(root, 'docs'), join(root, 'absolute'));
}

const escapes = [
  'CWD ..',
  'CWD ../outside',
  'CWD docs/../../outside',
  'CWD out',
  'CWD /out',
  'CWD in/../../outside',
  'CWD /etc',
  'CDUP',
  'SIZE out.txt',
  'SIZE /etc/passwd',
  'SIZE ../outside/secret.txt',
  'MDTM out.txt',
  'MDTM out/secret.txt',
  'MFMT 20200101000000 out.txt',
  'SITE CHMOD 777 out.txt',
  'SITE CHMOD 777 out/secret.txt',
  'DELE out/secret.txt',
  'DELE ../outside/secret.txt',
  'MKD out/new',
  'MKD ../new',
  'RMD ../outside',
  'RMD /',
  'RNFR out/secret.txt',
  'MLST out/secret.txt',
  'MLST ../outside',
  'STAT out/secret.txt',
  'STAT /../outside',
  'RETR out.txt',
  'RETR out/secret.txt',
  'STOR out.txt',
  'STOR out/new.txt',
  'STOR dangling.txt',
  'STOR ../new.txt',
  'APPE out.txt',
  'MLSD out',
  'NLST ../outside',
  'LIST out/secret.txt',
];

describe('the jail', () => {
  it.each(escapes)('S-21: answers %j with 550 and changes nothing outside', async (line) => {
    let outside = '';
    await using server = await TestServer.start(certificates, {}, async (root, base) => {
      await prepare(root, base);
      outside = join(base, 'outside');
    });
    await using client = await server.loggedIn();
    await client.command('EPSV');
    expect(await client.command(line)).toMatch(/^550 /);
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe('secret');
    expect((await lstat(join(outside, 'secret.txt'))).mode & 0o777).not.toBe(0o777);
    await expect(lstat(join(outside, 'not-yet.txt'))).rejects.toThrow('ENOENT');
    await expect(lstat(join(outside, 'new.txt'))).rejects.toThrow('ENOENT');
  });

  it('S-21: answers a NUL with 550', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('SIZE docs/a.txt\0.png')).toMatch(/^550 /);
  });

  it('S-21: renames nothing out of the root', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    await client.command('RNFR docs/a.txt');
    expect(await client.command('RNTO out/a.txt')).toMatch(/^550 /);
    await client.command('RNFR docs/a.txt');
    expect(await client.command('RNTO ../rooted/a.txt')).toMatch(/^550 /);
    expect(await readFile(join(server.root, 'docs/a.txt'), 'utf8')).toBe('a');
  });

  it('S-21: is not fooled by a folder whose name begins like the root', async () => {
    await using server = await TestServer.start(certificates, {}, async (root, base) => {
      await prepare(root, base);
      await symlink('../rooted', join(root, 'twin'));
    });
    await using client = await server.loggedIn();
    expect(await client.command('CWD twin')).toMatch(/^550 /);
  });

  it('shows and deletes a link that leads out, but never what it points to', async () => {
    let secret = '';
    await using server = await TestServer.start(certificates, {}, async (root, base) => {
      await prepare(root, base);
      secret = join(base, 'outside/secret.txt');
    });
    await using client = await server.loggedIn();
    expect(await client.command('MLST out')).toMatch(/type=OS\.unix=slink:\.\.\/outside;/);
    expect(await client.command('DELE out.txt')).toMatch(/^250 /);
    expect(await client.command('DELE out')).toMatch(/^250 /);
    expect(await client.command('MLST out')).toMatch(/^550 /);
    expect(await readFile(secret, 'utf8')).toBe('secret');
  });

  it('follows links inside the root, and renames the link itself', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('SIZE in/a.txt')).toBe('213 1\r\n');
    expect(await client.command('SIZE in.txt')).toBe('213 1\r\n');
    expect(await client.command('SIZE absolute/a.txt')).toBe('213 1\r\n');
    expect(await client.command('CWD in/deep')).toMatch(/^250 /);
    expect(await client.command('CWD /')).toMatch(/^250 /);
    await client.command('RNFR in');
    expect(await client.command('RNTO renamed')).toMatch(/^250 /);
    expect(await readlink(join(server.root, 'renamed'))).toBe('docs');
    // The server's own path is nobody's business.
    expect(await client.command('MLST absolute')).toContain('slink:/docs;');
  });

  it('never tells its own paths', async () => {
    const replies: string[] = [];
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    for (const line of ['PWD', 'CWD none', 'SIZE docs', 'MKD docs', 'RMD docs', 'MLST /', 'STAT', 'STAT /']) {
      replies.push(await client.command(line));
    }
    expect(replies.join('')).not.toContain(server.root);
  });
});
