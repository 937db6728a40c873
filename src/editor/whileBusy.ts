import { window } from 'vscode';

/** Runs something while the Connections view shows that it is at work. */
export async function whileBusy(work: () => Promise<void>): Promise<void> {
  await window.withProgress({ location: { viewId: 'ftps.connections' } }, work);
}
