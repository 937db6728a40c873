import type { Group, ReviewItem } from '../../sync/reviewModel.ts';
import { sizeText } from '../entryText.ts';
import { counted, countedOf, numberText } from './counted.ts';

/** The groups of a review in the order in which they are shown. */
export const groups: readonly Group[] = ['conflict', 'upload', 'download', 'delete', 'left'];

export function groupLabel(group: Group): string {
  switch (group) {
    case 'conflict':
      return 'Conflicts';
    case 'upload':
      return 'Uploads';
    case 'download':
      return 'Downloads';
    case 'delete':
      return 'Deletions';
    case 'left':
      return 'Left Alone';
  }
}

/** How many and how much, behind the name of a group: `2 of 3 files, 1 folder, 4 KB`. */
export function groupText(group: Group, items: readonly ReviewItem[], locale?: string): string {
  switch (group) {
    case 'conflict':
      return `${howMany(items, locale)}, ${unsettled(items, locale)}`;
    case 'left':
      return howMany(items, locale);
    case 'delete':
      return [onSide('remote', items, locale), onSide('local', items, locale)].filter(Boolean).join(', ');
    case 'upload':
    case 'download': {
      const bytes = items.reduce((sum, { isChecked, step }) => sum + (isChecked ? step.bytes : 0), 0);
      const size = bytes > 0 ? `, ${sizeText(bytes, locale)}` : '';
      return `${howMany(items, locale, true)}${size}`;
    }
  }
}

/** What the badge of the view says beside its number: `3 files, 1 folder not in step`. */
export function openText(items: readonly ReviewItem[], locale?: string): string {
  return `${howMany(items, locale)} not in step`;
}

function unsettled(items: readonly ReviewItem[], locale?: string): string {
  const open = items.filter(({ kept }) => kept === undefined).length;
  if (open === 0) return 'all settled';
  return open === items.length ? 'to be settled' : `${numberText(open, locale)} to be settled`;
}

function onSide(side: 'local' | 'remote', items: readonly ReviewItem[], locale?: string): string {
  const action = side === 'local' ? 'deleteLocal' : 'deleteRemote';
  const some = items.filter(({ step }) => step.action === action);
  if (some.length === 0) return '';
  return `${howMany(some, locale, true)} ${side === 'local' ? 'here' : 'on server'}`;
}

function howMany(items: readonly ReviewItem[], locale?: string, tellsChecked = false): string {
  const parts = (['file', 'folder'] as const).flatMap((kind) => {
    const some = items.filter(({ step }) => step.kind === kind);
    if (some.length === 0) return [];
    const checked = some.filter(({ isChecked }) => isChecked).length;
    const isWhole = !tellsChecked || checked === some.length;
    return isWhole ? counted(some.length, kind, locale) : countedOf(checked, some.length, kind, locale);
  });
  return parts.join(', ');
}
