import { describe, expect, it } from 'vitest';
import { guardText } from '../../../src/editor/sync/guardText.ts';
import {
  noteDescription,
  noteLabel,
  placeDescription,
  placeLabel,
} from '../../../src/editor/sync/noteText.ts';
import { outcomeText, undoMessage, undoQuestion, undoText } from '../../../src/editor/sync/outcomeText.ts';
import { localName, pairItems, pairText } from '../../../src/editor/sync/pairText.ts';
import { stepContext, stepDeed, stepDescription } from '../../../src/editor/sync/stepText.ts';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { Action, PlanStep } from '../../../src/sync/planStep.ts';
import type { ReviewItem } from '../../../src/sync/reviewModel.ts';
import type { SnapshotEntry } from '../../../src/sync/snapshotEntry.ts';
import { fileNode, stepOf } from '../support/steps.ts';

const failure = new RemoteError('noPermission', '/a', 'The server said no.');
const cancelled = new RemoteError('cancelled', '/a', 'It was cancelled.');
const both = { local: fileNode(), remote: fileNode() };

function item(path: string, step: Partial<PlanStep> = {}, further: Partial<ReviewItem> = {}): ReviewItem {
  const group = step.action === 'conflict' ? 'conflict' : 'upload';
  return { step: stepOf(path, step), group, isChecked: true, kept: undefined, error: undefined, ...further };
}

describe('the question before many files are deleted', () => {
  const pair = { host: 'ftp.example.com', remoteFolder: '/www', localFolder: '/home/anna/site' };

  it('names the server and its folder', () => {
    const text = guardText({ side: 'remote', files: 312, of: 400 }, pair);
    expect(text).toBe('Delete 312 of 400 files on ftp.example.com in /www?');
  });

  it('names the folder here, and says when nothing would be left', () => {
    const text = guardText({ side: 'local', files: 4, of: 4 }, pair);
    expect(text).toBe('Delete all 4 files on this computer in /home/anna/site?');
  });
});

describe('the row of a step', () => {
  const plain = { direction: 'both', isMerging: false } as const;

  it('tells the folder and the reason', () => {
    expect(stepDescription(item('css/site/a.css'), plain)).toBe('css/site · new here');
    expect(stepDescription(item('a.css'), plain)).toBe('new here');
  });

  it('tells why it has failed before all else', () => {
    const failed = item('a.css', {}, { error: failure });
    expect(stepDescription(failed, plain)).toBe('failed: The server said no.');
  });

  it('tells which side of a conflict is kept, and what that does', () => {
    const conflict = item('a', { action: 'conflict', reason: 'bothChanged', ...both });
    expect(stepDescription({ ...conflict, kept: 'mine' }, plain)).toBe('keeps mine');
    expect(stepDeed({ ...conflict, kept: 'mine' })).toBe('To be uploaded, over what the server has.');
    expect(stepDescription({ ...conflict, kept: 'theirs' }, plain)).toBe('keeps theirs');
    expect(stepDeed({ ...conflict, kept: 'theirs' })).toBe('To be downloaded, over what is here.');
    expect(stepDeed(conflict)).toMatch(/^Nothing is done until/);
  });

  it('tells what keeping a deletion does', () => {
    const conflict = { action: 'conflict', reason: 'changedAndDeleted' } as const;
    const goneHere = item('a', { ...conflict, remote: fileNode() });
    const goneThere = item('a', { ...conflict, local: fileNode() });
    expect(stepDeed({ ...goneHere, kept: 'mine' })).toBe('To be deleted on the server.');
    expect(stepDeed({ ...goneThere, kept: 'theirs' })).toBe('To be deleted here.');
  });

  it('tells of a conflict that cannot be settled what to do', () => {
    const blocked = item('a', { action: 'conflict', reason: 'kindsDiffer', ...both });
    expect(stepDeed(blocked)).toBe('Rename or remove one of the two, and compare again.');
    expect(stepContext(blocked, false, false)).toBe('step-conflict-blocked');
  });

  it('tells of a merge', () => {
    const conflict = item('a', { action: 'conflict', reason: 'bothChanged', ...both });
    const merging = { direction: 'both', isMerging: true } as const;
    expect(stepDescription(conflict, merging)).toBe('being merged');
    expect(stepDescription({ ...conflict, kept: 'mine' }, merging)).toBe('merged here');
    expect(stepContext(conflict, true, true)).toBe('step-conflict-settleable-both-merging');
  });

  it('offers a merge only where both sides have a file', () => {
    const conflict = item('a', { action: 'conflict', reason: 'changedAndDeleted', local: fileNode() });
    expect(stepContext(conflict, true, false)).toBe('step-conflict-settleable');
    expect(stepContext(item('a'), false, false)).toBe('step-upload-file');
  });
});

