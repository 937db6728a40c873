import { type Disposable, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import type { Clock } from '../client/clock.ts';
import type { UploadSummary } from './uploadReport.ts';

/** Milliseconds for which the status bar says that an upload is done. */
const shownAfterwards = 5000;

/** Uploads on save, as the status bar tells of them: under way, done, or failed. */
export class UploadStatus implements Disposable {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #item: StatusBarItem;
  #cancelHiding: () => void = () => undefined;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
    this.#item = window.createStatusBarItem('ftps.uploads', StatusBarAlignment.Left);
    this.#item.name = 'FTPS Uploads';
    this.#item.command = 'ftps.showLog';
  }

  dispose(): void {
    this.#cancelHiding();
    this.#item.dispose();
  }

  show(summary: UploadSummary): void {
    this.#cancelHiding();
    switch (summary.kind) {
      case 'nothing':
        this.#item.hide();
        return;
      case 'running':
        this.#say('sync~spin', uploading(summary.names), summary.names.join('\n'));
        return;
      case 'failed':
        this.#say('error', 'Upload failed', `Not uploaded:\n${summary.names.join('\n')}`);
        return;
      case 'done':
        this.#say('check', `Uploaded ${summary.name}`, 'The server has what you saved.');
        this.#cancelHiding = this.#clock.after(shownAfterwards, () => this.#item.hide());
    }
  }

  #say(icon: string, text: string, tooltip: string): void {
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: text };
    this.#item.show();
  }
}

function uploading(names: readonly string[]): string {
  return names.length === 1 ? `Uploading ${names[0]}` : `Uploading ${names.length} files`;
}
