import { readFile } from 'node:fs/promises';
import { credentialAccount, readProfile } from '../remote/profile.ts';
import type { CertificateTrust } from './certificateTrust.ts';
import type { Credentials } from './credentials.ts';

/**
 * Takes over the password and the certificate of a server that was started together with this VS Code. The file
 * holds `profile`, `host`, `port`, `security`, `user`, `password` and `fingerprint`; the profile itself is in settings.
 */
export async function adoptDemo(
  file: string,
  credentials: Credentials,
  trust: CertificateTrust,
): Promise<void> {
  const demo: unknown = JSON.parse(await readFile(file, 'utf8'));
  const { profile: name, host, port, security, user, password, fingerprint } = fieldsOf(demo);
  if (typeof name !== 'string' || typeof password !== 'string' || typeof fingerprint !== 'string') {
    throw new Error(`${file} lacks the name, the password or the fingerprint.`);
  }
  const result = readProfile(name, { host, port, security, user });
  if (!result.ok) throw new Error(`${file}: ${result.problems.join('; ')}`);
  await trust.trust(result.profile, fingerprint);
  await credentials.set(credentialAccount(result.profile), password);
}

function fieldsOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
