import { chmod, chown, lchown, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectOptions } from '../../../src/client/connectOptions.ts';
import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import type { RemoteClient } from '../../../src/remote/remoteClient.ts';
import { RemoteFileSystem } from '../../../src/remote/remoteFileSystem.ts';
import { SessionPool } from '../../../src/remote/sessionPool.ts';

/** A running server as the contract sees it: how to log in, and the folder behind it. */
export interface Subject extends AsyncDisposable {
  readonly connect: Omit<ConnectOptions, 'log'>;
  /** The only version that the server speaks. */
  readonly tls: 'TLSv1.2' | 'TLSv1.3';
  /** Local folder that the server shows as `/`. */
  readonly root: string;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Whether data connections can resume the control connection's session: Pure-FTPd issues no TLS 1.3 tickets. */
  readonly issuesTickets: boolean;
  /** Whether a listing tells a link from what it leads to: pyftpdlib's MLSD does not. */
  readonly listsLinks: boolean;
  /** Whether the server refuses every command on a link that leads out of its root, as pyftpdlib does. */
  readonly refusesLinksOutside: boolean;
  /** Whether a file may be written through a link to it: Pure-FTPd refuses that. */
  readonly storesThroughLinks: boolean;
  /** Names that the server lets no new folder have. */
  readonly refusedFolderNames?: RegExp;
  log(): string;
}

interface Seed {
  readonly mode?: number;
  readonly modifiedAt?: Date;
}

/** One test's place on a server: a folder of its own there, and the means to look at it from behind. */
export class Bench {
  readonly subject: Subject;
  /** The remote path of this test's folder. */
  readonly folder: string;
  readonly files: RemoteFileSystem;
  /** Every session opened so far. */
  readonly clients: FtpsClient[] = [];
  readonly #trace: string[] = [];
  readonly #logStart: number;

  private constructor(subject: Subject, folder: string) {
    this.subject = subject;
    this.folder = folder;
    this.#logStart = subject.log().length;
    this.files = new RemoteFileSystem(new SessionPool<RemoteClient>((signal) => this.connect(signal)));
  }

  static async create(subject: Subject, name: string): Promise<Bench> {
    const bench = new Bench(subject, `/${name}`);
    await bench.seedFolder('');
    return bench;
  }

  /** Logs in with one session more. */
  async connect(signal?: AbortSignal): Promise<FtpsClient> {
    const note = (line: string): void => {
      this.#trace.push(line);
    };
    const log = { trace: note, debug: note, warn: note };
    const client = await FtpsClient.connect({ ...this.subject.connect, log }, signal);
    this.clients.push(client);
    return client;
  }

  /** The remote path of something in the test's folder. */
  at(name: string): string {
    return name === '' ? this.folder : `${this.folder}/${name}`;
  }

  /** Where that is on this machine. */
  local(name: string): string {
    return join(this.subject.root, this.folder, name);
  }

  /** Puts a file there behind the server's back, as the user whom the server serves. */
  async seedFile(
    name: string,
    content: string | Uint8Array,
    { mode = 0o644, modifiedAt }: Seed = {},
  ): Promise<void> {
    const path = this.local(name);
    await writeFile(path, content);
    await chmod(path, mode);
    await chown(path, this.subject.owner.uid, this.subject.owner.gid);
    if (modifiedAt) await utimes(path, modifiedAt, modifiedAt);
  }

  async seedFolder(name: string): Promise<void> {
    await mkdir(this.local(name));
    await chown(this.local(name), this.subject.owner.uid, this.subject.owner.gid);
  }

  async seedLink(name: string, target: string): Promise<void> {
    await symlink(target, this.local(name));
    await lchown(this.local(name), this.subject.owner.uid, this.subject.owner.gid);
  }

  /** What the server has stored. */
  read(name: string): Promise<Buffer> {
    return readFile(this.local(name));
  }

  async text(name: string): Promise<string> {
    return (await this.read(name)).toString();
  }

  /** The names in a folder of the server, sorted. */
  async names(name = ''): Promise<string[]> {
    return (await readdir(this.local(name))).sort();
  }

  /** How many data connections of all sessions came to be secured, by how their TLS began. */
  dataConnections(): { readonly resumed: number; readonly unresumed: number } {
    const reports = this.clients.map((client) => client.report());
    const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
    return {
      resumed: sum(reports.map((report) => report.resumed)),
      unresumed: sum(reports.map((report) => report.unresumed)),
    };
  }

  /** How often this test's sessions have said a command. */
  said(verb: string): number {
    return this.#trace.filter((line) => line.includes(`> ${verb} `)).length;
  }

  /** The dialogue of this test as the client saw it and as the server logged it. */
  account(): string {
    return [...this.#trace, '--- the server:', this.subject.log().slice(this.#logStart)].join('\n');
  }

  async close(): Promise<void> {
    await this.files.close();
    await Promise.all(this.clients.map((client) => client.quit()));
  }
}

/** Bytes in which a shift, a cut or a text conversion shows. */
export function sampleBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + (index >> 8)) & 0xff;
  return bytes;
}
