import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClientCertificate } from '../../src/remote/clientCertificate.ts';

describe('C-24: the client certificate of a profile', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ftps-certificate-'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    await writeFile(at('open.key'), privateKey.export(pem));
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'sesame' } as const;
    await writeFile(at('locked.key'), privateKey.export({ ...pem, ...cipher }));
    await writeFile(at('client.crt'), 'certificate');
    await writeFile(at('client.pfx'), Buffer.from([1, 2, 3]));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is read from its files, and needs no passphrase where the key is open', async () => {
    const files = { cert: at('client.crt'), key: at('open.key') };
    const certificate = await readClientCertificate(files, undefined);
    expect(certificate).toEqual({ cert: 'certificate', key: expect.stringContaining('PRIVATE KEY') });
  });

  it('asks for the passphrase of a locked key, and says when it is the wrong one', async () => {
    const files = { cert: at('client.crt'), key: at('locked.key') };
    await expect(readClientCertificate(files, undefined)).rejects.toMatchObject({
      kind: 'passphrase',
      message: `The client certificate ${at('locked.key')} is locked by a passphrase.`,
    });
    await expect(readClientCertificate(files, 'open')).rejects.toMatchObject({
      kind: 'passphrase',
      message: `The passphrase does not open the client certificate ${at('locked.key')}.`,
    });
    await expect(readClientCertificate(files, 'sesame')).resolves.toMatchObject({ passphrase: 'sesame' });
  });

  it('is read from a PKCS #12 file as it is', async () => {
    const certificate = await readClientCertificate({ pfx: at('client.pfx') }, 'sesame');
    expect(certificate).toEqual({ pfx: Buffer.from([1, 2, 3]), passphrase: 'sesame' });
  });

  it('is missing with a message that names the file and the option', async () => {
    const files = { cert: at('nowhere.crt'), key: at('open.key') };
    await expect(readClientCertificate(files, undefined)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/nowhere\.crt that tls\.clientCertificate\.cert names: ENOENT/),
    });
  });
});
