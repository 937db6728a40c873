import type { Baseline, BaselineEntry } from './baseline.ts';
import { compareVersions, type FileVersion, isNewer } from './fileVersion.ts';
import { filledFolders } from './filledFolders.ts';
import { findFoldedNames } from './foldedNames.ts';
import type { Action, PlanOptions, PlanStep, Reason } from './planStep.ts';
import { isKnownMissing, parentOf, type SideNode, type SideTree } from './sideTree.ts';

/** SHA-256 of what was read of a file to settle a doubt, by side; hexadecimal. */
export interface ContentHashes {
  readonly local?: string;
  readonly remote?: string;
}

export interface PlanInput {
  readonly local: SideTree;
  readonly remote: SideTree;
  readonly baseline: Baseline;
  readonly options: PlanOptions;
  /** What has been read so far to settle doubts, by path. */
  readonly contents: ReadonlyMap<string, ContentHashes>;
}

/** A file whose content has to be read before it is known what to do. */
export interface Doubt {
  readonly path: string;
  readonly side: 'local' | 'remote';
  readonly size: number;
  /** Whether a large file may stay in doubt. One that was in step may not: nothing but its content tells that it still is. */
  readonly mayStay: boolean;
}

export interface Plan {
  /** Parents before what is in them; deletions the other way round. */
  readonly steps: readonly PlanStep[];
  /** What the steps take for changed because nobody has looked. */
  readonly doubts: readonly Doubt[];
}

/** What has become of a path on one side since both were in step. */
type Fate = 'missing' | 'unknown' | 'same' | 'changed' | 'other';

interface Verdict {
  readonly action: Action;
  readonly reason: Reason;
}

/** What to do so that both sides are in step again: three-way, without a clock, without touching anything. */
export function planSync(input: PlanInput): Plan {
  const doubts: Doubt[] = [];
  const paths = new Set([
    ...input.local.nodes.keys(),
    ...input.remote.nodes.keys(),
    ...input.baseline.keys(),
  ]);
  const verdicts = new Map<string, Verdict>();
  const closed = closedPaths(input);
  for (const path of paths) {
    const ownDoubts: Doubt[] = [];
    const verdict = isBelow(closed, path) ? left(input, path) : judge(input, path, ownDoubts);
    doubts.push(...ownDoubts);
    if (verdict) verdicts.set(path, verdict);
  }
  refuseFoldedNames(input, verdicts);
  refuseBelowConflicts(verdicts);
  keepFilledFolders(input, verdicts);
  return {
    steps: [...verdicts].map(([path, verdict]) => stepOf(input, path, verdict)).toSorted(inOrder),
    doubts,
  };
}

/** What is no folder on one side at least, though the other may have something below it. */
function closedPaths(input: PlanInput): ReadonlySet<string> {
  const nodes = [...input.local.nodes, ...input.remote.nodes];
  return new Set(nodes.flatMap(([path, { kind }]) => (kind === 'other' ? [path] : [])));
}

function isBelow(closed: ReadonlySet<string>, path: string): boolean {
  if (closed.size === 0) return false;
  for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder))
    if (closed.has(folder)) return true;
  return false;
}

/** Below a link nothing is known to be there, or to be missing. */
function left({ local, remote }: PlanInput, path: string): Verdict | undefined {
  const isThere = local.nodes.has(path) || remote.nodes.has(path);
  return isThere ? { action: 'leave', reason: 'belowNoFolder' } : undefined;
}

