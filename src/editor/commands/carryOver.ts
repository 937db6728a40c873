import { lstat } from 'node:fs/promises';
import { commands, window } from 'vscode';
import { isCancellation, toRemoteError } from '../../remote/errors.ts';
import { joinPath } from '../../remote/remotePath.ts';
import type { FolderSync } from '../../sync/folderSync.ts';
import { type PlanStep, settle } from '../../sync/planStep.ts';
import type { Connections } from '../connections.ts';
import type { SyncPair, SyncPairs } from '../sync/syncPairs.ts';
import { offerToSave, unsavedFiles } from '../sync/unsavedFiles.ts';
import { whileTransferring } from '../transferProgress.ts';
import {
  type CarryDirection,
  carriedText,
  folderPlan,
  overwriteQuestion,
  withFoldersAround,
} from './carryText.ts';
import { compareWithServer } from './compareWithServer.ts';
import type { LocalPlace } from './localPlaces.ts';

export interface CarryOptions {
  readonly pairs: Pick<SyncPairs, 'sync'>;
  readonly connections: Pick<Connections, 'get'>;
  readonly log: { info(message: string): void; error(message: string): void };
}

/** What is left to do, or to ask, after what needs no question is done. */
interface Work {
  readonly sync: FolderSync;
  /** Steps of folders, in the order in which they have to be done. */
  readonly steps: readonly PlanStep[];
  readonly risky: readonly PlanStep[];
  readonly stuck: readonly PlanStep[];
  /** Single files that would overwrite something. */
  readonly files: readonly string[];
  done: number;
  same: number;
  readonly errors: Error[];
}

/**
 * Uploads or downloads files and folders, each by the pair that it belongs to. What changed on the other side, or was
 * never compared, is overwritten only after a question; nothing is deleted.
 */
export async function carryOver(
  options: CarryOptions,
  places: readonly LocalPlace[],
  direction: CarryDirection,
): Promise<void> {
  for (const pair of new Set(places.map((place) => place.pair))) {
    const own = places.filter((place) => place.pair === pair);
    await carryPair(options, pair, own, direction);
  }
}

async function carryPair(
  options: CarryOptions,
  pair: SyncPair,
  places: readonly LocalPlace[],
  direction: CarryDirection,
): Promise<void> {
  const unsaved = unsavedFiles(pair.localFolder).filter(({ uri }) =>
    places.some(({ localPath }) => uri.fsPath === localPath || isInFolder(uri.fsPath, localPath)),
  );
  if (!(await offerToSave(unsaved))) return;
  const { name } = pair.profile;
  const title = direction === 'toRemote' ? `Uploading to ${name}` : `Downloading from ${name}`;
  const work = await whileTransferring(title, async (signal) => {
    await options.connections.get(name).connect();
    return await begin(options, pair, places, direction, signal);
  });
  const answer = await askToOverwrite(pair, work, direction);
  if (answer === 'compare') {
    const [path = ''] = namesOf(work);
    await compareWithServer(options.connections, pair, path);
    return;
  }
  const overwrite = answer === 'overwrite';
  const chosen = overwrite ? work.risky.map((step) => carried(step, direction)) : [];
  if (chosen.length > 0 || (overwrite && work.files.length > 0)) {
    await whileTransferring(title, (signal) => finish(work, chosen, direction, signal));
  }
  tell(options, pair, work, direction, overwrite ? 0 : namesOf(work).length);
}

/** Does all that needs no question. */
async function begin(
  { pairs, connections }: CarryOptions,
  pair: SyncPair,
  places: readonly LocalPlace[],
  direction: CarryDirection,
  signal: AbortSignal,
): Promise<Work> {
  const sync = pairs.sync(pair);
  const folders: string[] = [];
  const files: string[] = [];
  const counts = { done: 0, same: 0, errors: new Array<Error>() };
  for (const { localPath, path } of places) {
    signal.throwIfAborted();
    const stats = await lstat(localPath).catch(() => undefined);
    if (path === '' || stats?.isDirectory()) {
      folders.push(path);
      continue;
    }
    try {
      const isHere = stats !== undefined;
      const verdict =
        direction === 'toRemote'
          ? (await sync.save({ path, signal })).kind
          : await download({ sync, connections, pair, path, isHere }, signal);
      if (verdict === 'conflict') files.push(path);
      else if (verdict === 'gone') counts.errors.push(new Error(`${localPath} is not there any more.`));
      else if (verdict === 'uploaded') counts.done++;
      else counts.same++;
    } catch (error) {
      if (isCancellation(error)) throw error;
      counts.errors.push(toRemoteError(error, path, direction === 'toRemote' ? 'upload' : 'download'));
    }
  }
  if (folders.length === 0) return { sync, steps: [], risky: [], stuck: [], files, ...counts };
  const quiet = { deleteExtra: false, onlyNewer: false, existingOnly: false };
  const { steps } = await sync.review({ direction, ...quiet }, signal);
  const { safe, risky, stuck } = folderPlan(steps, folders, direction);
  const work: Work = { sync, steps, risky, stuck, files, ...counts };
  await apply(work, [...withFoldersAround(steps, safe), ...safe], signal);
  return work;
}

