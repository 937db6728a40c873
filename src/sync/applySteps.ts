import { RemoteError, toRemoteError } from '../remote/errors.ts';
import { foldedName } from '../remote/foldedName.ts';
import { sideBySide } from '../remote/sideBySide.ts';
import type { BaselineStore } from './baselineStore.ts';
import { agreed, takeNote } from './agreement.ts';
import { makingWay } from './makingWay.ts';
import type { PlanStep } from './planStep.ts';
import type { ChangeContext, Side } from './side.ts';
import type { SnapshotWriter } from './snapshotStore.ts';
import type { Staging } from './staging.ts';

/** Steps that are done at the same time. */
const width = 8;

export interface StepOutcome {
  readonly step: PlanStep;
  /** Why it was not done: it stays in the plan. */
  readonly error?: RemoteError;
}

export interface ApplyPorts {
  readonly sides: Readonly<Record<'local' | 'remote', Side>>;
  readonly baseline: BaselineStore;
  readonly snapshot: SnapshotWriter;
  readonly staging: Staging;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onStep?: ((outcome: StepOutcome) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the steps, several at a time: the deletions that make way, then folders, then files, then the other deletions. Each
 * step that fails is told, and the others go on; those that have not begun when the signal comes are told as cancelled.
 */
export async function applySteps(ports: ApplyPorts, steps: readonly PlanStep[]): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  const run = async (step: PlanStep): Promise<void> => {
    const error = await failureOf(ports, step);
    const outcome: StepOutcome = error ? { step, error } : { step };
    outcomes.push(outcome);
    ports.onStep?.(outcome);
  };
  const isDeletion = ({ action }: PlanStep): boolean => action === 'deleteLocal' || action === 'deleteRemote';
  const first = makingWay(steps);
  const rest = steps.filter((step) => !first.has(step));
  await removeAll([...first], run);
  // Folders in the order of the plan: those around others first.
  for (const step of rest.filter((step) => step.kind === 'folder' && !isDeletion(step))) await run(step);
  await runAll(
    rest.filter((step) => step.kind === 'file' && !isDeletion(step)),
    run,
  );
  await removeAll(rest.filter(isDeletion), run);
  return outcomes;
}

/** What is in a folder goes before the folder. */
async function removeAll(steps: readonly PlanStep[], run: (step: PlanStep) => Promise<void>): Promise<void> {
  await runAll(
    steps.filter(({ kind }) => kind === 'file'),
    run,
  );
  const folders = steps.filter(({ kind }) => kind === 'folder');
  for (const step of folders.toSorted((a, b) => b.path.length - a.path.length)) await run(step);
}

/** Names that a disk or a server may take for one come one after the other: then the second is not put over the first. */
async function runAll(steps: readonly PlanStep[], run: (step: PlanStep) => Promise<void>): Promise<void> {
  const groups = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const name = foldedName(step.path);
    groups.set(name, [...(groups.get(name) ?? []), step]);
  }
  await sideBySide(groups.values(), width, async (group) => {
    for (const step of group) await run(step);
  });
}

async function failureOf(ports: ApplyPorts, step: PlanStep): Promise<RemoteError | undefined> {
  if (ports.signal?.aborted) return new RemoteError('cancelled', step.path, 'It was cancelled.');
  try {
    await apply(ports, step);
    return undefined;
  } catch (error) {
    const failure = toRemoteError(error, step.path, 'save');
    if (failure.kind === 'conflict') await doubtBaseline(ports.baseline, step.path);
    return failure;
  }
}

/** @throws RemoteError; nothing is lost then, and what was not done can be done later */
async function apply(ports: ApplyPorts, step: PlanStep): Promise<void> {
  const { path, action, kind } = step;
  switch (action) {
    case 'upload':
      return kind === 'folder' ? makeFolder(ports, path, 'remote') : carry(ports, step, 'local', 'remote');
    case 'download':
      return kind === 'folder' ? makeFolder(ports, path, 'local') : carry(ports, step, 'remote', 'local');
    case 'deleteRemote':
      return remove(ports, step, 'remote');
    case 'deleteLocal':
      return remove(ports, step, 'local');
    case 'adopt':
    case 'forget':
      return takeNote(ports.baseline, step, ports.now());
    case 'conflict':
    case 'leave': {
      const message = `${path}: it is not decided which side is right, so nothing was done.`;
      throw new RemoteError('failed', path, message);
    }
  }
}

