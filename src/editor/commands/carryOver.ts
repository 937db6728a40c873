import { window } from 'vscode';
import { joinPath } from '../../remote/remotePath.ts';
import { isWithin } from '../../sync/placeIn.ts';
import type { Connections } from '../connections.ts';
import { showInformation } from '../messages.ts';
import type { SyncPair, SyncPairs } from '../sync/syncPairs.ts';
import { offerToSave, unsavedFiles } from '../sync/unsavedFiles.ts';
import { whileTransferring } from '../transferProgress.ts';
import { type CarryDirection, carriedText, overwriteQuestion } from './carryText.ts';
import { type CarryProgress, CarryWork } from './carryWork.ts';
import { compareWithServer } from './compareWithServer.ts';
import type { LocalPlace } from './localPlaces.ts';
import { offerSyncView } from './offerSyncView.ts';
import { placesByPair } from './placesByPair.ts';

export interface CarryOptions {
  readonly pairs: Pick<SyncPairs, 'sync'>;
  readonly connections: Pick<Connections, 'get'>;
  readonly log: { info(message: string): void; error(message: string): void };
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
  for (const { pair, places: own } of placesByPair(places)) await carryPair(options, pair, own, direction);
}

async function carryPair(
  options: CarryOptions,
  pair: SyncPair,
  places: readonly LocalPlace[],
  direction: CarryDirection,
): Promise<void> {
  const unsaved = unsavedFiles(pair.localFolder).filter(({ uri }) =>
    places.some(({ localPath }) => isWithin(localPath, uri.fsPath)),
  );
  if (!(await offerToSave(unsaved))) return;
  const { profile, mapping, localFolder, apart } = pair;
  const connection = options.connections.get(profile.name);
  let progress: CarryProgress = () => undefined;
  const work = new CarryWork({
    direction,
    sync: options.pairs.sync(pair),
    localFolder,
    ignore: mapping.ignore,
    apart,
    requireRemote: async (path, signal) => {
      const place = joinPath(mapping.remote, path);
      await connection.run((files) => files.stat(place, { fresh: true }, signal), { gesture: true });
    },
    onProgress: (present) => progress(present),
  });
  const title =
    direction === 'toRemote' ? `Uploading to ${profile.name}` : `Downloading from ${profile.name}`;
  await whileTransferring(title, async (signal, { ofFolder }) => {
    progress = ofFolder;
    // The only step that may ask the user for something, such as a password.
    await connection.connect();
    const paths = places.map(({ path }) => path);
    await work.begin(paths, signal);
  });
  const answer = await askToOverwrite(pair, work.questionable, direction);
  if (answer === 'compare') {
    const [path = ''] = work.questionable;
    await compareWithServer(options.connections, pair, path);
    return;
  }
  if (answer === 'overwrite') {
    await whileTransferring(title, async (signal, { ofFolder }) => {
      progress = ofFolder;
      await work.overwrite(signal);
    });
  }
  tell(options, pair, work, direction);
}

async function askToOverwrite(
  { profile, mapping }: SyncPair,
  names: readonly string[],
  direction: CarryDirection,
): Promise<'overwrite' | 'compare' | undefined> {
  if (names.length === 0) return undefined;
  const place = { host: profile.host, remote: mapping.remote };
  const { message, detail } = overwriteQuestion(names, direction, place);
  const [overwrite, compare] = [names.length === 1 ? 'Overwrite' : 'Overwrite All', 'Compare'];
  // Enter presses the first one.
  const buttons = names.length === 1 ? [compare, overwrite] : ['Leave Them', overwrite];
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  if (chosen === overwrite) return 'overwrite';
  return chosen === compare ? 'compare' : undefined;
}

/** Not awaited: a message may stay open for as long as it likes. */
function tell({ log }: CarryOptions, pair: SyncPair, work: CarryWork, direction: CarryDirection): void {
  const { done, same, errors, left } = work;
  const { name, host } = pair.profile;
  const text = carriedText({ done, same, failed: errors.length, left }, direction, { name, host });
  for (const error of errors) log.error(error.message);
  log.info(text);
  const [first] = errors;
  if (!first && left === 0) {
    void showInformation(text);
    return;
  }
  offerSyncView(first ? `${text} ${first.message}` : text, pair);
}