describe('the message after a sync', () => {
  const done = (action: Action) => ({ step: stepOf('a', { action }) });

  it('counts what was done', () => {
    const outcomes = [done('upload'), done('upload'), done('download'), done('deleteRemote')];
    expect(outcomeText([...outcomes, done('deleteLocal')])).toBe(
      '2 uploaded, 1 downloaded, 1 deleted on the server, 1 deleted here.',
    );
  });

  it('counts what has failed, and what was called off, apart', () => {
    const outcomes = [
      done('upload'),
      { ...done('upload'), error: failure },
      { ...done('upload'), error: cancelled },
    ];
    expect(outcomeText(outcomes)).toBe('1 uploaded, 1 failed, 1 not done.');
  });
});

describe('an undo', () => {
  const entry = (side: SnapshotEntry['side'], change: SnapshotEntry['change']): SnapshotEntry => ({
    side,
    change,
    path: 'a',
    kind: 'file',
  });

  it('asks by what it would do on each side', () => {
    const entries = [
      entry('remote', 'overwritten'),
      entry('remote', 'overwritten'),
      entry('remote', 'created'),
      entry('local', 'deleted'),
    ];
    expect(undoQuestion(entries)).toBe('On the server: 2 restored, 1 removed again.\nHere: 1 brought back.');
  });

  it('names the sync, the folders and the server', () => {
    const profile = { name: 'demo', host: 'ftp.example.com' };
    const pair = { profile, mapping: { local: 'site', remote: '/www' }, workspaceFolder: '/home/anna/work' };
    const folders = 'between site and demo:/www (ftp.example.com)?';
    expect(undoMessage(pair, 'something')).toBe(`Undo the last sync ${folders}`);
    const text = undoMessage(pair, '20261120T142331.500Z');
    expect(text).toMatch(/^Undo the last sync of .*2026.* between /);
    expect(text.endsWith(folders)).toBe(true);
  });

  it('tells what was not undone, and why', () => {
    const [one, other] = [entry('local', 'created'), entry('remote', 'deleted')];
    expect(undoText([{ entry: one }, { entry: other }])).toBe('Undone: 2 changes.');
    expect(undoText([{ entry: one }, { entry: other, error: failure }])).toBe(
      'Undone: 1 of 2 changes. Not undone: The server said no.',
    );
    const many = Array.from({ length: 5 }, () => ({ entry: one, error: failure }));
    expect(undoText(many)).toMatch(/^Nothing was undone\. Not undone: .* And 2 more\.$/);
  });
});

describe('the name of a pair', () => {
  const profile = { name: 'demo', host: 'ftp.example.com' };

  it('shows which side follows the other', () => {
    const pair = { profile, mapping: { local: 'site', remote: '/www' }, workspaceFolder: '/home/anna/work' };
    expect(pairText(pair, 'toRemote')).toBe('site → demo:/www');
    expect(pairText(pair, 'toLocal')).toBe('site ← demo:/www');
    expect(pairText(pair, 'both')).toBe('site ↔ demo:/www');
    expect(pairText(pair, 'both', 'css/deep')).toBe('site/css/deep ↔ demo:/www/css/deep');
  });

  it('is joined by the local folder where the choice is between two that look the same', () => {
    const pairs = ['/home/anna/one', '/home/anna/two'].map((workspaceFolder) => {
      const mapping = { local: 'site', remote: '/www' };
      return { profile, mapping, workspaceFolder, localFolder: `${workspaceFolder}/site` };
    });
    const [one, two] = pairs;
    expect(pairItems(pairs)).toEqual([
      { label: 'site', description: 'demo:/www (ftp.example.com)', detail: '/home/anna/one/site', pair: one },
      { label: 'site', description: 'demo:/www (ftp.example.com)', detail: '/home/anna/two/site', pair: two },
    ]);
    expect(pairItems(pairs.slice(1))).toEqual([
      { label: 'site', description: 'demo:/www (ftp.example.com)', pair: two },
    ]);
  });

  it('is the name of the workspace folder where that is mapped itself', () => {
    const mapping = { local: '', remote: '/' };
    expect(localName({ profile, mapping, workspaceFolder: '/home/anna/work/' })).toBe('work');
    expect(localName({ profile, mapping, workspaceFolder: 'C:\\work' })).toBe('work');
  });
});

describe('a note in the view', () => {
  const place = (path: string) => ({ kind: 'place', note: 'unknown', path, side: 'remote' }) as const;

  it('names the folders that could not be read whole', () => {
    const note = { kind: 'note', note: 'unknown', places: [place('up'), place('')] } as const;
    expect(noteLabel(note)).toBe('2 folders not read whole');
    expect(noteDescription(note)).toBe('up, the mapped folder itself');
    expect(placeDescription(place('up'))).toBe('on server');
    expect(placeLabel(place('up'))).toBe('up');
  });

  it('names the first few of many files that were not compared', () => {
    const places = ['a', 'b', 'c', 'd'].map((path) => ({ ...place(path), note: 'undecided' }) as const);
    const note = { kind: 'note', note: 'undecided', places } as const;
    expect(noteLabel(note)).toBe('4 large files not compared');
    expect(noteDescription(note)).toBe('a, b, c, …');
  });
});