async function download(
  at: {
    readonly sync: FolderSync;
    readonly connections: Pick<Connections, 'get'>;
    readonly pair: SyncPair;
    readonly path: string;
    readonly isHere: boolean;
  },
  signal: AbortSignal,
): Promise<'uploaded' | 'conflict'> {
  const { sync, connections, pair, path, isHere } = at;
  // What the server has not must not be taken for the wish to delete it here.
  const place = joinPath(pair.mapping.remote, path);
  await connections
    .get(pair.profile.name)
    .run((files) => files.stat(place, { fresh: true }, signal), { gesture: true });
  if (isHere && !(await sync.isInStep(path))) return 'conflict';
  await take(sync, path, 'theirs', signal);
  return 'uploaded';
}

async function finish(
  work: Work,
  chosen: readonly PlanStep[],
  direction: CarryDirection,
  signal: AbortSignal,
): Promise<void> {
  for (const path of work.files) {
    await take(work.sync, path, direction === 'toRemote' ? 'mine' : 'theirs', signal);
    work.done++;
  }
  await apply(work, [...withFoldersAround(work.steps, chosen), ...chosen], signal);
}

async function take(
  sync: FolderSync,
  path: string,
  side: 'mine' | 'theirs',
  signal: AbortSignal,
): Promise<void> {
  const { outcomes } = await sync.take(path, side, signal);
  const failed = outcomes.find(({ error }) => error)?.error;
  if (failed) throw failed;
}

async function apply(work: Work, steps: readonly PlanStep[], signal: AbortSignal): Promise<void> {
  if (steps.length === 0) return;
  const { outcomes } = await work.sync.apply(steps.toSorted(byPath), undefined, signal);
  signal.throwIfAborted();
  for (const { step, error } of outcomes) {
    if (error) work.errors.push(error);
    else if (step.kind === 'file') work.done++;
  }
}

function carried(step: PlanStep, direction: CarryDirection): PlanStep {
  return step.action === 'conflict' ? settle(step, direction === 'toRemote' ? 'mine' : 'theirs') : step;
}

async function askToOverwrite(
  pair: SyncPair,
  work: Work,
  direction: CarryDirection,
): Promise<'overwrite' | 'compare' | undefined> {
  const names = namesOf(work);
  if (names.length === 0) return undefined;
  const place = { host: pair.profile.host, remote: pair.mapping.remote };
  const { message, detail } = overwriteQuestion(names, direction, place);
  const [overwrite, compare] = [names.length === 1 ? 'Overwrite' : 'Overwrite All', 'Compare'];
  const buttons = names.length === 1 ? [compare, overwrite] : [overwrite];
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  if (chosen === overwrite) return 'overwrite';
  return chosen === compare ? 'compare' : undefined;
}

function namesOf({ risky, files }: Work): readonly string[] {
  return [...files, ...risky.map(({ path }) => path)];
}

/** Not awaited: a message may stay open for as long as it likes. */
function tell(
  { log }: CarryOptions,
  pair: SyncPair,
  work: Work,
  direction: CarryDirection,
  left: number,
): void {
  const { done, same, errors, stuck } = work;
  const text = carriedText({ done, same, failed: errors.length, left: left + stuck.length }, direction, {
    name: pair.profile.name,
    host: pair.profile.host,
  });
  for (const error of errors) log.error(error.message);
  log.info(text);
  const [first] = errors;
  if (!first && left + stuck.length === 0) {
    void window.showInformationMessage(text);
    return;
  }
  const review = 'Open Sync View';
  const shown = window.showWarningMessage(first ? `${text} ${first.message}` : text, review);
  void shown.then((chosen) => (chosen === review ? commands.executeCommand('ftps.sync', pair) : undefined));
}

function isInFolder(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`) || file.startsWith(`${folder}\\`);
}

function byPath(a: PlanStep, b: PlanStep): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
