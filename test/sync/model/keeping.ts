import { expect } from 'vitest';
import type { StepOutcome } from '../../../src/sync/applySteps.ts';
import type { FolderSync } from '../../../src/sync/folderSync.ts';
import type { PlanStep } from '../../../src/sync/planStep.ts';
import { ample, type Contents, type World } from './world.ts';

/** What was there before a deed of the product, and must not be lost by it. */
export interface Holdings {
  /** Every version, where there is room for all of them; else what either side has. */
  readonly versions: ReadonlySet<string>;
  /** What an undo of the last sync brings back. */
  readonly last: { readonly id: string; readonly kept: ReadonlySet<string> } | undefined;
  readonly sides: Sides | undefined;
}

export type Sides = Readonly<Record<'local' | 'remote', Contents>>;

/** @param room bytes for undos */
export async function holdingsOf(world: World, sync: FolderSync, room: number): Promise<Holdings> {
  if (room === ample) return { versions: world.everything(), last: undefined, sides: undefined };
  const id = (await sync.lastSync())?.id;
  const last = id === undefined ? undefined : { id, kept: world.kept(id) };
  return { versions: world.onSides(), last, sides: sidesOf(world) };
}

export function sidesOf(world: World): Sides {
  return { local: world.contents('local'), remote: world.contents('remote') };
}

/**
 * No version is gone from both sides and what the product keeps. Where there is not room for all, the versions that
 * older syncs have kept may go, and those of the last one when another one has come after it.
 * @param sync tells which is the last one by now; absent where none can have come after it
 * @param older versions that a sync has kept after which another one came
 */
export async function expectNothingLost(
  world: World,
  before: Holdings,
  sync?: FolderSync,
  older: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { versions, last } = before;
  const after = world.everything();
  const isLast = last && (!sync || (await sync.lastSync())?.id === last.id);
  const present = [...versions].filter((content) => !older.has(content));
  const owed = new Set([...present, ...(isLast ? last.kept : [])].filter(isVersion));
  expect([...owed].filter((content) => !after.has(content))).toEqual([]);
}

/** What there is no room for is left alone, and says what helps. */
export function expectLeftAlone(world: World, before: Holdings, outcomes: readonly StepOutcome[]): void {
  const { sides } = before;
  for (const { step, error } of outcomes) {
    if (error?.kind !== 'noSpace') continue;
    expect(error.message).toContain('ftps.sync.snapshotLimit');
    const side = replacedSide(step);
    expect([step.path, world.contents(side).get(step.path)]).toEqual([
      step.path,
      sides?.[side].get(step.path),
    ]);
  }
}

/** On which side a step replaces or deletes something. */
export function replacedSide({ action }: PlanStep): 'local' | 'remote' {
  return action === 'upload' || action === 'deleteRemote' ? 'remote' : 'local';
}

/** What was written by an edit, not by the product. */
function isVersion(content: string): boolean {
  return /^(?:\d{4}|\d{7})$/.test(content);
}
