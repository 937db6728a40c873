import { describe, expect, it } from 'vitest';
import { failureOf } from './dialogue.ts';
import { sessionWith } from './session.ts';

const sha256 = 'a'.repeat(64);
const sha1 = 'b'.repeat(40);

describe('the hash of a remote file', () => {
  it('comes by HASH, in the best algorithm that the server offers, chosen once', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('OPTS HASH SHA-256', '200 SHA-256');
        await connection.answer('HASH /a b', `213 SHA-256 0-9 ${sha256.toUpperCase()} /a b`);
        await connection.answer('HASH /c', `213 SHA-256 0-9 ${sha256} /c`);
      },
      { features: ['HASH SHA-1*;MD5;SHA-256'] },
    );
    const digest = { algorithm: 'SHA-256', digest: sha256 };
    expect(await at.client.hash('/a b')).toEqual(digest);
    expect(await at.client.hash('/c')).toEqual(digest);
  });

  it('comes by HASH without a choice, where the best is selected already', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('HASH /a', `213 SHA-256 0-9 ${sha256} /a`);
      },
      { features: ['HASH SHA-256*;SHA-1'] },
    );
    expect(await at.client.hash('/a')).toEqual({ algorithm: 'SHA-256', digest: sha256 });
  });

  it('is of the algorithm that the answer names, where another one could not be chosen', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('OPTS HASH SHA-256', '501 no');
        await connection.answer('HASH /a', `213 SHA-1 0-9 ${sha1} /a`);
      },
      { features: ['HASH SHA-1*;SHA-256'] },
    );
    expect(await at.client.hash('/a')).toEqual({ algorithm: 'SHA-1', digest: sha1 });
  });

  it('comes by HASH in an algorithm of the server alone', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('HASH /a', `213 BLAKE2 0-9 ${sha1} /a`);
      },
      { features: ['HASH BLAKE2*'] },
    );
    expect(await at.client.hash('/a')).toEqual({ algorithm: 'BLAKE2', digest: sha1 });
  });

  it.each([
    [['XCRC', 'XMD5', 'XSHA256'], 'XSHA256 /a', `250 ${sha256}`, { algorithm: 'SHA-256', digest: sha256 }],
    [['XSHA1'], 'XSHA1 /a', `213 "/a" ${sha1}`, { algorithm: 'SHA-1', digest: sha1 }],
    [['XCRC'], 'XCRC /a', '250 1A2B', { algorithm: 'CRC32', digest: '00001a2b' }],
  ])('comes by the best of %j', async (features, command, reply, expected) => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer(command, reply);
      },
      { features },
    );
    expect(await at.client.hash('/a')).toEqual(expected);
  });

  it.each([
    [['HASH SHA-256*'], 'HASH /a', '550 no such file'],
    [['XMD5'], 'XMD5 /a', '500 what'],
    [['XMD5'], 'XMD5 /a', '250 done'],
  ])('is unknown where the server does not tell: %j', async (features, command, reply) => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer(command, reply);
      },
      { features },
    );
    expect(await at.client.hash('/a')).toBeUndefined();
  });

  it('is not even asked for where FEAT lists no command for it', async () => {
    await using at = await sessionWith(async () => {});
    expect(await at.client.hash('/a')).toBeUndefined();
  });

  it('C-47: is of no file with a line break in its name', async () => {
    await using at = await sessionWith(async () => {}, { features: ['HASH SHA-1*;SHA-256'] });
    expect(await failureOf(at.client.hash('/a\r\nDELE /b'))).toMatchObject({ kind: 'invalidArgument' });
  });

  it('fails with the connection', async () => {
    const failure = sessionWith(
      async (connection) => {
        await connection.answer('XMD5 /a', '421 enough');
      },
      { features: ['XMD5'] },
    ).then(async (at) => {
      const error = await failureOf(at.client.hash('/a'));
      at.client.destroy();
      return error;
    });
    expect(await failure).toMatchObject({ kind: 'closed', reply: { code: 421 } });
  });
});
