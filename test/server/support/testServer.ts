import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, createLeaf, type KeyAndCertificate } from '../../../src/server/certificate.ts';
import { FtpsServer } from '../../../src/server/ftpsServer.ts';
import type { ServerOptions } from '../../../src/server/serverOptions.ts';
import { WireClient, type WireOptions } from './wireClient.ts';

export interface TestCertificates {
  readonly authority: KeyAndCertificate;
  readonly leaf: KeyAndCertificate;
}

export async function createCertificates(): Promise<TestCertificates> {
  const authority = await createAuthority();
  return { authority, leaf: await createLeaf(authority, { names: ['localhost', '127.0.0.1', '::1'] }) };
}

/** A server of its own folder with the user anna, password secret, and the connections that tests make to it. */
export class TestServer implements AsyncDisposable {
  readonly server: FtpsServer;
  readonly root: string;
  readonly #implicit: boolean;
  readonly #base: string;
  readonly #authority: KeyAndCertificate;

  private constructor(server: FtpsServer, base: string, authority: KeyAndCertificate, implicit: boolean) {
    this.server = server;
    this.#base = base;
    this.root = join(base, 'root');
    this.#authority = authority;
    this.#implicit = implicit;
  }

  static async start(
    certificates: TestCertificates,
    options: Partial<ServerOptions> = {},
    prepare: (root: string, base: string) => Promise<void> = async () => {},
  ): Promise<TestServer> {
    const base = await mkdtemp(join(tmpdir(), 'ftps-server-'));
    const root = join(base, 'root');
    await mkdir(root);
    await prepare(root, base);
    const server = await FtpsServer.listen({
      root,
      users: { anna: 'secret' },
      security: 'explicit',
      certificate: certificates.leaf,
      ...options,
    });
    return new TestServer(server, base, certificates.authority, options.security === 'implicit');
  }

  /** A TCP connection on which nothing has been said. */
  connect(tlsOptions: WireOptions = {}): Promise<WireClient> {
    const { host, port } = this.server;
    return WireClient.connect(host, port, { ca: this.#authority.cert, host, ...tlsOptions });
  }

  /** A control connection under TLS, the greeting read. */
  async secured(tlsOptions: WireOptions = {}): Promise<WireClient> {
    const client = await this.connect(tlsOptions);
    if (this.#implicit) {
      await client.startTls();
      await client.reply();
      return client;
    }
    await client.reply();
    await client.command('AUTH TLS');
    await client.startTls();
    return client;
  }

  /** Logged in, with protected data connections and TYPE I. */
  async loggedIn(tlsOptions: WireOptions = {}): Promise<WireClient> {
    const client = await this.secured(tlsOptions);
    if (!this.#implicit) {
      await client.command('PBSZ 0');
      await client.command('PROT P');
    }
    await client.command('USER anna');
    await client.command('PASS secret');
    await client.command('TYPE I');
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await rm(this.#base, { recursive: true, force: true });
  }
}
