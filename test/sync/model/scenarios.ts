import * as fc from 'fast-check';
import { expect } from 'vitest';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { FolderSync } from '../../../src/sync/folderSync.ts';
import { canBeSettled, type PlanOptions, type PlanStep, settle } from '../../../src/sync/planStep.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';
import { DiskFiles, type ServerHabits } from './diskFiles.ts';
import { type Fault, FaultyFiles } from './faultyFiles.ts';
import { expectLeftAlone, expectNothingLost, holdingsOf } from './keeping.ts';
import { playTakes, type Takes } from './takes.ts';
import { ample, type Edit, ignored, World } from './world.ts';

export interface Round {
  readonly edits: readonly Edit[];
  /** Milliseconds that pass before. */
  readonly pass: number;
  readonly options: PlanOptions;
  /** What goes wrong while the plan is carried out. */
  readonly fault: Fault | undefined;
  /** What somebody does between the plan and the deed. */
  readonly late: Edit | undefined;
  /** Which side is taken of conflicts; undefined: none is settled. */
  readonly keep: 'mine' | 'theirs' | undefined;
  readonly undo: boolean;
  /** Bytes for undos. */
  readonly room: number;
  readonly takes: Takes | undefined;
}

export interface Scenario {
  readonly habits: ServerHabits;
  readonly rounds: readonly Round[];
}

const day = 86_400_000;
const paths = ['a', 'b', '.c', 'd', 'd/a', 'd/b', 'd/e/f', 'g/h/i', 'g/h'];
const leftAlone = `d/e/${ignored}`;

const edit: fc.Arbitrary<Edit> = fc.record({
  side: fc.constantFrom('local', 'remote'),
  path: fc.constantFrom(...paths, leftAlone),
  deed: fc.oneof(
    { weight: 5, arbitrary: fc.constant('write' as const) },
    { weight: 2, arbitrary: fc.constant('delete' as const) },
    { weight: 1, arbitrary: fc.constant('touch' as const) },
  ),
  size: fc.constantFrom(0, 0, 0, 3),
});

const fault: fc.Arbitrary<Fault> = fc.record({
  after: fc.oneof(fc.nat(6), fc.nat(30)),
  kind: fc.constantFrom('refused', 'lost', 'dead', 'cut', 'crash', 'crash'),
  turns: fc.constantFrom(0, 1, 3, 10, 30, 100, 300, 1000),
});

const takes: fc.Arbitrary<Takes> = fc.record({
  paths: fc.subarray(paths, { minLength: 2, maxLength: 5 }),
  from: fc.constantFrom('mine', 'theirs'),
  mayDelete: fc.boolean(),
  together: fc.boolean(),
});

const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(edit, { maxLength: 6 }),
  pass: fc.constantFrom(0, 0, 3000, 3 * day),
  options: fc.record({
    direction: fc.constantFrom('both', 'both', 'toRemote', 'toLocal'),
    deleteExtra: fc.constantFrom(true, true, false),
    onlyNewer: fc.constantFrom(false, false, true),
    existingOnly: fc.constantFrom(false, false, false, true),
  }),
  fault: fc.option(fault, { nil: undefined, freq: 2 }),
  late: fc.option(edit, { nil: undefined, freq: 4 }),
  keep: fc.constantFrom('mine', 'theirs', undefined),
  undo: fc.boolean(),
  // Enough for all, for a few versions, for one, for none; what is noted of earlier syncs alone is more than that.
  room: fc.constantFrom(ample, ample, ample, ample, ample, ample, 30, 7, 0),
  takes: fc.oneof({ weight: 14, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: takes }),
});

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  habits: fc.record({
    skew: fc.constantFrom(0, 7 * 3_600_000 + 13 * 60_000, -7 * 3_600_000 - 13 * 60_000),
    source: fc.constantFrom('facts', 'list'),
    hash: fc.constantFrom(undefined, undefined, 'sha256', 'md5'),
  }),
  rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
});

/** Where a scenario is played. */
export interface Stage {
  readonly world: World;
  /** The server in the course of the scenario, as the world is by now. */
  readonly files: () => SyncFiles;
  /** Kills the product at once, where that can be played. */
  readonly kill?: () => void;
  /** The same files, through a server at which nothing goes wrong. */
  readonly healthy: () => SyncFiles;
  /** The mapped folder, as the server names it. */
  readonly remoteFolder: string;
}