/** @param doubts of this path alone; more are added */
function judge(input: PlanInput, path: string, doubts: Doubt[]): Verdict | undefined {
  const [local, remote] = [input.local.nodes.get(path), input.remote.nodes.get(path)];
  if (local?.kind === 'other' || remote?.kind === 'other') return { action: 'leave', reason: 'notAFile' };
  if (local && remote && local.kind !== remote.kind) return { action: 'conflict', reason: 'kindsDiffer' };
  const known = input.baseline.get(path);
  const base =
    known && [local, remote].every((node) => !node || node.kind === known.kind) ? known : undefined;
  const mine = fate(input, path, 'local', base, doubts);
  const theirs = fate(input, path, 'remote', base, doubts);
  if (mine === 'unknown' || theirs === 'unknown')
    return base ? undefined : ifOnlyMade(atFirst(input.options, local, remote));
  if (mine === 'missing' && theirs === 'missing') return known && { action: 'forget', reason: 'bothGone' };
  if (local?.kind === 'file' && remote?.kind === 'file' && (mine === 'changed' || theirs === 'changed')) {
    const unchanged = base?.kind === 'file' ? base.hash : undefined;
    const hashes = {
      local: mine === 'same' ? unchanged : input.contents.get(path)?.local,
      remote: theirs === 'same' ? unchanged : input.contents.get(path)?.remote,
    };
    if (haveSameContent(path, local.version, remote.version, hashes, doubts)) {
      return { action: 'adopt', reason: 'identical' };
    }
  }
  if (local?.kind === 'folder' && remote?.kind === 'folder') {
    return base ? undefined : { action: 'adopt', reason: 'identical' };
  }
  return base ? sinceBaseline(input.options, mine, theirs) : atFirst(input.options, local, remote);
}

/** Of a path that both sides once had in step. */
function sinceBaseline(options: PlanOptions, mine: Fate, theirs: Fate): Verdict | undefined {
  if (mine === 'same' && theirs === 'same') return undefined;
  const { direction } = options;
  if (mine === 'changed' && theirs === 'changed') return { action: 'conflict', reason: 'bothChanged' };
  if (mine === 'same' && theirs === 'changed') {
    return direction === 'toRemote' ? conflict('changedOnTarget') : { action: 'download', reason: 'changed' };
  }
  if (mine === 'changed' && theirs === 'same') {
    return direction === 'toLocal' ? conflict('changedOnTarget') : { action: 'upload', reason: 'changed' };
  }
  if (mine === 'missing' && theirs === 'same') {
    if (direction === 'toLocal') return create(options, 'download', 'missing');
    return remove(options, 'deleteRemote', 'deletedOnOtherSide');
  }
  if (mine === 'same' && theirs === 'missing') {
    if (direction === 'toRemote') return create(options, 'upload', 'missing');
    return remove(options, 'deleteLocal', 'deletedOnOtherSide');
  }
  // Changed here and deleted there. What has changed goes where the direction carries it anyway.
  if (mine === 'changed' && direction === 'toRemote') return create(options, 'upload', 'changed');
  if (theirs === 'changed' && direction === 'toLocal') return create(options, 'download', 'changed');
  return conflict('changedAndDeleted');
}

/** Where it is not known whether something is there, something new can be made: that fails if there is. */
function ifOnlyMade(verdict: Verdict | undefined): Verdict | undefined {
  return verdict?.action === 'upload' || verdict?.action === 'download' ? verdict : undefined;
}

/** Of a path of which nothing is known but what is there now. */
function atFirst(
  options: PlanOptions,
  local: SideNode | undefined,
  remote: SideNode | undefined,
): Verdict | undefined {
  const { direction } = options;
  if (local && !remote) {
    if (direction === 'toLocal') return remove(options, 'deleteLocal', 'extra');
    return create(options, 'upload', 'new');
  }
  if (remote && !local) {
    if (direction === 'toRemote') return remove(options, 'deleteRemote', 'extra');
    return create(options, 'download', 'new');
  }
  if (local?.kind !== 'file' || remote?.kind !== 'file') return undefined;
  if (direction === 'both') return conflict('bothChanged');
  const [from, to] = direction === 'toRemote' ? [local, remote] : [remote, local];
  if (options.onlyNewer && !isNewer(from, to)) {
    return { action: 'leave', reason: 'notNewer' };
  }
  return { action: direction === 'toRemote' ? 'upload' : 'download', reason: 'differs' };
}

function conflict(reason: Reason): Verdict {
  return { action: 'conflict', reason };
}

function create(options: PlanOptions, action: Action, reason: Reason): Verdict {
  return options.existingOnly ? { action: 'leave', reason: 'notThere' } : { action, reason };
}

function remove(options: PlanOptions, action: Action, reason: Reason): Verdict {
  return options.deleteExtra ? { action, reason } : { action: 'leave', reason: 'kept' };
}

