import { expect } from 'vitest';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { StepOutcome } from '../../../src/sync/applySteps.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';
import { SyncAction } from '../../../src/sync/syncAction.ts';
import {
  expectLeftAlone,
  expectNothingLost,
  type Holdings,
  holdingsOf,
  replacedSide,
  sidesOf,
} from './keeping.ts';
import type { World } from './world.ts';

/** Single files that are taken from one side, all at the same time. */
export interface Takes {
  readonly paths: readonly string[];
  readonly from: 'mine' | 'theirs';
  readonly mayDelete: boolean;
  /** Whether they are one deed to the user, which one undo takes back. */
  readonly together: boolean;
}

export interface TakeStage {
  readonly world: World;
  readonly files: SyncFiles;
  readonly remoteFolder: string;
  /** Bytes for undos. */
  readonly room: number;
}

export async function playTakes(
  { world, files, remoteFolder, room }: TakeStage,
  takes: Takes,
): Promise<void> {
  const { paths, from, mayDelete, together } = takes;
  await using sync = world.sync(files, remoteFolder, room);
  const before = await holdingsOf(world, sync, room);
  const sides = sidesOf(world);
  const action = together ? new SyncAction() : undefined;
  const taken = await Promise.all(
    paths.map((path) => sync.take(path, from, { mayDelete, action }).catch(refusalIn)),
  );
  const outcomes = taken.flatMap((result) => result?.outcomes ?? []);
  const id = (await sync.lastSync())?.id;
  const older = taken.flatMap((result) => (!result || result.id === id ? [] : result.outcomes));
  await expectNothingLost(world, before, sync, replacedBy(older, before));
  expectLeftAlone(world, before, outcomes);
  const isWhole = outcomes.length > 0 && outcomes.every(({ error }) => !error);
  if (!together || !isWhole) return;
  // Where nothing was to be done there is nothing to take back.
  const isLast = taken.some((result) => result !== undefined && result.id === id);
  const undone = isLast ? await sync.undoLast(id) : [];
  if (undone.some(({ error }) => error?.kind === 'noSpace')) return;
  expect(undone.filter(({ error }) => error)).toEqual([]);
  expect(sidesOf(world)).toEqual(sides);
}

/** Versions that gave way on one of the sides: those of a sync give way in the store to those of the next, in little room. */
function replacedBy(outcomes: readonly StepOutcome[], { sides }: Holdings): ReadonlySet<string> {
  const done = outcomes.filter(({ error }) => !error);
  return new Set(done.flatMap(({ step }) => sides?.[replacedSide(step)].get(step.path) ?? []));
}

/** What is not there cannot be taken, and nothing is deleted for it. */
function refusalIn(error: unknown): undefined {
  if (!(error instanceof RemoteError)) throw error;
  return undefined;
}
