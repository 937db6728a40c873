import { X509Certificate } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from './clock.ts';
import type { FaultChoice } from './faults/faultCatalogue.ts';
import { errorCode } from './folderError.ts';
import { FtpsServer } from './ftpsServer.ts';
import { writeSampleSite } from './sampleSite.ts';
import { openState, type SandboxState, saveState } from './sandboxState.ts';
import type { ServerOptions } from './serverOptions.ts';

export interface SandboxOptions {
  /** Keeps the state and the sample site. */
  readonly folder: string;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** Ports to take instead of those kept; 0 for any. */
  readonly ports?: { readonly explicit?: number; readonly implicit?: number };
  /** What the servers shall do wrong. */
  readonly faults?: readonly FaultChoice[];
  readonly log?: (line: string) => void;
}

/** A sandbox that runs. */
export interface Sandbox {
  readonly host: string;
  /** Of explicit FTPS. */
  readonly port: number;
  readonly implicitPort: number;
  readonly user: string;
  readonly password: string;
  /** PEM of the throw-away authority, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** SHA-256 of the server's certificate, AA:BB:… */
  readonly fingerprint: string;
  /** The served folder. */
  readonly root: string;
  close(): Promise<void>;
}

const USER = 'sandbox';

/** Starts a server for trying things out, explicit and implicit, with everything as it was at the last start. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { folder, host = '127.0.0.1', faults = [], log = () => {} } = options;
  const kept = await openState(folder, [host], systemClock.now());
  const root = join(folder, 'site');
  if (!(await exists(root))) await writeSampleSite(root);
  const common = { root, host, users: { [USER]: kept.password }, certificate: kept.leaf, faults, log };
  const explicit = await listen({ ...common, security: 'explicit' }, options.ports?.explicit ?? kept.port);
  let implicit: FtpsServer;
  try {
    implicit = await listen(
      { ...common, security: 'implicit' },
      options.ports?.implicit ?? kept.implicitPort,
    );
  } catch (error) {
    await explicit.close();
    throw error;
  }
  const state: SandboxState = { ...kept, port: explicit.port, implicitPort: implicit.port };
  const caFile = join(folder, 'ca.pem');
  await saveState(folder, state);
  await writeFile(caFile, state.authority.cert);
  return {
    host: explicit.host,
    port: explicit.port,
    implicitPort: implicit.port,
    user: USER,
    password: state.password,
    ca: state.authority.cert,
    caFile,
    fingerprint: new X509Certificate(state.leaf.cert).fingerprint256,
    root,
    close: async () => {
      await Promise.all([explicit.close(), implicit.close()]);
    },
  };
}

/** Keeps its port; moves only when something else has taken it. */
async function listen(options: ServerOptions, port: number): Promise<FtpsServer> {
  try {
    return await FtpsServer.listen({ ...options, port });
  } catch (error) {
    if (port === 0 || errorCode(error) !== 'EADDRINUSE') throw error;
    options.log?.(`Port ${port} is taken; another is used.`);
    return FtpsServer.listen({ ...options, port: 0 });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
