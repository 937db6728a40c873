import { window } from 'vscode';
import type { DeleteOnServerOptions } from './deleteOnServer.ts';
import { offerSyncView } from './offerSyncView.ts';

/** What deletions on the server ask and tell. */
export const deletionPrompts: Pick<DeleteOnServerOptions, 'mayDelete' | 'tellOfLeft'> = {
  mayDelete: async ({ message, detail }) =>
    (await window.showWarningMessage(message, { modal: true, detail }, 'Delete')) === 'Delete',
  tellOfLeft: offerSyncView,
};