async function makeFolder(ports: ApplyPorts, path: string, side: 'local' | 'remote'): Promise<void> {
  await ports.sides[side].makeFolder(path, contextOf(ports, path, undefined));
  await ports.baseline.set(path, { kind: 'folder' });
}

async function carry(
  ports: ApplyPorts,
  step: PlanStep,
  from: 'local' | 'remote',
  to: 'local' | 'remote',
): Promise<void> {
  const { path } = step;
  const { sides, staging, baseline, signal, now } = ports;
  const readAt = now();
  const content = await sides[from].stage(
    path,
    { node: step[from], hash: unchangedHash(ports, step, from) },
    signal,
  );
  try {
    const context = { ...contextOf(ports, path, step[to]), expected: expectedOf(ports, step, to) };
    const version = await sides[to].put(path, content, context);
    if (content.isLink === true) return;
    const [local, remote] = from === 'local' ? [content.version, version] : [version, content.version];
    const putAt = now();
    const at = from === 'local' ? { local: readAt, remote: putAt } : { local: putAt, remote: readAt };
    await baseline.set(path, agreed(local, remote, content.hash, at));
  } finally {
    await staging.release(content.file);
  }
}

async function remove(ports: ApplyPorts, step: PlanStep, side: 'local' | 'remote'): Promise<void> {
  const { path, kind } = step;
  const context = { ...contextOf(ports, path, step[side]), expected: expectedOf(ports, step, side) };
  const other = side === 'local' ? 'remote' : 'local';
  // A listing that was cut, unnoticed, is no reason to delete anything.
  if (!step[other]) await ports.sides[other].requireNothing(path, ports.signal);
  if (kind === 'folder') await ports.sides[side].removeFolder(path, context);
  else await ports.sides[side].remove(path, context);
  await ports.baseline.delete(path);
  if (step.reason === 'namesFold') await forgetOtherSpellings(ports.baseline, path);
}

/** That another spelling is not there is no deletion of it: there was room for one of them alone. */
async function forgetOtherSpellings(baseline: BaselineStore, path: string): Promise<void> {
  for (const known of baseline.entries.keys())
    if (foldedName(known) === foldedName(path)) await baseline.delete(known);
}

function contextOf(ports: ApplyPorts, path: string, node: PlanStep['local']): ChangeContext {
  const { snapshot, signal, baseline } = ports;
  return { expected: { node }, snapshot, before: baseline.entries.get(path), signal };
}

function expectedOf(ports: ApplyPorts, step: PlanStep, side: 'local' | 'remote'): ChangeContext['expected'] {
  return { node: step[side], hash: unchangedHash(ports, step, side) };
}

/** The hash that a side must have which the plan took for unchanged. */
function unchangedHash(ports: ApplyPorts, step: PlanStep, side: 'local' | 'remote'): string | undefined {
  const base = ports.baseline.entries.get(step.path);
  if (base?.kind !== 'file' || step[side]?.kind !== 'file') return undefined;
  const isUnchanged =
    (step.reason === 'changed' && side === (step.action === 'upload' ? 'remote' : 'local')) ||
    step.reason === 'deletedOnOtherSide' ||
    (step.reason === 'missing' && side === (step.action === 'upload' ? 'local' : 'remote'));
  return isUnchanged ? base.hash : undefined;
}

/** What the baseline says of this path turned out not to be so: the next comparison reads it. */
async function doubtBaseline(baseline: BaselineStore, path: string): Promise<void> {
  const entry = baseline.entries.get(path);
  if (entry?.kind !== 'file') return;
  await baseline.set(path, {
    ...entry,
    local: { ...entry.local, modifiedAt: 0 },
    remote: { ...entry.remote, modifiedAt: 0 },
  });
}
