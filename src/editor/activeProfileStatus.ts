import { type Disposable, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { ActiveProfile } from './activeProfile.ts';
import { activeProfileText } from './activeProfileText.ts';
import type { SyncPairs } from './sync/syncPairs.ts';

/** Where files go, in the status bar; a click switches. */
export class ActiveProfileStatus implements Disposable {
  readonly #pairs: Pick<SyncPairs, 'all' | 'meant'>;
  readonly #active: ActiveProfile;
  readonly #item = window.createStatusBarItem('ftps.active', StatusBarAlignment.Left);

  constructor(pairs: Pick<SyncPairs, 'all' | 'meant'>, active: ActiveProfile) {
    this.#pairs = pairs;
    this.#active = active;
    this.#item.name = 'FTPS Connection';
    this.#item.command = 'ftps.switchActive';
  }

  dispose(): void {
    this.#item.dispose();
  }

  /** @returns whether the file in the editor belongs to a connection */
  show(): boolean {
    const uri = window.activeTextEditor?.document.uri;
    const { places, rivals } =
      uri?.scheme === 'file' ? this.#pairs.meant(uri.fsPath) : { places: [], rivals: [] };
    const ofFile = rivals.length > 0 ? rivals : places.map(({ pair }) => pair);
    const shown = activeProfileText(this.#pairs.all(), ofFile, this.#active);
    if (!shown) {
      this.#item.hide();
      return ofFile.length > 0;
    }
    this.#item.text = `$(${shown.isUndecided ? 'warning' : 'server-environment'}) ${shown.text}`;
    this.#item.tooltip = shown.tooltip;
    this.#item.accessibilityInformation = { label: shown.text };
    this.#item.backgroundColor = shown.isUndecided
      ? new ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.show();
    return ofFile.length > 0;
  }
}
