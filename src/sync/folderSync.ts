import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RemoteError } from '../remote/errors.ts';
import { BaselineStore } from './baselineStore.ts';
import { applySteps, type StepOutcome } from './applySteps.ts';
import { deletedHere } from './deletedHere.ts';
import { compareVersions } from './fileVersion.ts';
import { hashOf } from './hashOf.ts';
import { readIgnoreRules } from './ignoreRules.ts';
import { LocalSide } from './localSide.ts';
import { readLocalTree } from './localTree.ts';
import { versionOf } from './localVersion.ts';
import { type Pair, pairKey } from './pairKey.ts';
import { isStepBelow, type ReviewOptions, rulesBelow, visible } from './partOfPair.ts';
import { type PlanStep } from './planStep.ts';
import { RemoteSide, type SyncFiles } from './remoteSide.ts';
import { nodeOf, RemoteTreeReader } from './remoteTree.ts';
import { decide, noteUnchanged, takeNotes } from './reviewing.ts';
import { type SavedFile, saveFile, type SaveRequest } from './saveFile.ts';
import type { SideTree } from './sideTree.ts';
import { SnapshotStore } from './snapshotStore.ts';
import { Staging } from './staging.ts';
import { SyncAction } from './syncAction.ts';
import { type SyncRecord, undoneLine } from './syncRecord.ts';
import { ifMissing } from './systemErrors.ts';
import { takeStep } from './takeStep.ts';
import { isDealtWith, undoEntries, type UndoOutcome } from './undo.ts';

/** Read at each use: they may follow settings that change. */
export interface FolderSyncOptions {
  readonly pair: Pair;
  readonly files: SyncFiles;
  /** What is left alone, in the syntax of gitignore; `.ftpsignore` in the local folder adds to it. */
  readonly ignore: readonly string[];
  /** What belongs to other pairs, relative to the folders of this one: it is left alone with all below it. */
  readonly apart?: readonly string[];
  /** A folder of the product's own, outside every workspace. */
  readonly storage: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Bytes that are kept for undoing syncs. */
  readonly snapshotLimit: number;
  /** Bytes; larger files of which nothing is known, or whose time has changed, are not read and count as changed. */
  readonly compareLimit: number;
}

export interface Review {
  /** Uploads, downloads, deletions, conflicts, and what is left alone; empty when both sides are in step. */
  readonly steps: readonly PlanStep[];
  /** Folders of which not everything could be read: nothing is deleted on account of them. */
  readonly unknown: { readonly local: readonly string[]; readonly remote: readonly string[] };
  /** Files that count as changed because they are too large to be read. */
  readonly undecided: readonly string[];
  /** How many files each side has. */
  readonly files: { readonly local: number; readonly remote: number };
}

export interface ApplyResult {
  readonly outcomes: readonly StepOutcome[];
  readonly id: string;
}

export interface TakeOptions {
  readonly signal?: AbortSignal | undefined;
  /** What it is part of, when an undo is to take back more than it. */
  readonly action?: SyncAction | undefined;
  /** Whether the other side is to be deleted where there is nothing to take. */
  readonly mayDelete?: boolean | undefined;
}

/** Keeps one pair of folders in step: compares, carries over what was agreed upon, and takes it back. */
export class FolderSync implements AsyncDisposable {
  readonly #options: FolderSyncOptions;
  readonly #folder: string;
  readonly #snapshots: SnapshotStore;
  #baseline: Promise<BaselineStore> | undefined;

  constructor(options: FolderSyncOptions) {
    this.#options = options;
    this.#folder = join(options.storage, pairKey(options.pair));
    this.#snapshots = new SnapshotStore(this.#folder, () => options.snapshotLimit);
  }

  /**
   * Compares both sides and says what to do. Changes neither; what has turned out to be in step is noted.
   * @throws RemoteError when one of the two folders cannot be read
   */
  async review(options: ReviewOptions, signal?: AbortSignal): Promise<Review> {
    await using at = await this.#open();
    const { pair, files, ignore, apart, now, compareLimit } = this.#options;
    const began = now();
    const rules = rulesBelow(await readIgnoreRules(pair.localFolder, ignore, apart), options.below);
    const local = await readLocalTree(pair.localFolder, rules, signal);
    const baseline = visible(at.baseline.entries, rules);
    const reader = new RemoteTreeReader(files, pair.remoteFolder, rules, signal);
    const remote = await reader.read(new Set([...local.nodes.keys(), ...baseline.keys()]));
    const input = { local, remote, baseline, options };
    const { plan, contents } = await decide({ ...at, largest: compareLimit }, input, signal);
    await noteUnchanged(at.baseline, input, contents, began, signal);
    const isNote = ({ action }: PlanStep): boolean => action === 'adopt' || action === 'forget';
    await takeNotes(at.baseline, plan.steps.filter(isNote), began, signal);
    return {
      steps: plan.steps.filter((step) => !isNote(step) && isStepBelow(step, options.below, apart)),
      unknown: { local: [...local.unknown], remote: [...remote.unknown] },
      undecided: [...new Set(plan.doubts.map(({ path }) => path))],
      files: { local: filesIn(local), remote: filesIn(remote) },
    };
  }

