import { window } from 'vscode';
import { sizeText } from './entryText.ts';
import type { LargeFilePorts } from './largeFiles.ts';
import { largeFileLimit } from './settings.ts';
import { whileTransferring } from './transferProgress.ts';

export const largeFilePrompts: LargeFilePorts = {
  limit: largeFileLimit,
  ask: async (name, size) => {
    const question = `Open ${name}? It is ${sizeText(size)}, and VS Code loads all of it.`;
    const detail =
      'Download it instead to have it on this computer. The limit is the setting ftps.largeFileLimit.';
    return (await window.showWarningMessage(question, { modal: true, detail }, 'Open')) === 'Open';
  },
  during: (title, size, work) =>
    whileTransferring(title, (signal, progress) => work({ signal, onProgress: progress.ofFile(size) })),
};
