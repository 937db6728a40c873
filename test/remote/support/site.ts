import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import type { RemoteClient } from '../../../src/remote/remoteClient.ts';
import { RemoteFileSystem, type RemoteFileSystemOptions } from '../../../src/remote/remoteFileSystem.ts';
import { SessionPool } from '../../../src/remote/sessionPool.ts';
import { createAuthority, createLeaf, type KeyAndCertificate } from '../../../src/server/certificate.ts';
import { FtpsServer } from '../../../src/server/ftpsServer.ts';
import type { ServerOptions } from '../../../src/server/serverOptions.ts';
import { steppedMove } from './steppedMove.ts';

export interface SiteOptions extends RemoteFileSystemOptions {
  readonly server?: Partial<ServerOptions>;
  readonly sessions?: number;
  /** Another way to the server, such as through a proxy that cuts. */
  readonly through?: (server: FtpsServer) => { readonly host: string; readonly port: number };
  /** Makes the server appear to behave otherwise, call by call. */
  readonly oddity?: (client: RemoteClient) => Partial<RemoteClient>;
}

let certificates: Promise<{ authority: KeyAndCertificate; leaf: KeyAndCertificate }> | undefined;

async function createCertificates() {
  const authority = await createAuthority();
  return { authority, leaf: await createLeaf(authority, { names: ['localhost'] }) };
}

/** Our own server with a folder of its own, and the remote file system that looks at it. */
export class Site implements AsyncDisposable {
  readonly root: string;
  readonly server: FtpsServer;
  readonly pool: SessionPool<RemoteClient>;
  readonly files: RemoteFileSystem;
  readonly clients: FtpsClient[] = [];
  readonly #dialogue: string[] = [];
  readonly #base: string;

  private constructor(base: string, server: FtpsServer, ca: string, options: SiteOptions) {
    this.#base = base;
    this.root = join(base, 'site');
    this.server = server;
    const { host, port } = options.through?.(server) ?? server;
    const trace = (line: string): void => {
      this.#dialogue.push(line);
    };
    this.pool = new SessionPool<RemoteClient>(
      async (signal) => {
        const log = { trace, debug: () => {}, warn: () => {} };
        const tls = { ca: [ca], servername: 'localhost' };
        const login = { host, port, security: 'explicit' as const, user: 'anna', password: 'secret' };
        const clock = options.clock ? { clock: options.clock } : {};
        const client = await FtpsClient.connect({ ...login, tls, log, ...clock }, signal);
        this.clients.push(client);
        return options.oddity ? withOddity(client, options.oddity(client)) : client;
      },
      { limit: options.sessions ?? 4, ...(options.clock ? { clock: options.clock } : {}) },
    );
    this.files = new RemoteFileSystem(this.pool, options);
  }

  static async start(options: SiteOptions = {}): Promise<Site> {
    certificates ??= createCertificates();
    const { authority, leaf } = await certificates;
    const base = await mkdtemp(join(tmpdir(), 'ftps-remote-'));
    await mkdir(join(base, 'site'));
    const server = await FtpsServer.listen({
      root: join(base, 'site'),
      users: { anna: 'secret' },
      security: 'explicit',
      certificate: leaf,
      ...options.server,
    });
    return new Site(base, server, authority.cert, options);
  }

  /** Where something of the site is on this machine. */
  local(name: string): string {
    return join(this.root, name);
  }

  /** A path on this machine outside of the site. */
  outside(name: string): string {
    return join(this.#base, name);
  }

  async seed(name: string, content: string | Uint8Array = name, mode = 0o644): Promise<void> {
    await mkdir(dirname(this.local(name)), { recursive: true });
    await writeFile(this.local(name), content);
    await chmod(this.local(name), mode);
  }

  async seedLink(name: string, target: string): Promise<void> {
    await mkdir(dirname(this.local(name)), { recursive: true });
    await symlink(target, this.local(name));
  }

  text(name: string): Promise<string> {
    return readFile(this.local(name), 'utf8');
  }

  /** What is in a folder of the site, sorted. */
  async names(folder = ''): Promise<string[]> {
    return (await readdir(this.local(folder))).sort();
  }

  /** The commands said since the last call. */
  said(): string[] {
    return this.flights().flat();
  }

  /** The commands said since the last call, those together that left without waiting for a reply between them. */
  flights(): string[][] {
    const flights: string[][] = [[]];
    for (const line of this.#dialogue.splice(0)) {
      if (line.startsWith('> ')) flights.at(-1)?.push(line.slice(2));
      else if (flights.at(-1)?.length !== 0) flights.push([]);
    }
    return flights.filter((flight) => flight.length > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.files.close();
    await this.server.close();
    await rm(this.#base, { recursive: true, force: true });
  }
}

function withOddity(client: FtpsClient, oddity: Partial<RemoteClient>): RemoteClient {
  const stepped = { moveVerified: steppedMove(() => whole) };
  const odd = new Map<string | symbol, unknown>(Object.entries({ ...stepped, ...oddity }));
  const whole: RemoteClient = new Proxy(client, {
    get: (target, key): unknown => {
      if (odd.has(key)) return odd.get(key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return whole;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What a save needs to be allowed to do everything. */
export const anyway = { create: true, overwrite: true };
