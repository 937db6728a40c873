import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpsServer } from '../../src/server/ftpsServer.ts';
import { authority, identity, selfSigned } from '../client/identity.ts';

const source = join(import.meta.dirname, '../../src/remote');

/** Logs in by the profile in its first parameter, and prints whether that went well. */
const program = `
  import { openRemote } from '${join(source, 'connect.ts')}';
  import { readProfile } from '${join(source, 'profile.ts')}';
  const { profile } = readProfile('site', JSON.parse(process.argv[1]));
  const files = await openRemote(profile, { password: async () => 'secret' }).catch((error) => error);
  console.log(files instanceof Error ? files.certificate?.problem ?? String(files) : 'logged in');
  await files.close?.();`;

describe('the authorities of this computer', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ftps-authorities-'));
    // Its own authority: that of the tests would go by the same name as `authority`.
    await writeFile(join(root, 'company.pem'), selfSigned.cert);
    await writeFile(join(root, 'further.pem'), authority.cert);
  });

  afterAll(() => rm(root, { recursive: true }));

  /** How a login ends on a server with this certificate, in a process that has the authority of the company. */
  async function logIn(
    certificate: typeof identity,
    ca: readonly string[],
    environment: NodeJS.ProcessEnv = { NODE_EXTRA_CA_CERTS: join(root, 'company.pem') },
  ): Promise<string> {
    const users = { anna: 'secret' };
    const server = await FtpsServer.listen({ root, users, security: 'explicit', certificate });
    try {
      const profile = { host: '127.0.0.1', port: server.port, user: 'anna', tls: { ca } };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '--eval', program, JSON.stringify(profile)],
        { env: { ...process.env, ...environment } },
      );
      return stdout.trim();
    } finally {
      await server.close();
    }
  }

  it('count, also where a profile names further ones, which count too', async () => {
    const further = join(root, 'further.pem');
    expect(await logIn(selfSigned, [], { NODE_EXTRA_CA_CERTS: undefined })).toBe('selfSigned');
    expect(await logIn(selfSigned, [])).toBe('logged in');
    expect(await logIn(selfSigned, [further])).toBe('logged in');
    expect(await logIn(identity, [further])).toBe('logged in');
    expect(await logIn(identity, [])).toBe('untrustedIssuer');
  });
});
