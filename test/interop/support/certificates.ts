import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A throw-away certificate for a host, 127.0.0.1 and localhost, and the authority that issued it. All PEM. */
export interface TestCertificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Made by the openssl program, so that nothing of the product's own certificates is in it. RSA, since that is
 * what ProFTPD's and vsftpd's directives mean by default. The files stay in the folder.
 */
export async function createCertificate(folder: string, host: string): Promise<TestCertificate> {
  const authority = [
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=FTPS Explorer interoperability tests',
  ];
  await openssl(folder, [...authority, '-addext', 'keyUsage=critical,keyCertSign']);
  const leaf = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-keyout',
    'leaf.key',
    '-out',
    'leaf.pem',
    '-subj',
    '/CN=localhost',
  ];
  const addresses = [...new Set(['127.0.0.1', host])].map((address) => `IP:${address}`);
  const names = ['-addext', `subjectAltName=DNS:localhost,${addresses.join(',')}`];
  const uses = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'];
  await openssl(folder, [...leaf, ...names, ...uses]);
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const [ca, certificate, key] = await Promise.all([read('ca.pem'), read('leaf.pem'), read('leaf.key')]);
  return { ca, certificate, key };
}

async function openssl(folder: string, args: readonly string[]): Promise<void> {
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-days', '2', ...args];
  await promisify(execFile)('openssl', request, { cwd: folder });
}
