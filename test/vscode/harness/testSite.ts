import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSelfSigned, type KeyAndCertificate } from '../../../src/server/certificate.ts';
import { FtpsServer } from '../../../src/server/ftpsServer.ts';

/** A server with files of its own outside VS Code. It can go away and come back on its port. */
export class TestSite implements AsyncDisposable {
  readonly user = 'erika';
  readonly password = 'Zaubersprüche! 4711';
  /** The folder that it serves. */
  readonly root: string;
  readonly #log: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #certificate: KeyAndCertificate;
  #server: FtpsServer | undefined;
  #port = 0;

  private constructor(root: string, certificate: KeyAndCertificate) {
    this.root = root;
    this.#certificate = certificate;
  }

  static async start(): Promise<TestSite> {
    const site = new TestSite(mkdtempSync(join(tmpdir(), 'ftps-site-')), await selfSigned());
    await site.resume();
    return site;
  }

  /** SHA-256 of the certificate, as people compare it. */
  get fingerprint(): string {
    return new X509Certificate(this.#certificate.cert).fingerprint256;
  }

  /** What the server logged so far. */
  get log(): string {
    return this.#log.join('\n');
  }

  /** The profile of this server as settings hold it. */
  profile(further: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return { host: '127.0.0.1', port: this.#port, user: this.user, remotePath: '/', ...further };
  }

  /**
   * The file by which the profile `demo` gets its password and its trust without a question.
   * @param way to this server, where it is not reached directly
   */
  writeDemoFile({ port }: { readonly port: number } = { port: this.#port }): string {
    const { user, password, fingerprint } = this;
    const file = `${this.root}.demo.json`;
    const server = { host: '127.0.0.1', port, security: 'explicit' };
    writeFileSync(file, JSON.stringify({ profile: 'demo', ...server, user, password, fingerprint }), {
      mode: 0o600,
    });
    return file;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  write(path: string, content: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  /** Refuses connections until {@link resume}. */
  async pause(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async resume(): Promise<void> {
    this.#server = await FtpsServer.listen({
      root: this.root,
      users: { [this.user]: this.password },
      security: 'explicit',
      port: this.#port,
      certificate: this.#certificate,
      log: (line) => this.#heard(line),
    });
    this.#port = this.#server.port;
  }

  /** Tells what the server logs, line by line, before it answers. The answer ends it. */
  onLog(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many clients it serves now. */
  get sessions(): number {
    return this.#server?.sessions.length ?? 0;
  }

  /** Comes back with another certificate on the same host and port; self-signed unless given. */
  async replaceCertificate(certificate?: KeyAndCertificate): Promise<void> {
    await this.pause();
    this.#certificate = certificate ?? (await selfSigned());
    await this.resume();
  }

  #heard(line: string): void {
    this.#log.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pause();
    rmSync(this.root, { recursive: true, force: true });
    rmSync(`${this.root}.demo.json`, { force: true });
  }
}

function selfSigned(): Promise<KeyAndCertificate> {
  return createSelfSigned({ names: ['localhost', '127.0.0.1'] });
}
