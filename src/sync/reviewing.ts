import { inParts } from '../remote/sideBySide.ts';
import { takeNote } from './agreement.ts';
import type { BaselineStore } from './baselineStore.ts';
import { type ContentReader, readContents } from './contents.ts';
import { isToldAlike } from './fileVersion.ts';
import { type ContentHashes, type Plan, type PlanInput, planSync } from './plan.ts';
import type { PlanStep } from './planStep.ts';

/** Notes that wait for the disk together. */
const mostAtOnce = 1000;

/** What is compared, before any file has been read. */
type Compared = Omit<PlanInput, 'contents'>;

export interface Decision {
  readonly plan: Plan;
  /** What was read to come to it, by path. */
  readonly contents: ReadonlyMap<string, ContentHashes>;
}

/** Plans, and reads what is doubtful. */
export async function decide(
  reader: ContentReader,
  input: Compared,
  signal?: AbortSignal,
): Promise<Decision> {
  const contents = new Map<string, ContentHashes>();
  let plan: Plan = planSync({ ...input, contents });
  // What is read about one side may raise the question what the other one has.
  for (let round = 0; round < 2 && plan.doubts.length > 0; round++) {
    for (const [path, read] of await readContents(reader, input, plan.doubts, signal)) {
      contents.set(path, { ...contents.get(path), ...read });
    }
    plan = planSync({ ...input, contents });
  }
  return { plan, contents };
}

/**
 * What was read and found unchanged is known to have been so when the comparison began.
 * @param began milliseconds since the epoch
 */
export function noteUnchanged(
  baseline: BaselineStore,
  input: Compared,
  contents: Decision['contents'],
  began: number,
  signal?: AbortSignal,
): Promise<void> {
  const note = async ([path, read]: readonly [string, ContentHashes]): Promise<void> => {
    const entry = baseline.entries.get(path);
    if (entry?.kind !== 'file') return;
    const unchanged = (['local', 'remote'] as const).flatMap((side) => {
      const node = input[side].nodes.get(path);
      if (read[side] !== entry.hash || node?.kind !== 'file') return [];
      const firstSeen = isToldAlike(entry[side], node.version) ? entry[side].firstSeen : began;
      return [[side, { ...node.version, firstSeen, lastSeen: began }]];
    });
    if (unchanged.length > 0) await baseline.set(path, { ...entry, ...Object.fromEntries(unchanged) });
  };
  return together([...contents], note, signal);
}

/**
 * Does the steps that change neither side.
 * @param began when the comparison did, in milliseconds since the epoch
 */
export function takeNotes(
  baseline: BaselineStore,
  steps: readonly PlanStep[],
  began: number,
  signal?: AbortSignal,
): Promise<void> {
  return together(steps, (step) => takeNote(baseline, step, began), signal);
}

async function together<Item>(
  items: readonly Item[],
  note: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  for (const some of inParts(items, mostAtOnce)) {
    signal?.throwIfAborted();
    await Promise.all(some.map(note));
  }
}
