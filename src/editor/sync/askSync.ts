import { type QuickPickItem, window } from 'vscode';
import type { Direction, PlanOptions } from '../../sync/planStep.ts';
import { pairItems } from './pairText.ts';
import type { SyncPair } from './syncPairs.ts';

/**
 * Which pair; without a question where there is one only.
 * @param active the name of the connection whose pairs are offered first
 */
export async function askPair(
  pairs: readonly SyncPair[],
  title: string,
  active: string | undefined,
): Promise<SyncPair | undefined> {
  if (pairs.length < 2) return pairs[0];
  const isActive = ({ profile }: SyncPair): boolean => profile.name === active;
  const inOrder = pairs.toSorted((a, b) => Number(isActive(b)) - Number(isActive(a)));
  const items = pairItems(inOrder);
  const placeHolder = 'Which folders?';
  return (await window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.pair;
}

/** Which way, and how. @param before what was chosen last for this pair */
export async function askOptions(title: string, before: PlanOptions): Promise<PlanOptions | undefined> {
  const direction = await askDirection(title, before.direction);
  if (direction === undefined) return undefined;
  const chosen = await window.showQuickPick(optionItems(before), {
    title,
    placeHolder: 'Compare how? Nothing is changed before you have seen what would be done.',
    canPickMany: true,
  });
  if (!chosen) return undefined;
  const has = (option: Option): boolean => chosen.some((item) => item.option === option);
  return {
    direction,
    deleteExtra: has('deleteExtra'),
    onlyNewer: has('onlyNewer'),
    existingOnly: has('existingOnly'),
  };
}

async function askDirection(title: string, first: Direction): Promise<Direction | undefined> {
  const items: readonly (QuickPickItem & { readonly direction: Direction })[] = [
    {
      direction: 'toRemote',
      label: '$(cloud-upload) To the Server',
      detail: 'Uploads what is new or has changed here. What has changed on the server only is a conflict.',
    },
    {
      direction: 'toLocal',
      label: '$(cloud-download) To This Computer',
      detail: 'Downloads what is new or has changed on the server. What has changed here only is a conflict.',
    },
    {
      direction: 'both',
      label: '$(arrow-swap) Both Ways',
      detail: 'Carries each change to the other side. What has changed on both is a conflict.',
    },
  ];
  // What was chosen last stands first, so that Enter takes it again.
  const inOrder = items.toSorted((a, b) => Number(b.direction === first) - Number(a.direction === first));
  return (await window.showQuickPick(inOrder, { title, placeHolder: 'Which way?' }))?.direction;
}

type Option = Exclude<keyof PlanOptions, 'direction'>;

function optionItems(before: PlanOptions): readonly (QuickPickItem & { readonly option: Option })[] {
  const items: readonly (QuickPickItem & { readonly option: Option })[] = [
    {
      option: 'deleteExtra',
      label: 'Delete',
      detail: 'Deletes on one side what is gone, or was never there, on the other. Else it is kept.',
    },
    {
      option: 'onlyNewer',
      label: 'Only Newer',
      detail: 'Where nothing is known of an earlier sync, overwrites only what is known to be older.',
    },
    {
      option: 'existingOnly',
      label: 'Existing Only',
      detail: 'Creates nothing that the other side has not.',
    },
  ];
  return items.map((item) => ({ ...item, picked: before[item.option] }));
}
