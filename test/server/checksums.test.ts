import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const content = Buffer.alloc(200_000, 'content ');

function hexadecimal(algorithm: string): string {
  return createHash(algorithm).update(content).digest('hex');
}

async function prepare(root: string): Promise<void> {
  await mkdir(join(root, 'docs'));
  await writeFile(join(root, 'docs/a b.bin'), content);
}

describe('checksums', () => {
  it('HASH tells the SHA-256 unless another is chosen', async () => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('HASH docs/a b.bin')).toBe(
      `213 SHA-256 0-200000 ${hexadecimal('sha256')} docs/a b.bin\r\n`,
    );
    expect(await client.command('OPTS HASH')).toBe('200 SHA-256\r\n');
    expect(await client.command('FEAT')).toContain('\r\n HASH SHA-256*;SHA-512;SHA-1;MD5\r\n');
    expect(await client.command('OPTS HASH sha-1')).toBe('200 SHA-1\r\n');
    expect(await client.command('FEAT')).toContain('\r\n HASH SHA-256;SHA-512;SHA-1*;MD5\r\n');
    expect(await client.command('HASH docs/a b.bin')).toContain(` ${hexadecimal('sha1')} `);
    expect(await client.command('OPTS HASH WHIRLPOOL')).toMatch(/^504 /);
    expect(await client.command('OPTS HASH')).toBe('200 SHA-1\r\n');
  });

  it.each([
    ['XSHA512', 'sha512'],
    ['XSHA256', 'sha256'],
    ['XSHA1', 'sha1'],
    ['XMD5', 'md5'],
  ])('%s tells that one', async (verb, algorithm) => {
    await using server = await TestServer.start(certificates, {}, prepare);
    await using client = await server.loggedIn();
    expect(await client.command(`${verb} docs/a b.bin`)).toBe(`250 ${hexadecimal(algorithm)}\r\n`);
  });

  it.each(['HASH', 'XSHA256'])(
    '%s is for files inside the root, and for those who are logged in',
    async (verb) => {
      await using server = await TestServer.start(certificates, {}, prepare);
      await using client = await server.secured();
      expect(await client.command(`${verb} docs/a b.bin`)).toMatch(/^530 /);
      await client.command('USER anna');
      await client.command('PASS secret');
      expect(await client.command(verb)).toMatch(/^501 /);
      expect(await client.command(`${verb} docs`)).toMatch(/^550 /);
      expect(await client.command(`${verb} none`)).toMatch(/^550 /);
      expect(await client.command(`${verb} ../root/docs/a b.bin`)).toMatch(/^550 /);
    },
  );

  it('are not there where they are hidden', async () => {
    await using server = await TestServer.start(certificates, { hide: ['HASH'] }, prepare);
    await using client = await server.loggedIn();
    expect(await client.command('FEAT')).not.toContain('HASH');
    expect(await client.command('HASH docs/a b.bin')).toMatch(/^500 /);
    expect(await client.command('OPTS HASH')).toMatch(/^501 /);
  });
});
