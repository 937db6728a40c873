import { ProgressLocation, window } from 'vscode';
import { sizeText } from './entryText.ts';
import { plainText } from './plainText.ts';

/** Takes what a transfer tells of itself to the notification. */
export interface TransferProgress {
  /** @param size bytes of the whole; 0 when unknown */
  readonly ofFile: (size: number) => (bytes: number) => void;
  readonly ofFolder: (progress: {
    readonly files: number;
    readonly bytes: number;
    readonly path: string;
  }) => void;
}

/** Shows a transfer as a notification from which it can be cancelled. */
export async function whileTransferring<T>(
  title: string,
  work: (signal: AbortSignal, progress: TransferProgress) => Promise<T>,
): Promise<T> {
  const options = { location: ProgressLocation.Notification, title: plainText(title), cancellable: true };
  return await window.withProgress(options, async (notification, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    const ofFile = (size: number) => (bytes: number) => {
      const percent = size > 0 ? Math.min(100, Math.floor((100 * bytes) / size)) : 0;
      // Each report is a message to another process: one for each percent is enough.
      if (percent <= shown) return;
      notification.report({
        increment: percent - shown,
        message: `${sizeText(bytes)} of ${sizeText(size)}`,
      });
      shown = percent;
    };
    const ofFolder: TransferProgress['ofFolder'] = ({ files, bytes, path }) => {
      const count = files === 1 ? '1 file' : `${files} files`;
      notification.report({ message: plainText(`${count}, ${sizeText(bytes)}: ${path}`) });
    };
    return work(abort.signal, { ofFile, ofFolder });
  });
}
