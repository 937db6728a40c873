import type { Group } from '../../sync/reviewModel.ts';

/** A row of the Sync view. VS Code knows rows by identity, so each is made once for a review. */
export type SyncRow = ApplyRow | NoteRow | PlaceRow | GroupRow | StepRow | MoreRow;

/** Does what is checked: the buttons in the head of a view are there only under the pointer. */
export interface ApplyRow {
  readonly kind: 'apply';
}

/** Something that the comparison could not find out. */
export interface NoteRow {
  readonly kind: 'note';
  readonly note: 'unknown' | 'undecided';
  readonly places: readonly PlaceRow[];
}

/** What a note is about. */
export interface PlaceRow {
  readonly kind: 'place';
  readonly note: NoteRow['note'];
  readonly path: string;
  readonly side: 'local' | 'remote' | undefined;
}

export interface GroupRow {
  readonly kind: 'group';
  readonly group: Group;
}

export interface StepRow {
  readonly kind: 'step';
  readonly group: Group;
  readonly path: string;
}

/** Stands for the rest of a large group. */
export interface MoreRow {
  readonly kind: 'more';
  readonly group: Group;
}

export function isSyncRow(value: unknown): value is SyncRow {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return ['apply', 'note', 'place', 'group', 'step', 'more'].includes(String(value.kind));
}