function fate(
  input: PlanInput,
  path: string,
  side: 'local' | 'remote',
  base: BaselineEntry | undefined,
  doubts: Doubt[],
): Fate {
  const tree = input[side];
  const node = tree.nodes.get(path);
  if (!node) return isKnownMissing(tree, path) ? 'missing' : 'unknown';
  if (node.kind === 'other') return 'other';
  if (!base) return 'changed';
  if (node.kind === 'folder' || base.kind === 'folder') return 'same';
  const comparison = compareVersions(base[side], node.version);
  if (comparison !== 'doubtful') return comparison === 'same' ? 'same' : 'changed';
  const hash = input.contents.get(path)?.[side];
  if (hash !== undefined) return hash === base.hash ? 'same' : 'changed';
  doubts.push({ path, side, size: node.version.size, mayStay: false });
  return 'changed';
}

/** One has changed or both have, or nothing is known: it may have been to the same. */
function haveSameContent(
  path: string,
  local: FileVersion,
  remote: FileVersion,
  hashes: Readonly<Record<'local' | 'remote', string | undefined>>,
  doubts: Doubt[],
): boolean {
  if (local.size !== remote.size) return false;
  for (const side of ['local', 'remote'] as const) {
    const isAsked = doubts.some((doubt) => doubt.side === side);
    if (hashes[side] === undefined && !isAsked) doubts.push({ path, side, size: local.size, mayStay: true });
  }
  return hashes.local !== undefined && hashes.local === hashes.remote;
}

/** Where one name would be made beside another that many file systems take for the same, nothing is made. */
function refuseFoldedNames({ local, remote }: PlanInput, verdicts: Map<string, Verdict>): void {
  for (const path of findFoldedNames([local.nodes.keys(), remote.nodes.keys()])) {
    const action = verdicts.get(path)?.action;
    const creates =
      (action === 'upload' && !remote.nodes.has(path)) || (action === 'download' && !local.nodes.has(path));
    // A deletion may be the other half of a renaming.
    if (creates || action === 'deleteLocal' || action === 'deleteRemote')
      verdicts.set(path, conflict('namesFold'));
  }
}

/** Nothing can be put into a folder that is not agreed upon. */
function refuseBelowConflicts(verdicts: Map<string, Verdict>): void {
  for (const [path, verdict] of verdicts) {
    if (verdict.action !== 'upload' && verdict.action !== 'download') continue;
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      const above = verdicts.get(folder);
      if (above?.action !== 'conflict') continue;
      verdicts.set(path, above);
      break;
    }
  }
}

/** A folder goes only when all that is in it goes, and all that is in it is known: what is ignored stays. */
function keepFilledFolders(input: PlanInput, verdicts: Map<string, Verdict>): void {
  for (const [side, action] of [
    ['local', 'deleteLocal'],
    ['remote', 'deleteRemote'],
  ] as const) {
    const filled = filledFolders(input[side], (path) => verdicts.get(path)?.action === action);
    for (const folder of filled) {
      if (verdicts.get(folder)?.action === action) verdicts.set(folder, { action: 'leave', reason: 'kept' });
    }
  }
}

function stepOf(input: PlanInput, path: string, { action, reason }: Verdict): PlanStep {
  const [local, remote] = [input.local.nodes.get(path), input.remote.nodes.get(path)];
  const travels = action === 'upload' ? local : action === 'download' ? remote : undefined;
  return {
    path,
    kind: (local ?? remote ?? input.baseline.get(path))?.kind === 'folder' ? 'folder' : 'file',
    action,
    reason,
    local,
    remote,
    bytes: travels?.kind === 'file' ? travels.version.size : 0,
    ...(action === 'adopt' ? agreedHash(input, path) : {}),
  };
}

function agreedHash({ contents, baseline }: PlanInput, path: string): { hash?: string } {
  const [read, base] = [contents.get(path), baseline.get(path)];
  const hash = read?.local ?? read?.remote ?? (base?.kind === 'file' ? base.hash : undefined);
  return hash === undefined ? {} : { hash };
}

function inOrder(a: PlanStep, b: PlanStep): number {
  const deletes = (step: PlanStep): boolean =>
    step.action === 'deleteLocal' || step.action === 'deleteRemote';
  if (deletes(a) !== deletes(b)) return deletes(a) ? 1 : -1;
  const order = a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
  return deletes(a) ? -order : order;
}
