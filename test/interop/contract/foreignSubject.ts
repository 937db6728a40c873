import { offers, startServer, type ServerName } from '../servers/foreignServer.ts';
import type { Subject } from './bench.ts';
import { describeContract } from './contract.ts';

const modes = ['explicit', 'implicit'] as const;

/** Runs the contract against a foreign server in its modes, with session reuse demanded where it can be. */
export function describeForeignContract(
  name: ServerName,
  securities: readonly (typeof modes)[number][] = modes,
): void {
  for (const security of securities) {
    if (!offers(name, security)) continue;
    for (const tls of ['TLSv1.2', 'TLSv1.3'] as const) {
      const requireSessionReuse = offers(name, security, true);
      describeContract(`${name}, ${security}, ${tls}`, async (): Promise<Subject> => {
        const server = await startServer(name, { security, tls, requireSessionReuse });
        const { host, port, user, password, root, owner } = server;
        return {
          // C-5: vsftpd does not assume protection in implicit mode.
          connect: {
            host,
            port,
            security,
            user,
            password,
            tls: { ca: [server.ca] },
            implicitProt: name === 'vsftpd' ? 'send' : 'assume',
          },
          tls,
          root,
          owner,
          issuesTickets: !(name === 'pure-ftpd' && tls === 'TLSv1.3'),
          ...(name === 'proftpd' ? { refusedFolderNames: /\*/ } : {}),
          refusesLinksOutside: name === 'pyftpdlib',
          storesThroughLinks: name !== 'pure-ftpd',
          listsLinks: name !== 'pyftpdlib',
          log: () => server.log(),
          [Symbol.asyncDispose]: () => server.stop(),
        };
      });
    }
  }
}
