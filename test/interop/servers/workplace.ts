import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureForeignServers, type ForeignPaths } from '../../../scripts/foreignServers.mjs';
import { createCertificate } from '../support/certificates.ts';
import { claimPorts } from '../../support/ports.ts';
import type { ForeignServerOptions, TlsVersion } from './foreignServer.ts';

/** All that one server instance has for itself: folders, ports, certificate, environment. */
export interface Workplace {
  readonly folder: string;
  readonly root: string;
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  /** First and last. */
  readonly passivePorts: readonly [number, number];
  readonly paths: ForeignPaths;
  readonly ca: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Key and certificate in one file, for servers that want them so. */
  readonly combinedFile: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the server should write all that it logs. */
  readonly logFile: string;
  /** Writes a file that only root can read, and returns its path. */
  write(name: string, content: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createWorkplace({
  tls,
  host = '127.0.0.1',
}: Pick<ForeignServerOptions, 'tls' | 'host'>): Promise<Workplace> {
  const paths = await ensureForeignServers();
  const folder = await mkdtemp(join(tmpdir(), 'ftps-foreign-'));
  const [{ ca, certificate, key }, ports] = await Promise.all([
    createCertificate(folder, host),
    claimPorts(),
  ]);
  const write = async (name: string, content: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  const root = join(folder, 'root');
  // The servers reach the root as the user who owns it, not as the one who made the folder.
  await chmod(folder, 0o755);
  await mkdir(root);
  await chown(root, paths.account.uid, paths.account.gid);
  const openssl = await write('openssl.cnf', opensslConfiguration(tls));
  return {
    folder,
    root,
    host,
    port: ports.control,
    passivePorts: ports.passive,
    paths,
    ca,
    certificateFile: await write('certificate.pem', certificate),
    keyFile: await write('key.pem', key),
    combinedFile: await write('combined.pem', `${key}\n${certificate}\n`),
    environment: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      LD_LIBRARY_PATH: paths.libraryPath,
      PYTHONPATH: paths.pythonPath,
      OPENSSL_CONF: openssl,
    },
    write,
    logFile: await write('server.log', ''),
    remove: async () => {
      await ports.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The one way to bound TLS versions that all four servers honour. */
function opensslConfiguration(tls: TlsVersion | undefined): string {
  const bounds = tls ? [`MinProtocol = ${tls}`, `MaxProtocol = ${tls}`] : [];
  return [
    'openssl_conf = settings',
    '[settings]',
    'ssl_conf = modules',
    '[modules]',
    'system_default = protocol',
    '[protocol]',
    ...bounds,
    '',
  ].join('\n');
}
