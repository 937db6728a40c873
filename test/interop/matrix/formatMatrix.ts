import { escape } from '../../conformance/conformancePage.ts';
import { type MatrixRow, matrixOperations, type MatrixServer } from './matrix.ts';

const names: Readonly<Record<MatrixServer, string>> = {
  ours: 'FTPS Explorer',
  vsftpd: 'vsftpd',
  proftpd: 'ProFTPD',
  'pure-ftpd': 'Pure-FTPd',
  pyftpdlib: 'pyftpdlib',
};

const EXPLANATION = `The client against real servers, as the last run of \`test/interop/matrix\` found it (it fails when this table says
otherwise, or when anything fails). Data connections have to resume the TLS session where the server can demand that. *active* is
a listing and a download over connections that the server opens; *resume* is REST with RETR; *hash* is HASH or an X… command;
*REIN* has to log in again on the same TCP connection, or else *works by reconnecting*. On implicit connections the client says no
CCC at all (C-4).
`;

/** The section of CONFORMANCE.md about interoperability. */
export function formatMatrix(rows: readonly MatrixRow[]): string {
  const lines = rows.map(({ server, security, tls, cells }) => {
    const outcomes = cells.map(({ outcome }) => escape(outcome));
    return `| ${[names[server], security, tls.replace('TLSv', ''), ...outcomes].join(' | ')} |\n`;
  });
  const heads = ['server', 'mode', 'TLS', ...matrixOperations];
  const rule = heads.map(() => '---').join('|');
  return `${EXPLANATION}\n| ${heads.join(' | ')} |\n|${rule}|\n${lines.join('')}`;
}
