import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCancellation, toRemoteError } from '../../remote/errors.ts';
import { SideBySide } from '../../remote/sideBySide.ts';
import type { FolderSync } from '../../sync/folderSync.ts';
import { liesApart, readIgnoreRules } from '../../sync/ignoreRules.ts';
import { type PlanStep, settle } from '../../sync/planStep.ts';
import { SyncAction } from '../../sync/syncAction.ts';
import type { TransferProgress } from '../transferProgress.ts';
import { type CarryDirection, carrying, folderPlan } from './carryText.ts';

/** How far it is: files that are dealt with, and the one that was last. */
export type CarryProgress = TransferProgress['ofFolder'];

/** Single files that are under way at the same time. */
const width = 4;

export interface CarryWorkOptions {
  readonly direction: CarryDirection;
  readonly sync: Pick<FolderSync, 'save' | 'take' | 'isInStep' | 'review' | 'apply'>;
  readonly localFolder: string;
  /** Rules in the syntax of gitignore; those of the folder's own file come behind them. */
  readonly ignore: readonly string[];
  /** What belongs to other mappings, relative to the mapped folder. */
  readonly apart: readonly string[];
  /** @throws RemoteError `notFound` when the server has no such file; the path is relative to the mapped folder */
  readonly requireRemote: (path: string, signal: AbortSignal) => Promise<void>;
  readonly onProgress?: CarryProgress;
}

/**
 * Files and folders of one pair that are carried over on command: at first what overwrites nothing unknown, then, after
 * a question, the rest. Deletes nothing.
 */
export class CarryWork {
  /** Files that were carried over, and that were the same already. */
  done = 0;
  same = 0;
  readonly errors: Error[] = [];
  readonly #options: CarryWorkOptions;
  /** One undo takes back all of it. */
  readonly #action = new SyncAction();
  #bytes = 0;
  /** Single files that would overwrite something. */
  #files: readonly string[] = [];
  #risky: readonly PlanStep[] = [];
  #stuck: readonly PlanStep[] = [];

  constructor(options: CarryWorkOptions) {
    this.#options = options;
  }

  /** What would overwrite something that has changed on the other side too, or was never compared. */
  get questionable(): readonly string[] {
    return [...this.#files, ...this.#risky.map(({ path }) => path)];
  }

  /** How many were left as they are. */
  get left(): number {
    return this.questionable.length + this.#stuck.length;
  }

  /** @param paths relative to the mapped folder; empty for itself */
  async begin(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const { localFolder, ignore, apart, direction, sync } = this.#options;
    const rules = await readIgnoreRules(localFolder, ignore, apart);
    const folders: string[] = [];
    const files: string[] = [];
    const begun = new SideBySide(width);
    let cancelled: unknown;
    for (const path of paths) {
      if (cancelled !== undefined) break;
      const stats = await lstat(join(localFolder, path)).catch(() => undefined);
      if (path === '' || stats?.isDirectory()) folders.push(path);
      else if (rules.ignores(path, false)) {
        const whose = liesApart(path, apart)
          ? 'to another mapping, which covers it'
          : 'alone by an ignore rule';
        this.errors.push(new Error(`${path} is left ${whose}.`));
      } else {
        await begun.start(async () => {
          try {
            if (await this.#isHeldUp(path, stats !== undefined, signal)) files.push(path);
          } catch (error) {
            cancelled = error;
          }
        });
      }
    }
    await begun.idle();
    if (cancelled !== undefined) throw cancelled;
    signal.throwIfAborted();
    this.#files = files.toSorted();
    if (folders.length === 0) return;
    const { steps } = await sync.review(carrying(direction), signal);
    const { safe, risky, stuck } = folderPlan(steps, folders, direction);
    this.#risky = risky;
    this.#stuck = stuck;
    await this.#apply(safe, signal);
  }

  /** Does what is questionable. What is overwritten is kept for an undo. */
  async overwrite(signal: AbortSignal): Promise<void> {
    const keep = this.#options.direction === 'toRemote' ? 'mine' : 'theirs';
    const [files, risky] = [this.#files, this.#risky];
    this.#files = [];
    this.#risky = [];
    for (const path of files) await this.#count(path, () => this.#take(path, signal));
    const steps = risky.map((step) => (step.action === 'conflict' ? settle(step, keep) : step));
    await this.#apply(steps, signal);
  }

  /** @returns whether the file cannot be carried over without a question */
  async #isHeldUp(path: string, isHere: boolean, signal: AbortSignal): Promise<boolean> {
    const { direction, sync, requireRemote } = this.#options;
    let isHeldUp = false;
    await this.#count(path, async () => {
      if (direction === 'toRemote') {
        const { kind } = await sync.save({ path, signal });
        if (kind === 'gone') throw new Error(`${path} is not there any more.`);
        isHeldUp = kind === 'conflict';
        return kind === 'uploaded' ? 'done' : kind === 'same' ? 'same' : 'left';
      }
      // What the server has not must not be taken for the wish to delete it here.
      await requireRemote(path, signal);
      isHeldUp = isHere && !(await sync.isInStep(path));
      return isHeldUp ? 'left' : this.#take(path, signal);
    });
    return isHeldUp;
  }

  async #take(path: string, signal: AbortSignal): Promise<'done'> {
    const { direction, sync } = this.#options;
    const from = direction === 'toRemote' ? 'mine' : 'theirs';
    const { outcomes } = await sync.take(path, from, { signal, action: this.#action });
    const failed = outcomes.find(({ error }) => error)?.error;
    if (failed) throw failed;
    return 'done';
  }

  /** One file that fails does not keep the others. @throws RemoteError `cancelled` */
  async #count(path: string, act: () => Promise<'done' | 'same' | 'left'>): Promise<void> {
    const { direction } = this.#options;
    try {
      const verdict = await act();
      if (verdict === 'done') this.done++;
      if (verdict === 'same') this.same++;
      this.#tell(path, 0);
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.errors.push(toRemoteError(error, path, direction === 'toRemote' ? 'upload' : 'download'));
    }
  }

  async #apply(chosen: readonly PlanStep[], signal: AbortSignal): Promise<void> {
    if (chosen.length === 0) return;
    const { outcomes } = await this.#options.sync.apply(
      chosen.toSorted(byPath),
      ({ step, error }) => {
        if (error || step.kind !== 'file') return;
        this.done++;
        this.#tell(step.path, step.bytes);
      },
      signal,
      this.#action,
    );
    for (const { error } of outcomes) {
      if (isCancellation(error)) throw error;
      if (error) this.errors.push(error);
    }
  }

  #tell(path: string, bytes: number): void {
    this.#bytes += bytes;
    this.#options.onProgress?.({ files: this.done + this.same, bytes: this.#bytes, path });
  }
}

/** Folders before what is in them. */
function byPath(a: PlanStep, b: PlanStep): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
