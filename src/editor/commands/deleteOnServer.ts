import type { CarryOptions } from './carryOver.ts';
import { type DeletionQuestion, deletionQuestion, leftText } from './deletionText.ts';
import type { LocalPlace } from './localPlaces.ts';
import { placesByPair } from './placesByPair.ts';
import { SyncAction } from '../../sync/syncAction.ts';
import type { SyncPair } from '../sync/syncPairs.ts';

export interface DeleteOnServerOptions extends CarryOptions {
  readonly mayDelete: (question: DeletionQuestion) => Promise<boolean>;
  /** Says that something stays, and offers the Sync view. Resolves at once. */
  readonly tellOfLeft: (message: string, pair: SyncPair) => void;
}

/** Deletes on the server what is gone here, after a question that names it. It is kept for an undo. */
export async function deleteOnServer(
  { pairs, connections, log, mayDelete, tellOfLeft }: DeleteOnServerOptions,
  places: readonly LocalPlace[],
): Promise<void> {
  for (const { pair, places: own } of placesByPair(places)) {
    const { profile, mapping } = pair;
    const paths = own.map(({ path }) => path);
    if (!(await mayDelete(deletionQuestion(paths, profile.host, mapping.remote)))) continue;
    await connections.get(profile.name).connect();
    const left: string[] = [];
    const action = new SyncAction();
    for (const path of paths) {
      const { outcomes } = await pairs.sync(pair).carryDeletion([path], 1, { action });
      const isDone = outcomes.length > 0 && outcomes.every(({ error }) => !error);
      if (isDone) log.info(`Deleted ${path} on ${profile.name}`);
      else left.push(path);
      for (const { error } of outcomes) if (error) log.error(error.message);
    }
    if (left.length > 0) tellOfLeft(leftText(left, profile.name), pair);
  }
}
