import { commands, window } from 'vscode';
import type { DeleteOnServerOptions } from './deleteOnServer.ts';

/** What deletions on the server ask and tell. */
export const deletionPrompts: Pick<DeleteOnServerOptions, 'mayDelete' | 'tellOfLeft'> = {
  mayDelete: async ({ message, detail }) =>
    (await window.showWarningMessage(message, { modal: true, detail }, 'Delete')) === 'Delete',
  tellOfLeft: (message, pair) => {
    const review = 'Open Sync View';
    const shown = window.showWarningMessage(message, review);
    void shown.then((chosen) => (chosen === review ? commands.executeCommand('ftps.sync', pair) : undefined));
  },
};
