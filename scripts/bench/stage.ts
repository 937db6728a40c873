import { chownSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'rolldown';
import { BenchServer } from './benchServer.ts';
import { DelayedNetwork, LoopbackNetwork, type Network, type Trace } from './network.ts';
import type { BenchServerOptions, ServerPlace } from './serverHost.ts';
import { Subject } from './subject.ts';

export type Server = 'proftpd' | 'vsftpd';
export const servers: readonly Server[] = ['proftpd', 'vsftpd'];

const libraries = ['ours', 'basicFtp', 'rawTls', 'bareFtps'] as const;
export type Library = (typeof libraries)[number];

export interface StageOptions {
  /** Of each measure; the median counts. */
  readonly runs: number;
  /** Small sizes, to try the benchmark itself. */
  readonly quick: boolean;
  readonly log: (line: string) => void;
}

/** ProFTPD's master sleeps for up to 0.4 s when a session has ended, and lets the next one wait. In milliseconds. */
const afterSession = 500;
/** Of the files on the servers, in seconds since the epoch. */
const longAgo = Date.UTC(2020, 0, 1) / 1000;

/** Where workloads run: a network, the servers in it, and a folder for what is downloaded. All is removed at the end. */
export class Stage implements AsyncDisposable {
  readonly network: Network;
  readonly folder: string;
  readonly runs: number;
  readonly quick: boolean;
  readonly log: (line: string) => void;
  readonly #servers = new Map<string, Promise<BenchServer>>();

  private constructor(network: Network, folder: string, { runs, quick, log }: StageOptions) {
    this.network = network;
    this.folder = folder;
    this.runs = runs;
    this.quick = quick;
    this.log = log;
  }

  static async create(options: StageOptions): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'ftps-bench-'));
    try {
      await Promise.all(libraries.map((library) => bundle(library, folder)));
      const network = await DelayedNetwork.create().catch(() => new LoopbackNetwork());
      return new Stage(network, folder, options);
    } catch (error) {
      await rm(folder, { recursive: true });
      throw error;
    }
  }

  /** Session reuse is demanded; `lenient` is for clients that cannot. */
  async place(name: Server, manner: 'strict' | 'lenient' = 'strict'): Promise<ServerPlace> {
    const options: Omit<BenchServerOptions, 'host'> = {
      name,
      security: 'explicit',
      requireSessionReuse: manner === 'strict',
    };
    const key = `${name} ${manner}`;
    const server = this.#servers.get(key) ?? BenchServer.start(this.network, options);
    this.#servers.set(key, server);
    return (await server).place;
  }

  /** Starts a process that uses a library. @param role on whose processors it runs */
  subject(
    library: Library,
    side: 'client' | 'server',
    place: ServerPlace,
    role: 'client' | 'server' = 'client',
  ): Subject {
    return new Subject(this.network, side, programOf(library, this.folder), place, role);
  }

  /** The packets of what happens meanwhile. */
  async traced<T>(act: () => Promise<T>): Promise<{ readonly trace: Trace; readonly result: T }> {
    await this.network.startTrace();
    const result = await act();
    return { result, trace: await this.network.endTrace() };
  }

  /** Lets a server come to rest. */
  rest(milliseconds = afterSession): Promise<void> {
    return setTimeout(milliseconds);
  }

  /** A new folder that the server shows, owned by the user who logs in. */
  async serverFolder({ root, owner }: ServerPlace, path: string): Promise<string> {
    const folder = join(root, path);
    await mkdir(folder, { recursive: true });
    await chown(folder, owner.uid, owner.gid);
    return folder;
  }

  /** Files named by their numbers, in a folder of that name; made when it is not there yet. */
  async serverFiles(place: ServerPlace, path: string, count: number, bytes: number): Promise<void> {
    if (existsSync(join(place.root, path))) return;
    const folder = await this.serverFolder(place, path);
    for (let index = 0; index < count; index++) {
      const file = join(folder, String(index));
      writeFileSync(file, Buffer.alloc(bytes, file));
      chownSync(file, place.owner.uid, place.owner.gid);
      // As old as files usually are: what has just changed may change again within the same second.
      utimesSync(file, longAgo, longAgo);
    }
  }

  /** A new empty folder on the client's side. */
  localFolder(): Promise<string> {
    return mkdtemp(join(this.folder, 'local-'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const started = await Promise.allSettled(this.#servers.values());
    for (const server of started)
      if (server.status === 'fulfilled') await server.value[Symbol.asyncDispose]();
    await this.network[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Bundles a library's deeds as the product is bundled, so that the sources may change while the benchmark runs. */
async function bundle(library: Library, folder: string): Promise<void> {
  await build({
    input: join(import.meta.dirname, 'subjects', `${library}.ts`),
    platform: 'node',
    transform: { target: 'node20' },
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'warn',
    output: { file: programOf(library, folder), format: 'esm', codeSplitting: false },
  });
}

function programOf(library: Library, folder: string): string {
  return join(folder, `${library}.mjs`);
}
