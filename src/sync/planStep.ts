import type { SideNode } from './sideTree.ts';

/** Which side follows the other. */
export type Direction = 'toRemote' | 'toLocal' | 'both';

export interface PlanOptions {
  readonly direction: Direction;
  /** Deletes what one side has and the other has not; else it is kept where it is. */
  readonly deleteExtra: boolean;
  /** Where nothing is known of earlier, overwrites only what is older. */
  readonly onlyNewer: boolean;
  /** Creates nothing that the other side has not. */
  readonly existingOnly: boolean;
}

export type Action =
  | 'upload'
  | 'download'
  | 'deleteRemote'
  | 'deleteLocal'
  | 'conflict'
  | 'adopt'
  | 'forget'
  | 'leave';

export type Reason =
  | 'new'
  | 'changed'
  | 'deletedOnOtherSide'
  | 'extra'
  | 'missing'
  | 'differs'
  | 'identical'
  | 'bothChanged'
  | 'changedOnTarget'
  | 'changedAndDeleted'
  | 'kindsDiffer'
  | 'namesFold'
  | 'bothGone'
  | 'notNewer'
  | 'notThere'
  | 'kept'
  | 'notAFile'
  | 'belowNoFolder';

/** What is to be done about one path, and why. */
export interface PlanStep {
  /** Relative to the mapped folders, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly action: Action;
  readonly reason: Reason;
  /** What the plan is based on: a side that is not like this any more is left alone. */
  readonly local: SideNode | undefined;
  readonly remote: SideNode | undefined;
  /** Of what travels; 0 for the rest. */
  readonly bytes: number;
  /** SHA-256 of the content that both sides have, of a step that only takes note of it. */
  readonly hash?: string;
}

/** Whether one side of a conflict can be taken. A file and a folder of one name cannot: one has to be cleared by hand. */
export function canBeSettled({ action, reason }: PlanStep): boolean {
  return action === 'conflict' && reason !== 'kindsDiffer';
}

/** What the user makes of a conflict: one side is taken, whole. */
export function settle(step: PlanStep, keep: 'mine' | 'theirs'): PlanStep {
  const [kept, other] = keep === 'mine' ? [step.local, step.remote] : [step.remote, step.local];
  const carry = keep === 'mine' ? 'upload' : 'download';
  const remove = keep === 'mine' ? 'deleteRemote' : 'deleteLocal';
  const node = kept ?? other;
  return {
    ...step,
    kind: node?.kind === 'folder' ? 'folder' : 'file',
    action: kept ? carry : remove,
    bytes: kept?.kind === 'file' ? kept.version.size : 0,
  };
}
