import { type Disposable, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { sizeText } from './entryText.ts';
import type { UploadSummary } from './uploadReport.ts';

/** Milliseconds for which the status bar says that an upload is done. */
const shownAfterwards = 5000;

/** Uploads on save, as the status bar tells of them: under way, done, waiting, or failed. */
export class UploadStatus implements Disposable {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #item: StatusBarItem;
  #cancelHiding: () => void = () => undefined;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
    this.#item = window.createStatusBarItem('ftps.uploads', StatusBarAlignment.Left);
    this.#item.name = 'FTPS Uploads';
  }

  dispose(): void {
    this.#cancelHiding();
    this.#item.dispose();
  }

  show(summary: UploadSummary): void {
    this.#cancelHiding();
    const isHeldUp = summary.kind === 'failed' || summary.kind === 'away';
    this.#item.command = isHeldUp ? 'ftps.outbox.focus' : 'ftps.showLog';
    switch (summary.kind) {
      case 'nothing':
        this.#item.hide();
        return;
      case 'running':
        this.#say('sync~spin', uploading(summary), summary.names.join('\n'));
        return;
      case 'failed':
        this.#say('error', notSent(summary.names), `Not uploaded:\n${summary.names.join('\n')}`);
        return;
      case 'away':
        this.#say('clock', waiting(summary.names), `Waiting for the server:\n${summary.names.join('\n')}`);
        return;
      case 'done':
        this.#say('check', `Uploaded ${summary.name} to ${summary.target}`, `It is at ${summary.place} now.`);
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

function uploading({ names, targets, bytes }: Extract<UploadSummary, { kind: 'running' }>): string {
  const what = names.length === 1 ? names[0] : `${names.length} files`;
  const sent = bytes > 0 ? `, ${sizeText(bytes)} sent` : '';
  return `Uploading ${what} to ${targets.join(', ')}${sent}`;
}

function notSent(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]} not uploaded` : `${names.length} files not uploaded`;
}

function waiting(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]} waits to be sent` : `${names.length} files wait to be sent`;
}
