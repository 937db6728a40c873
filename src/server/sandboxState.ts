import { randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, createLeaf, type KeyAndCertificate } from './certificate.ts';
import { errorCode } from './folderError.ts';

/** What a sandbox keeps from one start to the next, so that stored passwords and pins stay good. */
export interface SandboxState {
  readonly authority: KeyAndCertificate;
  readonly leaf: KeyAndCertificate;
  readonly password: string;
  /** 0 while none has been given. */
  readonly port: number;
  readonly implicitPort: number;
}

const NAMES = ['localhost', '127.0.0.1', '::1'];

/** The state kept in the folder; what is missing, broken or expired is made anew. `hosts` are names beside those of loopback. */
export async function openState(
  folder: string,
  hosts: readonly string[],
  now: number,
): Promise<SandboxState> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = await read(folder);
  const names = [...new Set([...NAMES, ...hosts])];
  const authority =
    kept.authority && isValid(kept.authority, [], now) ? kept.authority : await createAuthority();
  const leaf =
    kept.leaf && authority === kept.authority && isValid(kept.leaf, names, now)
      ? kept.leaf
      : await createLeaf(authority, { names });
  return {
    authority,
    leaf,
    password: kept.password ?? randomBytes(12).toString('base64url'),
    port: kept.port ?? 0,
    implicitPort: kept.implicitPort ?? 0,
  };
}

/** Readable by the owner only: it holds keys and the password. */
export async function saveState(folder: string, state: SandboxState): Promise<void> {
  const path = statePath(folder);
  const beside = `${path}.new`;
  await writeFile(beside, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(beside, 0o600);
  await rename(beside, path);
}

async function read(folder: string): Promise<Partial<SandboxState>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(statePath(folder), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
  if (typeof value !== 'object' || value === null) return {};
  const kept = new Map<string, unknown>(Object.entries(value));
  const [authority, leaf, password] = [kept.get('authority'), kept.get('leaf'), kept.get('password')];
  const [port, implicitPort] = [kept.get('port'), kept.get('implicitPort')];
  return {
    ...(isKeyAndCertificate(authority) ? { authority } : {}),
    ...(isKeyAndCertificate(leaf) ? { leaf } : {}),
    ...(typeof password === 'string' && password !== '' ? { password } : {}),
    ...(isPort(port) ? { port } : {}),
    ...(isPort(implicitPort) ? { implicitPort } : {}),
  };
}

function statePath(folder: string): string {
  return join(folder, 'sandbox.json');
}

function isKeyAndCertificate(value: unknown): value is KeyAndCertificate {
  if (typeof value !== 'object' || value === null) return false;
  return 'key' in value && typeof value.key === 'string' && 'cert' in value && typeof value.cert === 'string';
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}

function isValid({ cert }: KeyAndCertificate, names: readonly string[], now: number): boolean {
  try {
    const certificate = new X509Certificate(cert);
    if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now) return false;
    return names.every((name) => certificate.checkHost(name) ?? certificate.checkIP(name));
  } catch {
    return false;
  }
}
