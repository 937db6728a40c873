import { Disposable, window } from 'vscode';
import { serverOf } from '../remote/profile.ts';
import { showWarning } from './messages.ts';
import type { FolderMove, ProfileStore } from './profileStore.ts';
import type { Report } from './report.ts';

type Profiles = Pick<ProfileStore, 'remember' | 'refresh'>;

/** Offers the choice where the settings of this window lead its workspace folders elsewhere. */
export function registerFolderMoves(profiles: Profiles & Pick<ProfileStore, 'onMove'>, report: Report) {
  const stop = profiles.onMove.add((move) => void offer(profiles, move).catch(report));
  return new Disposable(stop);
}

async function offer(profiles: Profiles, move: FolderMove): Promise<void> {
  const { name, before, now } = move;
  const choose = 'Lead to New Server…';
  const message = `"${name}" cannot be used in this window: its workspace folders lead to ${serverOf(before)}, and the settings to ${serverOf(now)}. Rename one of the connections, or lead the folders to the new server.`;
  if ((await showWarning(message, choose)) === choose) await moveFolders(profiles, move);
}

/** Asks whether the folders may lead elsewhere from now on. @returns whether they do */
export async function moveFolders(profiles: Profiles, move: FolderMove): Promise<boolean> {
  const { name, before, now } = move;
  const message = `Lead the workspace folders of "${name}" to ${serverOf(now)}?`;
  const detail = `So far they lead to ${serverOf(before)}. Every window that has one of them open would read from the new server, and save there what is not saved yet.\n\nWhere these are two servers, leave them, and rename one of the connections.`;
  // Enter presses the first one.
  const buttons = ['Leave Them', 'Lead Them There'];
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  if (chosen !== 'Lead Them There' || (await profiles.remember(name, move)) !== undefined) return false;
  await profiles.refresh();
  return true;
}
