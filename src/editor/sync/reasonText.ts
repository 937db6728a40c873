import type { Direction, PlanStep } from '../../sync/planStep.ts';

/** Why a step is in the plan, in words that follow a file's name. "Here" is this computer. */
export function reasonText(step: PlanStep, pair: { readonly direction: Direction }): string {
  const { action, reason, local, remote } = step;
  switch (reason) {
    case 'new':
      return action === 'download' ? 'new on the server' : 'new here';
    case 'changed':
      return action === 'download' ? 'changed on the server' : 'changed here';
    case 'deletedOnOtherSide':
      return action === 'deleteLocal'
        ? 'deleted on the server, to be deleted here'
        : 'deleted here, to be deleted on the server';
    case 'extra':
      return action === 'deleteLocal'
        ? 'not on the server, to be deleted here'
        : 'not here, to be deleted on the server';
    case 'missing':
      return action === 'download' ? 'missing here' : 'missing on the server';
    case 'differs':
      return 'not the same on both sides';
    case 'identical':
      return 'the same on both sides';
    case 'bothChanged':
      return 'each side has a version of its own';
    case 'changedOnTarget':
      return pair.direction === 'toLocal' ? 'changed here since the last sync' : 'changed on the server';
    case 'changedAndDeleted':
      return local ? 'changed here, deleted on the server' : 'deleted here, changed on the server';
    case 'kindsDiffer':
      if (!local || !remote) return 'lies in a folder that is a file on the other side';
      return local?.kind === 'folder'
        ? 'a folder here, a file on the server: rename one'
        : 'a file here, a folder on the server: rename one';
    case 'namesFold':
      return 'another name differs from it in nothing but case or accents';
    case 'bothGone':
      return 'deleted on both sides';
    case 'notNewer':
      return pair.direction === 'toLocal' ? 'not newer on the server' : 'not newer here';
    case 'notThere':
      return local
        ? 'not on the server, and nothing is to be created'
        : 'not here, and nothing is to be created';
    case 'kept':
      if (local && remote) return 'kept: not all that is in it goes';
      return local ? 'only here, and kept' : 'only on the server, and kept';
    case 'notAFile':
      return whyNotAFile(step);
  }
}

function whyNotAFile({ local, remote }: PlanStep): string {
  if (local?.kind === 'other') return `${local.why} (here)`;
  if (remote?.kind === 'other') return `${remote.why} (on the server)`;
  return 'not a file';
}
