import type { Direction, PlanStep } from '../../sync/planStep.ts';

/** Why a step is in the plan, in words that follow a file's name. "Here" is this computer. */
export function reasonText(step: PlanStep, pair: { readonly direction: Direction }): string {
  const { action, reason, local, remote } = step;
  switch (reason) {
    case 'new':
      return action === 'download' ? 'new on server' : 'new here';
    case 'changed':
      return action === 'download' ? 'changed on server' : 'changed here';
    case 'deletedOnOtherSide':
      return action === 'deleteLocal' ? 'deleted on server' : 'deleted here';
    case 'extra':
      return action === 'deleteLocal' ? 'not on server' : 'not here';
    case 'missing':
      return action === 'download' ? 'missing here' : 'missing on server';
    case 'differs':
    case 'bothChanged':
      return 'both sides differ';
    case 'identical':
      return 'the same on both sides';
    case 'changedOnTarget':
      return pair.direction === 'toLocal' ? 'changed here' : 'changed on server';
    case 'changedAndDeleted':
      return local ? 'changed here, deleted on server' : 'deleted here, changed on server';
    case 'kindsDiffer':
      if (!local || !remote) return 'in a folder that is a file on the other side';
      return local.kind === 'folder' ? 'folder here, file on server' : 'file here, folder on server';
    case 'namesFold':
      return 'another name differs in case or accents alone';
    case 'bothGone':
      return 'deleted on both sides';
    case 'notNewer':
      return pair.direction === 'toLocal' ? 'not known to be newer on server' : 'not known to be newer here';
    case 'notThere':
      return local ? 'only here, and nothing is created' : 'only on server, and nothing is created';
    case 'kept':
      if (local && remote) return 'kept, since not all in it goes';
      return local ? 'only here, and kept' : 'only on server, and kept';
    case 'notAFile':
      return whyNotAFile(step);
    case 'belowNoFolder':
      return `in a folder that is left alone ${local ? 'on server' : 'here'}`;
  }
}

function whyNotAFile({ local, remote }: PlanStep): string {
  if (local?.kind === 'other') return `${local.why} (here)`;
  if (remote?.kind === 'other') return `${remote.why} (on server)`;
  return 'not a file';
}
