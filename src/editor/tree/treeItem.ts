import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import type { ConnectionState } from '../connection.ts';
import {
  connectionContext,
  connectionDescription,
  connectionSpoken,
  connectionTooltip,
} from '../connectionText.ts';
import { sendsPasswordInClear } from '../../remote/profile.ts';
import { isFolder } from '../../remote/remoteEntry.ts';
import { entryContext, entryDescription, entryLabel, entrySpoken, entryTooltip } from '../entryText.ts';
import type { StoredProfile } from '../profileStore.ts';
import { addressOf } from '../uri.ts';
import type { ConnectionNode, EntryNode, ProblemNode } from './treeNode.ts';

export function connectionItem(
  node: ConnectionNode,
  stored: StoredProfile,
  state: ConnectionState,
): TreeItem {
  const collapsible = stored.result.ok ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None;
  const item = new TreeItem(stored.name, collapsible);
  item.id = `${stored.name}\n${node.generation}`;
  item.iconPath = connectionIcon(stored, state);
  item.description = connectionDescription(stored, state);
  item.tooltip = connectionTooltip(stored, state);
  item.contextValue = connectionContext(stored, state);
  item.accessibilityInformation = { label: connectionSpoken(stored, state) };
  if (!stored.result.ok) {
    item.command = { command: 'ftps.editConnection', title: 'Edit Connection', arguments: [node] };
  }
  return item;
}

export function entryItem(node: EntryNode): TreeItem {
  const { entry } = node;
  const folder = isFolder(entry);
  const uri = Uri.from(addressOf(node.connection, entry.path));
  const item = new TreeItem(
    entryLabel(entry),
    folder ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  item.id = uri.toString();
  item.resourceUri = uri;
  item.iconPath = folder ? ThemeIcon.Folder : ThemeIcon.File;
  item.description = entryDescription(entry);
  item.tooltip = entryTooltip(entry);
  item.contextValue = entryContext(entry);
  item.accessibilityInformation = { label: entrySpoken(entry) };
  if (!folder) item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  return item;
}

export function pendingItem(): TreeItem {
  const item = new TreeItem('Connecting…');
  item.contextValue = 'pending';
  return item;
}

/** Stands for a connection that was removed before its row was drawn. */
export function goneItem({ connection }: ConnectionNode): TreeItem {
  return new TreeItem(`${connection} is gone`);
}

export function problemItem({ message, parent, remedy }: ProblemNode): TreeItem {
  const starts = remedy === 'startSandbox';
  const hint = starts ? 'Select to start it.' : 'Select to try again.';
  const item = new TreeItem(starts ? 'Start Sandbox Server' : message);
  item.description = starts ? 'It does not run.' : '';
  item.iconPath = starts
    ? new ThemeIcon('play')
    : new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.tooltip = `${message}\n${hint}`;
  item.contextValue = 'problem';
  item.accessibilityInformation = { label: `${message} ${hint}` };
  item.command = starts
    ? { command: 'ftps.startSandbox', title: 'Start Sandbox Server' }
    : { command: 'ftps.refresh', title: 'Try Again', arguments: [parent] };
  return item;
}

function connectionIcon(stored: StoredProfile, state: ConnectionState): ThemeIcon {
  if (!stored.result.ok) return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  const icon = sendsPasswordInClear(stored.result.profile) ? 'unlock' : 'server';
  switch (state.kind) {
    case 'disconnected':
      return new ThemeIcon(icon);
    case 'connecting':
      return new ThemeIcon('loading~spin');
    case 'connected':
      return new ThemeIcon(
        icon,
        new ThemeColor(icon === 'unlock' ? 'list.warningForeground' : 'charts.green'),
      );
    case 'failed':
      return new ThemeIcon(icon, new ThemeColor('list.errorForeground'));
  }
}
