import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../client/clock.ts';
import type { SyncMapping } from '../remote/profile.ts';
import { readIgnoreRules } from '../sync/ignoreRules.ts';
import { jobKey, type SaveJob } from '../sync/saveJob.ts';
import type { SaveOutcome } from '../sync/saveQueue.ts';
import { Storm, type StormAnswer } from '../sync/storm.ts';
import { ifMissing } from '../sync/systemErrors.ts';
import { WatchBatch, type WatchedChange } from '../sync/watchBatch.ts';
import { isWatched } from '../sync/watchRules.ts';
import type { Deletions } from './deletions.ts';
import { jobPlaces } from './jobPlaces.ts';
import type { SyncPairs } from './sync/syncPairs.ts';
import type { StormCounts } from './stormText.ts';
import { uploadTargets } from './uploadTargets.ts';

/** Most changes that are carried over without a question. */
const quietly = 20;

type Outside =
  | { readonly kind: 'send'; readonly job: SaveJob }
  | { readonly kind: 'delete'; readonly localFile: string };

interface Watcher {
  dispose(): void;
}

export interface FileWatchOptions {
  readonly pairs: Pick<SyncPairs, 'all' | 'of' | 'meantInside' | 'tellUndecided' | 'sync'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Tells of all that changes below a folder. */
  readonly watchFolder: (folder: string, tell: (file: string, change: WatchedChange) => void) => Watcher;
  readonly isTrusted: () => boolean;
  readonly deletions: Pick<Deletions, 'carry'>;
  readonly send: (job: SaveJob) => Promise<SaveOutcome>;
  /** Whether the file is as the editor has saved it. */
  readonly isSavedHere: (localFile: string, modifiedAt: number, size: number) => boolean;
  /** Asks once for all of them. */
  readonly ask: (counts: StormCounts) => Promise<StormAnswer>;
  readonly review: () => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Watches the folders whose mapping wants it for files that something else than the editor changes: a build, git. */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #batch: WatchBatch;
  readonly #storm: Storm<Outside>;
  readonly #watchers = new Map<string, Watcher>();

  constructor(options: FileWatchOptions) {
    this.#options = options;
    const { clock, ask, review, onProblem } = options;
    this.#batch = new WatchBatch({
      clock,
      onSettled: (changes) => void this.#settle(changes).catch(onProblem),
    });
    this.#storm = new Storm({
      limit: quietly,
      ask: (changes) => ask(countsOf(changes)),
      carry: (changes) => this.#carry(changes),
      review,
    });
    this.refresh();
  }

  /** To be called when the mappings may have changed. */
  refresh(): void {
    const watched = this.#options.isTrusted()
      ? this.#options.pairs.all().filter(({ mapping }) => mapping.watch)
      : [];
    const folders = new Set(watched.map(({ localFolder }) => localFolder));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.dispose();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      const tell = (file: string, change: WatchedChange): void => this.#batch.add(file, change);
      this.#watchers.set(folder, this.#options.watchFolder(folder, tell));
    }
  }

  dispose(): void {
    this.#batch.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  async #settle(changes: ReadonlyMap<string, WatchedChange>): Promise<void> {
    const outside = new Map<string, Outside>();
    const problems: unknown[] = [];
    for (const localFile of changes.keys()) {
      // What cannot be read keeps nothing else from the server.
      await this.#addChange(localFile, outside).catch((error: unknown) => problems.push(error));
    }
    // One is told: what keeps one of them from being read may well keep thousands.
    if (problems.length > 0) this.#options.onProblem(problems[0]);
    await this.#storm.add(outside);
  }

  async #addChange(localFile: string, outside: Map<string, Outside>): Promise<void> {
    const stats = await lstat(localFile).catch(ifMissing(undefined));
    if (!stats) this.#addDeletion(localFile, outside);
    // Some systems tell of a folder that was moved here, and not of what is in it.
    else if (stats.isDirectory()) await this.#addFolder(localFile, outside);
    else await this.#addFile(localFile, outside);
  }

  #addDeletion(localFile: string, outside: Map<string, Outside>): void {
    const { places } = this.#options.pairs.meantInside(localFile);
    if (places.some(({ pair: { mapping }, path }) => mapping.deleteOnServer && isWatched(mapping, path))) {
      outside.set(localFile, { kind: 'delete', localFile });
    }
  }

  async #addFolder(folder: string, outside: Map<string, Outside>): Promise<void> {
    const inside = this.#filesIn(folder, ({ watch }) => watch);
    for await (const file of inside) await this.#addFile(file, outside);
  }

  async #addFile(localFile: string, outside: Map<string, Outside>): Promise<void> {
    const { pairs, isSavedHere } = this.#options;
    const stats = await lstat(localFile).catch(ifMissing(undefined));
    if (!stats || isSavedHere(localFile, stats.mtimeMs, stats.size)) return;
    for (const job of await uploadTargets(pairs, localFile, isWatched)) {
      if (!(await this.#isInStep(job))) outside.set(jobKey(job), { kind: 'send', job });
    }
  }

  /** What there is to send of a file, or of a folder and all below it, whether its mapping is watched or not. */
  async jobsIn(file: string): Promise<readonly SaveJob[]> {
    const { pairs } = this.#options;
    const every = (): boolean => true;
    const stats = await lstat(file).catch(ifMissing(undefined));
    if (!stats?.isDirectory()) return uploadTargets(pairs, file, every);
    const jobs = new Map<string, SaveJob>();
    for await (const inner of this.#filesIn(file, every))
      for (const job of await uploadTargets(pairs, inner, every)) jobs.set(jobKey(job), job);
    return [...jobs.values()];
  }

  async *#filesIn(folder: string, wants: (mapping: SyncMapping) => boolean): AsyncGenerator<string> {
    for (const { pair, path } of this.#options.pairs.of(folder)) {
      if (!wants(pair.mapping)) continue;
      const rules = await readIgnoreRules(pair.localFolder, pair.mapping.ignore, pair.apart);
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
    const sent = changes.flatMap((change) => (change.kind === 'send' ? [send(change.job)] : []));
    // Of many, which the question has named, deletions are not carried over without a look at each.
    if (changes.length > quietly) return;
    // What was renamed goes by its old name when the server has it by the new one, or else with the next sync.
    if ((await Promise.all(sent)).some(({ kind }) => kind === 'failed')) return;
    await deletions.carry(changes.flatMap((change) => (change.kind === 'delete' ? [change.localFile] : [])));
  }
}

function countsOf(changes: readonly Outside[]): StormCounts {
  const jobs = changes.flatMap((change) => (change.kind === 'send' ? [change.job] : []));
  return { changed: jobs.length, places: jobPlaces(jobs), deleted: changes.length - jobs.length };
}

/** @param ignores told the path of a folder, relative to the mapped one */
async function* filesBelow(
  root: string,
  path: string,
  ignores: (path: string) => boolean,
): AsyncGenerator<string> {
  if (ignores(path)) return;
  // Builds make folders that are gone a moment later.
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(ifMissing([]));
  for (const entry of entries) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, inner, ignores);
    else yield join(root, inner);
  }
}
