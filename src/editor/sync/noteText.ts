import { counted } from './counted.ts';
import type { NoteRow, PlaceRow } from './syncRow.ts';

export function noteLabel({ note, places }: NoteRow): string {
  const count = places.length;
  return note === 'unknown'
    ? `${counted(count, 'folder')} not read whole`
    : `${counted(count, 'large file')} not compared`;
}

/** The names that a note is about, the first few. */
export function noteDescription({ places }: NoteRow): string {
  const names = places.slice(0, 3).map(placeLabel);
  return names.join(', ') + (places.length > 3 ? ', …' : '');
}

export function noteTooltip({ note }: NoteRow): string {
  return note === 'unknown'
    ? 'What is missing in these folders is not known to be missing, so nothing is deleted on account of them.'
    : 'These files are larger than "ftps.sync.compareLimit" and may not have changed: they count as changed.';
}

export function placeLabel({ path }: PlaceRow): string {
  return path === '' ? 'the mapped folder itself' : path;
}

export function placeDescription({ side }: PlaceRow): string {
  if (side === undefined) return '';
  return side === 'local' ? 'here' : 'on server';
}
