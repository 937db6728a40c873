import { commands } from 'vscode';
import { showInformation } from '../messages.ts';

/** Tells what a sync needs, where the workspace has none of it. */
export async function explainMapping(): Promise<void> {
  const settings = 'Open Settings';
  const message =
    'No folder of this workspace is mapped to a server: add "sync" to a connection in the workspace\'s settings.';
  if ((await showInformation(message, settings)) !== settings) return;
  await commands.executeCommand('workbench.action.openWorkspaceSettings', { query: 'ftps.profiles' });
}
