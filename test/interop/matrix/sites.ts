import { chown, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectOptions } from '../../../src/client/connectOptions.ts';
import { createAuthority, createLeaf } from '../../../src/server/certificate.ts';
import { FtpsServer } from '../../../src/server/ftpsServer.ts';
import { offers, startServer } from '../servers/foreignServer.ts';
import type { Variant } from './matrix.ts';

/** A running server with the folder behind it. */
export interface Site extends AsyncDisposable {
  readonly connect: ConnectOptions;
  /** Local folder that the server shows as `/`. */
  readonly root: string;
  /** Puts a file there behind the server's back, as the user whom the server serves. */
  seed(name: string, content: string): Promise<void>;
}

/** When every seeded file was last modified. */
export const seededAt = new Date('2021-03-04T05:06:07Z');

/** @returns undefined when the server cannot be had this way */
export async function startSite({ server, security, tls }: Variant): Promise<Site | undefined> {
  if (server === 'ours') return startOurs(security, tls);
  if (!offers(server, security)) return undefined;
  const requireSessionReuse = offers(server, security, true);
  const running = await startServer(server, { security, tls, requireSessionReuse, clearControl: true });
  const { host, port, user, password, root, owner, ca } = running;
  return {
    connect: {
      host,
      port,
      security,
      user,
      password,
      tls: { ca: [ca] },
      // C-5: vsftpd does not assume protection in implicit mode.
      implicitProt: server === 'vsftpd' ? 'send' : 'assume',
    },
    root,
    seed: (name, content) => seed(root, name, content, owner),
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

async function startOurs(security: Variant['security'], tls: Variant['tls']): Promise<Site> {
  const root = await mkdtemp(join(tmpdir(), 'ftps-matrix-'));
  const authority = await createAuthority();
  const server = await FtpsServer.listen({
    root,
    users: { alice: 'secret' },
    security,
    certificate: await createLeaf(authority, { names: ['127.0.0.1'] }),
    minVersion: tls,
    maxVersion: tls,
    requireSessionReuse: true,
    clearControl: 'allowed',
  });
  return {
    connect: {
      host: '127.0.0.1',
      port: server.port,
      security,
      user: 'alice',
      password: 'secret',
      tls: { ca: [authority.cert] },
    },
    root,
    seed: (name, content) => seed(root, name, content),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(root, { recursive: true });
    },
  };
}

async function seed(
  root: string,
  name: string,
  content: string,
  owner?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const path = join(root, name);
  await writeFile(path, content);
  if (owner) await chown(path, owner.uid, owner.gid);
  await utimes(path, seededAt, seededAt);
}
