import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../src/editor/sync/reasonText.ts';
import type { Direction, PlanStep } from '../../../src/sync/planStep.ts';
import { fileNode, stepOf } from '../support/steps.ts';

const both = { local: fileNode(), remote: fileNode() };
const here = { local: fileNode() };
const there = { remote: fileNode() };
const folderHere = { local: { kind: 'folder' }, remote: fileNode() } as const;
const folderThere = { local: fileNode(), remote: { kind: 'folder' } } as const;
const link = { kind: 'other', why: 'it is a symbolic link' } as const;

const cases: readonly (readonly [text: string, step: Partial<PlanStep>, direction?: Direction])[] = [
  ['new here', { action: 'upload', reason: 'new', ...here }],
  ['new on server', { action: 'download', reason: 'new', ...there }],
  ['changed here', { action: 'upload', reason: 'changed', ...both }],
  ['changed on server', { action: 'download', reason: 'changed', ...both }],
  ['deleted here', { action: 'deleteRemote', reason: 'deletedOnOtherSide', ...there }],
  ['deleted on server', { action: 'deleteLocal', reason: 'deletedOnOtherSide', ...here }],
  ['not here', { action: 'deleteRemote', reason: 'extra', ...there }],
  ['not on server', { action: 'deleteLocal', reason: 'extra', ...here }],
  ['missing on server', { action: 'upload', reason: 'missing', ...here }],
  ['missing here', { action: 'download', reason: 'missing', ...there }],
  ['both sides differ', { action: 'upload', reason: 'differs', ...both }],
  ['the same on both sides', { action: 'adopt', reason: 'identical', ...both }],
  ['both sides differ', { action: 'conflict', reason: 'bothChanged', ...both }],
  ['changed on server', { action: 'conflict', reason: 'changedOnTarget', ...both }, 'toRemote'],
  ['changed here', { action: 'conflict', reason: 'changedOnTarget', ...both }, 'toLocal'],
  ['changed here, deleted on server', { action: 'conflict', reason: 'changedAndDeleted', ...here }],
  ['deleted here, changed on server', { action: 'conflict', reason: 'changedAndDeleted', ...there }],
  ['folder here, file on server', { action: 'conflict', reason: 'kindsDiffer', ...folderHere }],
  ['file here, folder on server', { action: 'conflict', reason: 'kindsDiffer', ...folderThere }],
  ['in a folder that is a file on the other side', { action: 'conflict', reason: 'kindsDiffer', ...here }],
  ['another name differs in case or accents alone', { action: 'conflict', reason: 'namesFold', ...here }],
  ['deleted on both sides', { action: 'forget', reason: 'bothGone' }],
  ['not known to be newer here', { action: 'leave', reason: 'notNewer', ...both }, 'toRemote'],
  ['not known to be newer on server', { action: 'leave', reason: 'notNewer', ...both }, 'toLocal'],
  ['only here, and nothing is created', { action: 'leave', reason: 'notThere', ...here }],
  ['only on server, and nothing is created', { action: 'leave', reason: 'notThere', ...there }],
  ['only here, and kept', { action: 'leave', reason: 'kept', ...here }],
  ['only on server, and kept', { action: 'leave', reason: 'kept', ...there }],
  ['kept, since not all in it goes', { action: 'leave', reason: 'kept', ...both }],
  ['it is a symbolic link (here)', { action: 'leave', reason: 'notAFile', local: link }],
  ['it is a symbolic link (on server)', { action: 'leave', reason: 'notAFile', remote: link }],
  ['in a folder that is left alone here', { action: 'leave', reason: 'belowNoFolder', ...there }],
  ['in a folder that is left alone on server', { action: 'leave', reason: 'belowNoFolder', ...here }],
];

describe('the reason of a step', () => {
  it.each(cases.map(([text, step, direction = 'both']) => ({ text, step, direction })))(
    'reads "$text" for $step.action, $step.reason',
    ({ text, step, direction }) => {
      expect(reasonText(stepOf('a.txt', step), { direction })).toBe(text);
    },
  );
});
