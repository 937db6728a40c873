import { type Disposable, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import type { Clock } from '../client/clock.ts';

/** Milliseconds for which the status bar says that an upload is done. */
const shownAfterwards = 5000;

/** Uploads on save, as the status bar tells of them: under way, done, or failed. */
export class UploadStatus implements Disposable {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #item: StatusBarItem;
  /** Names of the files that are on their way, one for each upload. */
  readonly #running: string[] = [];
  #failed = false;
  #cancelHiding = () => undefined as unknown;

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

  begin(name: string): void {
    this.#cancelHiding();
    if (this.#running.length === 0) this.#failed = false;
    this.#running.push(name);
    this.#showRunning();
  }

  end(name: string, success: boolean): void {
    this.#running.splice(this.#running.indexOf(name), 1);
    this.#failed ||= !success;
    if (this.#running.length > 0) {
      this.#showRunning();
    } else if (this.#failed) {
      this.#show('$(error) Upload failed', 'An upload on save has failed. Select to see the log.');
    } else {
      this.#show(`$(check) Uploaded ${name}`, 'The server has what you saved.');
      this.#cancelHiding = this.#clock.after(shownAfterwards, () => this.#item.hide());
    }
  }

  #showRunning(): void {
    const [name] = this.#running;
    const count = this.#running.length;
    const text = count === 1 ? `Uploading ${name}` : `Uploading ${count} files`;
    this.#show(`$(sync~spin) ${text}`, this.#running.join('\n'));
  }

  #show(text: string, tooltip: string): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: text.replace(/^\$\([^)]*\) /, '') };
    this.#item.show();
  }
}