/** Plays a scenario on a server made of a folder. */
export async function play(scene: Scenario): Promise<void> {
  using world = World.create();
  const files = (): SyncFiles => new DiskFiles(world.folder('remote'), scene.habits, () => world.now).files;
  const kill = (): void => world.crash('/');
  await playOn({ world, files, kill, healthy: files, remoteFolder: '/' }, scene.rounds);
  expect(world.unfinished()).toEqual([]);
}

/** Plays the rounds, and checks after every deed of the product that nothing is lost. */
export async function playOn(stage: Stage, rounds: readonly Round[]): Promise<void> {
  for (const at of rounds) await playRound(stage, at);
  await settleAll(stage);
}

async function playRound({ world, files, kill, remoteFolder }: Stage, at: Round): Promise<void> {
  const line = new FaultyFiles(files(), kill);
  const { room } = at;
  world.pass(at.pass);
  for (const one of at.edits) await world.edit(one);
  await using sync = world.sync(line.files, remoteFolder, room);
  const steps = await stepsOf(sync, at.options);
  if (at.late) await world.edit(at.late);
  const before = await holdingsOf(world, sync, room);
  line.breakDown(at.fault);
  const { outcomes } = await sync.apply(doable(steps, at.keep));
  line.breakDown(undefined);
  // After a restart.
  await using again = world.sync(files(), remoteFolder, room);
  await expectNothingLost(world, before, again);
  expectLeftAlone(world, before, outcomes);
  if (at.takes) await playTakes({ world, files: files(), remoteFolder, room }, at.takes);
  if (!at.undo) return;
  const present = await holdingsOf(world, again, room);
  await again.undoLast();
  await expectNothingLost(world, present);
}

/** None where a server that is out of order cannot even be compared with. */
async function stepsOf(sync: FolderSync, options: PlanOptions): Promise<readonly PlanStep[]> {
  try {
    return (await sync.review(options)).steps;
  } catch (error) {
    if (error instanceof RemoteError) return [];
    throw error;
  }
}

/** Without faults, and with room for what they replace, both sides end equal, in every direction, and the next sync has nothing to do. */
async function settleAll(stage: Stage): Promise<void> {
  const { world } = stage;
  // A cut upload stays where the server keeps it, until whoever is offered to remove it does so.
  world.removeUnfinished();
  const around = (await settleTo(stage, 'both')).filter(({ reason }) => reason !== 'kept');
  expect(around).toEqual([]);
  for (const side of ['local', 'remote'] as const) {
    await world.edit({ side, path: leftAlone, deed: 'delete', size: 0 });
  }
  for (const direction of ['both', 'toRemote', 'toLocal'] as const) {
    const steps = await settleTo(stage, direction);
    expect(world.contents('local')).toEqual(world.contents('remote'));
    expect(steps).toEqual([]);
  }
}

/** @returns what is left to do, or left alone */
async function settleTo(
  { world, healthy, remoteFolder }: Stage,
  direction: PlanOptions['direction'],
): Promise<readonly PlanStep[]> {
  const options = { direction, deleteExtra: true, onlyNewer: false, existingOnly: false };
  await using sync = world.sync(healthy(), remoteFolder, ample);
  // A conflict of a folder stands for what is in it, which comes up once it is settled.
  let { steps } = await sync.review(options);
  for (let times = 0; times < 6 && steps.some(({ action }) => action !== 'leave'); times++) {
    // A file here and a folder there: only the user can say which of them gives way, and clears it.
    for (const { path, reason } of steps) {
      if (reason === 'kindsDiffer') await world.edit({ side: 'remote', path, deed: 'delete', size: 0 });
    }
    const { outcomes } = await sync.apply(doable(steps, 'mine'));
    const failures = outcomes.filter(({ error }) => error !== undefined && !mayComeAgain(error.kind));
    expect(failures).toEqual([]);
    ({ steps } = await sync.review(options));
  }
  return steps;
}

function mayComeAgain(kind: string): boolean {
  return kind === 'conflict';
}

function doable(steps: readonly PlanStep[], keep: 'mine' | 'theirs' | undefined): PlanStep[] {
  return steps.flatMap((step) => {
    if (step.action !== 'conflict') return step.action === 'leave' ? [] : [step];
    return keep && canBeSettled(step) ? [settle(step, keep)] : [];
  });
}
