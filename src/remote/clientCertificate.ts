import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ClientCertificate } from '../client/connectOptions.ts';
import { RemoteError } from './errors.ts';

/** Paths of what proves the user to the server: PEM files, or one PKCS #12 bundle. */
export type ClientCertificateFiles =
  | { readonly cert: string; readonly key: string }
  | { readonly pfx: string };

/** Reads the files now, so that a renewed certificate counts from the next session on. @throws RemoteError */
export async function readClientCertificate(
  files: ClientCertificateFiles,
  passphrase: string | undefined,
): Promise<ClientCertificate> {
  const unlocked = passphrase === undefined ? {} : { passphrase };
  if ('pfx' in files) return { pfx: await readNamed(files.pfx, 'tls.clientCertificate.pfx'), ...unlocked };
  const [cert, key] = await Promise.all([
    readText(files.cert, 'tls.clientCertificate.cert'),
    readText(files.key, 'tls.clientCertificate.key'),
  ]);
  requireUnlocked(files.key, key, passphrase);
  return { cert, key, ...unlocked };
}

export async function readText(file: string, option: string): Promise<string> {
  return (await readNamed(file, option)).toString('utf8');
}

/** The one file by which its owner knows the certificate: its passphrase is kept under this name. */
export function keyFile(files: ClientCertificateFiles): string {
  return 'pfx' in files ? files.pfx : files.key;
}

/** @throws RemoteError `passphrase`: none was given, or the wrong one. */
function requireUnlocked(file: string, key: string, passphrase: string | undefined): void {
  if (!/ENCRYPTED/.test(key)) return;
  try {
    createPrivateKey(passphrase === undefined ? { key } : { key, passphrase });
  } catch (cause) {
    throw wrongPassphrase(file, passphrase !== undefined, cause);
  }
}

export function wrongPassphrase(file: string, given: boolean, cause: unknown): RemoteError {
  const message = given
    ? `The passphrase does not open the client certificate ${file}.`
    : `The client certificate ${file} is locked by a passphrase.`;
  return new RemoteError('passphrase', '/', message, { cause });
}

async function readNamed(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot read the file ${file} that ${option} names: ${reason}`;
    throw new RemoteError('failed', '/', message, { cause });
  }
}
