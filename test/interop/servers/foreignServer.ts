import { pyftpdlib } from './pyftpdlib.ts';
import { proftpd } from './proftpd.ts';
import { pureFtpd } from './pureFtpd.ts';
import { RunningServer } from './runningServer.ts';
import { vsftpd } from './vsftpd.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

export type ServerName = 'vsftpd' | 'proftpd' | 'pure-ftpd' | 'pyftpdlib';
export type ServerSecurity = 'explicit' | 'implicit' | 'none';
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

export interface ForeignServerOptions {
  readonly security: ServerSecurity;
  /** The only version that the server speaks. Both when absent. */
  readonly tls?: TlsVersion;
  /** Data connections that do not resume the control connection's session are refused. Not when absent. */
  readonly requireSessionReuse?: boolean;
  /** ProFTPD demands TLS of logins and data alone, so that CCC may take it off the control connection. Not when absent. */
  readonly clearControl?: boolean;
  /** Address that vsftpd and ProFTPD listen on; 127.0.0.1 when absent. */
  readonly host?: string;
}

/** A real server, on the loopback interface unless asked otherwise, with a folder, ports and a certificate of its own. */
export interface ForeignServer extends AsyncDisposable {
  readonly name: ServerName;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Local folder that the server shows to the user, who owns it. */
  readonly root: string;
  /** The same folder as the server names it. */
  readonly remoteRoot: '/';
  /** PEM of the authority that issued the server's certificate. */
  readonly ca: string;
  /** The account that owns what the server stores: files that a test puts into the root should be its own. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** What the server has logged so far: every command with vsftpd, ProFTPD and pyftpdlib, transfers with Pure-FTPd. */
  log(): string;
  /** Kills the server with all its sessions and removes its folder. */
  stop(): Promise<void>;
}

/** What to run: what remains of a server's peculiarities once its configuration is written. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

type Prepare = (workplace: Workplace, options: ForeignServerOptions) => Promise<ServerCommand>;

const servers: Readonly<Record<ServerName, Prepare>> = {
  vsftpd,
  proftpd,
  'pure-ftpd': pureFtpd,
  pyftpdlib,
};

export const serverNames: readonly ServerName[] = ['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'];

/** Whether the server can be had this way at all. All four speak TLS 1.2 and 1.3. */
export function offers(name: ServerName, security: ServerSecurity, requireSessionReuse = false): boolean {
  if (name === 'pure-ftpd' && security === 'implicit') return false;
  return !requireSessionReuse || (security !== 'none' && (name === 'vsftpd' || name === 'proftpd'));
}

/** @throws Error with the server's own words when it does not come up */
export async function startServer(name: ServerName, options: ForeignServerOptions): Promise<ForeignServer> {
  if (!offers(name, options.security, options.requireSessionReuse)) {
    throw new Error(`${name} cannot be had with ${JSON.stringify(options)}`);
  }
  const workplace = await createWorkplace(options);
  try {
    const command = await servers[name](workplace, options);
    return await RunningServer.start(name, options.security, workplace, command);
  } catch (error) {
    await workplace.remove();
    throw error;
  }
}
