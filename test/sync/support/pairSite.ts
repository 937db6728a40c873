import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FolderSync, type FolderSyncOptions } from '../../../src/sync/folderSync.ts';
import type { PlanOptions } from '../../../src/sync/planStep.ts';
import { Site, type SiteOptions } from '../../remote/support/site.ts';

export const bothWays: PlanOptions = {
  direction: 'both',
  deleteExtra: true,
  onlyNewer: false,
  existingOnly: false,
};

/** What is in a folder: contents by path, `null` for folders. */
export type Contents = Readonly<Record<string, string | null>>;

/** A local folder, our own server with a folder behind it, and the sync between the two. */
export class PairSite implements AsyncDisposable {
  readonly site: Site;
  readonly local: string;
  readonly storage: string;
  readonly #base: string;
  readonly #options: Partial<FolderSyncOptions>;
  /** By the test's own clock: hours pass between two syncs. */
  now = Date.now();

  private constructor(site: Site, base: string, local: string, options: Partial<FolderSyncOptions>) {
    this.site = site;
    this.#base = base;
    this.#options = options;
    this.local = local;
    this.storage = join(base, 'storage');
  }

  /** @param disk a folder in which the local one is made; one of its own when absent */
  static async start(
    site: SiteOptions = {},
    options: Partial<FolderSyncOptions> = {},
    disk?: string,
  ): Promise<PairSite> {
    const base = await mkdtemp(join(tmpdir(), 'ftps-sync-'));
    const local = await mkdtemp(join(disk ?? base, 'local-'));
    return new PairSite(await Site.start(site), base, local, options);
  }

  /** With these files, each with its name as content, on both sides, an hour ago. */
  static async inStep(files: readonly string[]): Promise<PairSite> {
    const at = await PairSite.start();
    for (const file of files) await at.putLocal(file, file);
    await at.run();
    at.now += 3_600_000;
    return at;
  }

  /** A sync as after a restart: what it knows is on the disk. */
  sync(): FolderSync {
    const { host, port } = this.site.server;
    return new FolderSync({
      pair: { host, port, user: 'anna', remoteFolder: '/', localFolder: this.local },
      files: this.site.files,
      ignore: [],
      storage: this.storage,
      now: () => this.now,
      snapshotLimit: 100_000_000,
      compareLimit: 10_000_000,
      ...this.#options,
    });
  }

  /** Compares and does all that is to be done. @returns what was done, and what was not for which reason */
  async run(options: Partial<PlanOptions> = {}): Promise<string[]> {
    await using sync = this.sync();
    const { steps } = await sync.review({ ...bothWays, ...options });
    const doable = steps.filter(({ action }) => action !== 'conflict' && action !== 'leave');
    const { outcomes } = await sync.apply(doable);
    return outcomes.map(({ step, error }) => `${step.action} ${step.path}${error ? `: ${error.kind}` : ''}`);
  }

  async review(options: Partial<PlanOptions> = {}): Promise<string[]> {
    await using sync = this.sync();
    const { steps } = await sync.review({ ...bothWays, ...options });
    return steps.map(({ path, action, reason }) => `${path}: ${action}, ${reason}`);
  }

  putLocal(path: string, content: string): Promise<void> {
    return put(join(this.local, path), content);
  }

  putRemote(path: string, content: string): Promise<void> {
    return put(this.site.local(path), content);
  }

  localContents(): Promise<Contents> {
    return contentsOf(this.local);
  }

  remoteContents(): Promise<Contents> {
    return contentsOf(this.site.root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]();
    await rm(this.#base, { recursive: true, force: true });
  }
}

async function put(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function contentsOf(folder: string): Promise<Contents> {
  const contents: Record<string, string | null> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(folder.length + 1);
    contents[path] = entry.isDirectory() ? null : await readFile(file, 'utf8');
  }
  return contents;
}
