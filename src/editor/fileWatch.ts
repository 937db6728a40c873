import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disposable, RelativePattern, Uri, workspace } from 'vscode';
import type { Clock } from '../client/clock.ts';
import type { SyncMapping } from '../remote/profile.ts';
import { readIgnoreRules } from '../sync/ignoreRules.ts';
import { ifMissing } from '../sync/journal.ts';
import { jobKey, type SaveJob } from '../sync/saveJob.ts';
import { Storm, type StormAnswer } from '../sync/storm.ts';
import { WatchBatch, type WatchedChange } from '../sync/watchBatch.ts';
import type { Deletions } from './deletions.ts';
import type { SyncPairs } from './sync/syncPairs.ts';
import { uploadTargets } from './uploadTargets.ts';

/** Most changes that are carried over without a question. */
const quietly = 20;

type Outside =
  | { readonly kind: 'send'; readonly job: SaveJob }
  | { readonly kind: 'delete'; readonly localFile: string };

export interface FileWatchOptions {
  readonly pairs: SyncPairs;
  readonly clock: Clock;
  readonly deletions: Deletions;
  readonly send: (job: SaveJob) => void;
  /** Whether the file is as the editor has saved it. */
  readonly isSavedHere: (localFile: string, modifiedAt: number, size: number) => boolean;
  /** Asks once for all of them. */
  readonly ask: (count: number) => Promise<StormAnswer>;
  readonly review: () => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Watches the folders whose mapping wants it for files that something else than the editor changes: a build, git. */
export class FileWatch implements Disposable {
  readonly #options: FileWatchOptions;
  readonly #batch: WatchBatch;
  readonly #storm: Storm<Outside>;
  #watchers = new Map<string, Disposable>();

  constructor(options: FileWatchOptions) {
    this.#options = options;
    const { clock, ask, review, onProblem } = options;
    this.#batch = new WatchBatch({
      clock,
      onSettled: (changes) => void this.#settle(changes).catch(onProblem),
    });
    this.#storm = new Storm({
      limit: quietly,
      ask: (changes) => ask(changes.length),
      carry: (changes) => this.#carry(changes),
      review,
    });
    this.refresh();
  }

  /** To be called when the mappings may have changed. */
  refresh(): void {
    const watched = workspace.isTrusted
      ? this.#options.pairs.all().filter(({ mapping }) => mapping.watch)
      : [];
    const folders = new Set(watched.map(({ localFolder }) => localFolder));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.dispose();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (!this.#watchers.has(folder)) this.#watchers.set(folder, this.#watch(folder));
    }
  }

  dispose(): void {
    this.#batch.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  #watch(folder: string): Disposable {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '**/*'));
    const add =
      (change: WatchedChange) =>
      ({ fsPath }: Uri): void =>
        this.#batch.add(fsPath, change);
    watcher.onDidCreate(add('changed'));
    watcher.onDidChange(add('changed'));
    watcher.onDidDelete(add('deleted'));
    return watcher;
  }

  async #settle(changes: ReadonlyMap<string, WatchedChange>): Promise<void> {
    const outside = new Map<string, Outside>();
    for (const localFile of changes.keys()) {
      const stats = await lstat(localFile).catch(ifMissing(undefined));
      if (!stats) this.#addDeletion(localFile, outside);
      // Some systems tell of a folder that was moved here, and not of what is in it.
      else if (stats.isDirectory()) await this.#addFolder(localFile, outside);
      else await this.#addFile(localFile, outside);
    }
    await this.#storm.add(outside);
  }

  #addDeletion(localFile: string, outside: Map<string, Outside>): void {
    const pairs = this.#options.pairs.of(localFile).filter(({ pair }) => pair.mapping.watch);
    if (pairs.some(({ pair }) => pair.mapping.deleteOnServer)) {
      outside.set(localFile, { kind: 'delete', localFile });
    }
  }

  async #addFolder(folder: string, outside: Map<string, Outside>): Promise<void> {
    for await (const file of this.#filesIn(folder, isWatched)) await this.#addFile(file, outside);
  }

  async #addFile(localFile: string, outside: Map<string, Outside>): Promise<void> {
    const { pairs, isSavedHere } = this.#options;
    const stats = await lstat(localFile).catch(ifMissing(undefined));
    if (!stats || isSavedHere(localFile, stats.mtimeMs, stats.size)) return;
    for (const job of await uploadTargets(pairs, localFile, isWatched)) {
      if (!(await this.#isInStep(job))) outside.set(jobKey(job), { kind: 'send', job });
    }
  }

  /** What there is to send of a file, or of a folder and all below it. */
  async jobsIn(file: string, wants: (mapping: SyncMapping) => boolean): Promise<readonly SaveJob[]> {
    const { pairs } = this.#options;
    const stats = await lstat(file).catch(ifMissing(undefined));
    if (!stats?.isDirectory()) return uploadTargets(pairs, file, wants);
    const jobs: SaveJob[] = [];
    for await (const inner of this.#filesIn(file, wants))
      jobs.push(...(await uploadTargets(pairs, inner, wants)));
    return jobs;
  }

  async *#filesIn(folder: string, wants: (mapping: SyncMapping) => boolean): AsyncGenerator<string> {
    for (const { pair, path } of this.#options.pairs.of(folder)) {
      if (!wants(pair.mapping)) continue;
      const rules = await readIgnoreRules(pair.localFolder, pair.mapping.ignore);
      yield* filesBelow(pair.localFolder, path, (name) => rules.ignores(name, true));
    }
  }

  /** What a sync or the editor has carried over is no news. */
  async #isInStep({ connection, localFile }: SaveJob): Promise<boolean> {
    const { pairs } = this.#options;
    const at = pairs.of(localFile).find(({ pair }) => pair.profile.name === connection);
    return at !== undefined && pairs.sync(at.pair).isInStep(at.path);
  }

  async #carry(changes: readonly Outside[]): Promise<void> {
    const { send, deletions } = this.#options;
    for (const change of changes) {
      if (change.kind === 'send') send(change.job);
      // Many deletions are never carried over without a look at each.
      else if (changes.length <= quietly) await deletions.carry(change.localFile);
    }
  }
}

function isWatched({ watch }: SyncMapping): boolean {
  return watch;
}

/** @param ignores told the path of a folder, relative to the mapped one */
async function* filesBelow(
  root: string,
  path: string,
  ignores: (path: string) => boolean,
): AsyncGenerator<string> {
  if (ignores(path)) return;
  for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, inner, ignores);
    else yield join(root, inner);
  }
}
