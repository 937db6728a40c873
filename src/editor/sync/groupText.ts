import type { Group, ReviewItem } from '../../sync/reviewModel.ts';
import { sizeText } from '../entryText.ts';
import { counted } from './counted.ts';

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
  const folders = items.filter(({ step }) => step.kind === 'folder');
  const files = items.filter(({ step }) => step.kind === 'file');
  const parts = [files, folders].flatMap((some, index) =>
    some.length === 0 ? [] : [howMany(group, some, index === 0 ? 'file' : 'folder')],
  );
  const bytes = items.reduce((sum, item) => sum + (item.isChecked ? bytesOf(item) : 0), 0);
  if (bytes > 0 && group !== 'conflict' && group !== 'left') parts.push(sizeText(bytes, locale));
  if (group === 'conflict') {
    const open = items.filter(({ kept }) => kept === undefined).length;
    parts.push(
      open === 0 ? 'all settled' : open === items.length ? 'to be settled' : `${open} to be settled`,
    );
  }
  return parts.join(', ');
}

function howMany(group: Group, items: readonly ReviewItem[], noun: string): string {
  const checked = items.filter(({ isChecked }) => isChecked).length;
  const isWhole = checked === items.length || group === 'conflict' || group === 'left';
  return isWhole ? counted(items.length, noun) : `${checked} of ${counted(items.length, noun)}`;
}

/** Of what travels, or of what goes. */
function bytesOf({ step }: ReviewItem): number {
  const { action, local, remote, bytes } = step;
  const gone = action === 'deleteLocal' ? local : action === 'deleteRemote' ? remote : undefined;
  return gone?.kind === 'file' ? gone.version.size : bytes;
}
