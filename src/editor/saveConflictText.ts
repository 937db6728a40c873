import { basename } from 'node:path';
import type { ConflictKind } from '../sync/saveFailure.ts';
import type { SaveJob } from '../sync/saveJob.ts';
import { jobPlaces } from './jobPlaces.ts';

/** A file that was saved here, and what has happened to it on the server. */
export interface ConflictedSave {
  readonly job: SaveJob;
  readonly conflict: ConflictKind;
}

export type ConflictAnswer = 'compare' | 'show' | 'mine' | 'theirs';

export interface ConflictQuestion {
  readonly message: string;
  /** What can be answered, by the words on the buttons. */
  readonly answers: ReadonlyMap<string, ConflictAnswer>;
}

/** Before and behind the place. */
const happened: Readonly<Record<ConflictKind, readonly [deed: string, since: string]>> = {
  changed: ['was changed on', 'since it was last in step.'],
  deleted: ['was deleted on', 'since it was last in step.'],
  neverCompared: ['is different on', 'and the two were never compared.'],
};

/** One question for all of them. */
export function conflictQuestion(conflicts: readonly ConflictedSave[]): ConflictQuestion {
  const [only] = conflicts;
  if (only && conflicts.length === 1) return questionOf(only);
  const jobs = conflicts.map(({ job }) => job);
  const names = listed(jobs.map(({ localFile }) => basename(localFile)));
  return {
    message: `${jobs.length} files that you saved are different on ${jobPlaces(jobs)} now: ${names}.`,
    answers: new Map([
      ['Show Files', 'show'],
      ['Overwrite All', 'mine'],
      ['Take All Theirs', 'theirs'],
    ]),
  };
}

function questionOf({ job, conflict }: ConflictedSave): ConflictQuestion {
  const [deed, since] = happened[conflict];
  const message = `${basename(job.localFile)} ${deed} ${jobPlaces([job])} ${since}`;
  if (conflict === 'deleted') {
    return {
      message,
      answers: new Map([
        ['Upload Again', 'mine'],
        ['Delete Here', 'theirs'],
      ]),
    };
  }
  return {
    message,
    answers: new Map([
      ['Compare', 'compare'],
      ['Overwrite', 'mine'],
      ['Take Theirs', 'theirs'],
    ]),
  };
}

/** Names that a message has room for. */
const most = 5;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
