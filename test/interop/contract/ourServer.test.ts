import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FtpsServer } from '../../../src/server/ftpsServer.ts';
import { createAuthority, createLeaf } from '../../../src/server/certificate.ts';
import type { Subject } from './bench.ts';
import { describeContract } from './contract.ts';

for (const security of ['explicit', 'implicit'] as const) {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const hide of [[], ['MLST']]) {
      const listing = hide.length > 0 ? ', LIST only' : '';
      describeContract(`our server, ${security}, ${version}${listing}`, () =>
        startOurs(security, version, hide),
      );
    }
  }
}

async function startOurs(
  security: 'explicit' | 'implicit',
  version: 'TLSv1.2' | 'TLSv1.3',
  hide: readonly string[],
): Promise<Subject> {
  const root = await mkdtemp(join(tmpdir(), 'ftps-foreign-'));
  const authority = await createAuthority();
  const lines: string[] = [];
  const server = await FtpsServer.listen({
    root,
    users: { alice: 'secret' },
    security,
    certificate: await createLeaf(authority, { names: ['localhost', '127.0.0.1'] }),
    minVersion: version,
    maxVersion: version,
    requireSessionReuse: true,
    hide,
    log: (line) => lines.push(line),
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
    tls: version,
    root,
    owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    issuesTickets: true,
    storesThroughLinks: true,
    listsLinks: true,
    refusesLinksOutside: false,
    log: () => lines.join('\n'),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(root, { recursive: true });
    },
  };
}
