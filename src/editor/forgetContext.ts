import { commands } from 'vscode';

/** What VS Code knows of work under way, for its menus and views. */
type WorkKey = 'ftps.outboxHasItems' | 'ftps.sandboxRuns' | 'ftps.syncState';

/** To be called at activation: what an extension host has said that ended without warning still stands. */
export function forgetContext(key: WorkKey): void {
  void commands.executeCommand('setContext', key, undefined);
}
