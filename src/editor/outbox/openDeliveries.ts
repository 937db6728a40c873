import type { Clock } from '../../client/clock.ts';
import { RemoteError } from '../../remote/errors.ts';
import { serverOf } from '../../remote/profile.ts';
import { Deliveries } from '../../sync/deliveries.ts';
import type { FolderSync } from '../../sync/folderSync.ts';
import { liesApart } from '../../sync/ignoreRules.ts';
import { joinPath } from '../../remote/remotePath.ts';
import { Outbox, type OutboxItem } from '../../sync/outbox.ts';
import { LocalFileGone, SaveConflict } from '../../sync/saveFailure.ts';
import type { SavedFile } from '../../sync/saveFile.ts';
import type { SaveJob } from '../../sync/saveJob.ts';
import { SourceMissing } from '../../sync/takeStep.ts';
import { NotConnected } from '../notConnected.ts';
import type { SyncPairs } from '../sync/syncPairs.ts';

export interface OpenDeliveriesOptions {
  readonly pairs: Pick<SyncPairs, 'of' | 'sync'>;
  /** Where the outbox of this workspace lies. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onProblem: (error: unknown) => void;
}

/** The settings do not send this file there any more; they may do so again. */
export class NotMapped extends RemoteError {
  constructor({ localFile, remotePath, connection, server }: SaveJob) {
    const place = `${remotePath} on "${connection}" (${server})`;
    super('failed', remotePath, `The settings no longer map ${localFile} to ${place}, so it is not sent.`);
  }
}

/** Opens the outbox of a workspace, and has what is in it delivered by the sync of the pair that each file belongs to. */
export async function openDeliveries(options: OpenDeliveriesOptions): Promise<Deliveries> {
  const { pairs, folder, clock, onProblem } = options;
  return new Deliveries({
    outbox: await Outbox.open(folder),
    clock,
    onProblem,
    save: (item, onProgress, signal) =>
      waitingWhereAway(item, async (): Promise<SavedFile> => {
        const { sync, path } = placeOf(pairs, item);
        return sync.save({ path, previousHash: item.previousHash, onProgress, signal });
      }),
    take: (item, decision, options) =>
      waitingWhereAway(item, async () => {
        const { sync, path } = placeOf(pairs, item);
        const { outcomes } = await sync.take(path, decision, options).catch(asFailureOf(item));
        const failure = outcomes.find(({ error }) => error)?.error;
        if (failure) throw failure;
      }),
  });
}

/** What was decided upon has gone meanwhile: that is another question. */
function asFailureOf(item: OutboxItem): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SourceMissing)) throw error;
    throw error.side === 'local' ? new LocalFileGone(item) : new SaveConflict(item.remotePath, 'deleted');
  };
}

/** @throws NotMapped */
function placeOf(
  pairs: Pick<SyncPairs, 'of' | 'sync'>,
  item: OutboxItem,
): { readonly sync: FolderSync; readonly path: string } {
  for (const { pair, path } of pairs.of(item.localFile)) {
    const { profile, mapping, apart } = pair;
    const isSame =
      profile.name === item.connection &&
      serverOf(profile) === item.server &&
      joinPath(mapping.remote, path) === item.remotePath &&
      !liesApart(path, apart);
    if (isSame) return { sync: pairs.sync(pair), path };
  }
  throw new NotMapped(item);
}

/** Where the user wants no connection now, what is to be sent waits for one. */
async function waitingWhereAway<Result>(item: SaveJob, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NotConnected)) throw error;
    throw new RemoteError('unavailable', item.remotePath, error.message, { cause: error, retryable: true });
  }
}
