import {
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCheckboxState,
  TreeItemCollapsibleState,
  Uri,
} from 'vscode';
import { canBeSettled } from '../../sync/planStep.ts';
import type { ReviewItem } from '../../sync/reviewModel.ts';
import { counted, numberText } from './counted.ts';
import { groupLabel, groupText } from './groupText.ts';
import { noteDescription, noteLabel, noteTooltip, placeDescription, placeLabel } from './noteText.ts';
import type { OpenReview } from './openReview.ts';
import { stepContext, stepDeed, stepDescription, stepState } from './stepText.ts';
import type { GroupRow, MoreRow, NoteRow, PlaceRow, StepRow, SyncRow } from './syncRow.ts';

/** Of no file system: names get their icon, and no marks that stand for other things. */
const iconScheme = 'ftps-sync';

/** How a row looks; undefined for a step that is done. */
export function syncItem(row: SyncRow, review: OpenReview): TreeItem | undefined {
  switch (row.kind) {
    case 'apply':
      return applyItem(review);
    case 'note':
      return noteItem(row);
    case 'place':
      return placeItem(row);
    case 'group':
      return groupItem(row, review);
    case 'more':
      return moreItem(row, review);
    case 'step':
      return stepItem(row, review);
  }
}

function applyItem(review: OpenReview): TreeItem {
  const item = new TreeItem(`Apply ${counted(review.checked, 'Change')}`);
  item.id = 'apply';
  item.description = review.checked < review.open ? `of ${numberText(review.open)}` : '';
  item.accessibilityInformation = { label: `Apply ${counted(review.checked, 'Change')}` };
  item.tooltip = 'Does what is checked, and nothing else. It can be undone.';
  item.iconPath = new ThemeIcon('play', new ThemeColor('charts.green'));
  item.contextValue = 'apply';
  item.command = { command: 'ftps.syncApply', title: 'Apply What Is Checked' };
  return item;
}

function noteItem(row: NoteRow): TreeItem {
  const item = new TreeItem(noteLabel(row), TreeItemCollapsibleState.Collapsed);
  item.id = `note:${row.note}`;
  item.description = noteDescription(row);
  item.tooltip = noteTooltip(row);
  item.accessibilityInformation = { label: `${noteLabel(row)}: ${noteDescription(row)}` };
  item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  item.contextValue = 'note';
  return item;
}

function placeItem(row: PlaceRow): TreeItem {
  const item = new TreeItem(placeLabel(row));
  item.id = `place:${row.note}:${row.side ?? ''}:${row.path}`;
  item.description = placeDescription(row);
  item.accessibilityInformation = { label: `${placeLabel(row)} ${placeDescription(row)}` };
  item.iconPath = row.note === 'unknown' ? ThemeIcon.Folder : ThemeIcon.File;
  item.resourceUri = iconUri(row.path);
  item.contextValue = 'place';
  return item;
}

function groupItem({ group }: GroupRow, review: OpenReview): TreeItem {
  const items = review.itemsOf(group);
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  const item = new TreeItem(groupLabel(group), group === 'left' ? Collapsed : Expanded);
  item.id = `group:${group}`;
  item.description = groupText(group, items);
  item.iconPath = groupIcon(group);
  item.contextValue = `group-${group}`;
  item.accessibilityInformation = { label: `${groupLabel(group)}, ${groupText(group, items)}` };
  const checkable = items.filter(canBeChecked);
  if (checkable.length > 0) {
    const isChecked = checkable.every(({ isChecked }) => isChecked);
    item.checkboxState = checkbox(isChecked, isChecked ? 'Do none of them' : 'Do all of them');
  }
  return item;
}

function groupIcon(group: GroupRow['group']): ThemeIcon {
  switch (group) {
    case 'conflict':
      return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
    case 'upload':
      return new ThemeIcon('cloud-upload');
    case 'download':
      return new ThemeIcon('cloud-download');
    case 'delete':
      return new ThemeIcon('trash');
    case 'left':
      return new ThemeIcon('circle-slash');
  }
}

function moreItem({ group }: MoreRow, review: OpenReview): TreeItem {
  const label = `${numberText(review.hiddenIn(group))} more…`;
  const item = new TreeItem(label);
  item.accessibilityInformation = { label };
  item.id = `more:${group}`;
  item.tooltip = 'Select to show more. The box of the group counts for all of them, shown or not.';
  item.contextValue = 'more';
  item.command = { command: 'ftps.syncMore', title: 'Show More', arguments: [{ kind: 'more', group }] };
  return item;
}

function stepItem(row: StepRow, review: OpenReview): TreeItem | undefined {
  const found = review.item(row.path);
  if (!found) return undefined;
  const { step, error } = found;
  const context = { direction: review.options.direction, isMerging: review.isMerging(row.path) };
  const name = row.path.slice(row.path.lastIndexOf('/') + 1);
  const item = new TreeItem(name);
  item.id = `step:${row.path}`;
  item.resourceUri = iconUri(row.path);
  item.description = stepDescription(found, context);
  item.tooltip = `${row.path}\n${stepState(found, context)}\n${stepDeed(found)}`;
  item.contextValue = stepContext(found, canBeSettled(step), context.isMerging);
  item.accessibilityInformation = { label: `${row.path}, ${stepState(found, context)}` };
  if (error) item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  else item.iconPath = step.kind === 'folder' ? ThemeIcon.Folder : ThemeIcon.File;
  if (canBeChecked(found)) {
    item.checkboxState = checkbox(found.isChecked, found.isChecked ? 'Leave it alone' : 'Do it');
  }
  if (step.kind === 'file')
    item.command = { command: 'ftps.syncOpen', title: 'Open Changes', arguments: [row] };
  return item;
}

function canBeChecked({ group, kept }: ReviewItem): boolean {
  return group !== 'left' && (group !== 'conflict' || kept !== undefined);
}

function checkbox(isChecked: boolean, tooltip: string): NonNullable<TreeItem['checkboxState']> {
  const { Checked, Unchecked } = TreeItemCheckboxState;
  return { state: isChecked ? Checked : Unchecked, tooltip };
}

function iconUri(path: string): Uri {
  return Uri.from({ scheme: iconScheme, path: `/${path}` });
}