  /**
   * Does these steps of a review, conflicts as they were settled. Never rejects for what one step fails of.
   * @param action what they are part of, when an undo is to take back more than them
   */
  async apply(
    steps: readonly PlanStep[],
    onStep?: (outcome: StepOutcome) => void,
    signal?: AbortSignal,
    action = new SyncAction(),
  ): Promise<ApplyResult> {
    await using at = await this.#open();
    const { now } = this.#options;
    return await action.keeping(this.#snapshots, now(), async (snapshot) => {
      const outcomes = await applySteps({ ...at, snapshot, now, onStep, signal }, steps);
      return { outcomes, id: snapshot.id };
    });
  }

  /** Uploads a file that was saved here, unless somebody else has changed it on the server. */
  async save(request: SaveRequest): Promise<SavedFile> {
    await using at = await this.#open();
    const { now, compareLimit } = this.#options;
    return await saveFile({ ...at, ...at.sides, now, compareLimit }, request);
  }

  /**
   * Carries one file over, whatever the other side has; that is kept for an undo.
   * @throws SourceMissing when there is nothing to carry over, unless that was known and the other is to be deleted
   */
  async take(
    asked: string,
    from: 'mine' | 'theirs',
    { signal, action, mayDelete = false }: TakeOptions = {},
  ): Promise<ApplyResult> {
    await using at = await this.#open();
    const path = at.baseline.entries.has(asked) ? asked : await at.sides.local.spelled(asked);
    const [local, remote] = [await at.sides.local.look(path), await at.sides.remote.look(path, signal)];
    const step = takeStep({ path, local, remote: remote && nodeOf(remote) }, from, mayDelete);
    return this.apply([step], undefined, signal, action);
  }

  /** Whether a local file is as it was when it was last carried over. It is read where its time cannot tell. */
  async isInStep(path: string): Promise<boolean> {
    const entry = (await this.#known()).entries.get(path);
    const file = join(this.#options.pair.localFolder, ...path.split('/'));
    const stats = await lstat(file).catch(ifMissing(undefined));
    if (entry?.kind !== 'file' || !stats?.isFile()) return false;
    const comparison = compareVersions(entry.local, versionOf(stats));
    if (comparison !== 'doubtful') return comparison === 'same';
    return (await hashOf(file).catch(ifMissing(undefined))) === entry.hash;
  }

  /**
   * Deletes on the server what was deleted here: files, and folders with what was in them. It is kept for an undo.
   * @param most steps that are done; where there are more for all paths together, none is
   */
  async carryDeletion(
    paths: readonly string[],
    most: number,
    { signal, action }: Omit<TakeOptions, 'mayDelete'> = {},
  ): Promise<Pick<ApplyResult, 'outcomes'> & { readonly steps: readonly PlanStep[] }> {
    await using at = await this.#open();
    const { pair, ignore, apart } = this.#options;
    const rules = await readIgnoreRules(pair.localFolder, ignore, apart);
    const ports = { ...at.sides, rules, baseline: at.baseline.entries, folder: pair.localFolder };
    const steps = await deletedHere(ports, paths);
    if (steps.length === 0 || steps.length > most) return { steps, outcomes: [] };
    return { steps, outcomes: (await this.apply(steps, undefined, signal, action)).outcomes };
  }

  /** The last sync that has changed something and was not taken back yet. */
  lastSync(): Promise<SyncRecord | undefined> {
    return this.#snapshots.last();
  }

  /**
   * Takes back the last sync on both sides; the next call takes back the one before. What has changed since is left
   * alone, and told.
   * @param wanted the id of the one that is meant; by default whichever is the last
   * @throws RemoteError `conflict` when that is not the last one any more, or is still running; nothing was done then
   */
  async undoLast(
    wanted?: string,
    onEntry?: (outcome: UndoOutcome) => void,
    signal?: AbortSignal,
  ): Promise<readonly UndoOutcome[]> {
    const record = await this.lastSync();
    if (wanted !== undefined && record?.id !== wanted) throw notLast('is not the last one any more');
    if (!record) return [];
    const store = this.#snapshots;
    if (store.isOpen(record.id)) throw notLast('is still running');
    await using at = await this.#open();
    const { now } = this.#options;
    await using snapshot = await store.begin(now(), record.id);
    const contentOf = (content: string): string => store.fileOf(record.id, content);
    const outcomes = await undoEntries({ ...at, snapshot, now, contentOf, onEntry, signal }, record);
    const done = outcomes.filter(isDealtWith).map((outcome) => undoneLine(outcome.entry, outcome.now));
    await store.markUndone(record.id, done);
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const baseline = await this.#baseline?.catch(() => undefined);
    await baseline?.[Symbol.asyncDispose]();
  }

  async #known(): Promise<BaselineStore> {
    await mkdir(this.#folder, { recursive: true });
    this.#baseline ??= BaselineStore.open(this.#folder).catch((error: unknown) => {
      this.#baseline = undefined;
      throw error;
    });
    const baseline = await this.#baseline;
    await baseline.refresh();
    return baseline;
  }

  async #open() {
    const baseline = await this.#known();
    const { files, pair } = this.#options;
    const staging = await Staging.open(this.#folder);
    const sides = {
      local: new LocalSide(pair.localFolder, staging),
      remote: new RemoteSide(files, pair.remoteFolder, staging),
    };
    return {
      staging,
      baseline,
      sides,
      [Symbol.asyncDispose]: () => staging[Symbol.asyncDispose](),
    };
  }
}

function notLast(how: string): RemoteError {
  return new RemoteError('conflict', '/', `The sync that was to be undone ${how}, so nothing was undone.`);
}

function filesIn({ nodes }: SideTree): number {
  return [...nodes.values()].filter(({ kind }) => kind === 'file').length;
}
