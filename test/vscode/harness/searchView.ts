import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** The Search view of a window. */
export class SearchView {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Looks for a text in all files, to put another one in its place. */
  async find(text: string, replacement: string, files: number): Promise<void> {
    await this.#workbench.run('Search: Replace in Files');
    await this.#view.getByRole('textbox', { name: /^Search/ }).fill(text);
    await this.#view.getByRole('textbox', { name: /^Replace/ }).fill(replacement);
    await this.#view.getByText(new RegExp(` results? in ${files} files?`)).waitFor();
  }

  /** Puts it in the place of all that was found, and saves. */
  async replaceAll(): Promise<void> {
    await this.#view.getByRole('button', { name: /^Replace All/ }).click();
    await this.#workbench.dialog.getByRole('button', { name: 'Replace' }).click();
  }

  get #view(): Locator {
    return this.#workbench.page.locator('.search-view');
  }
}
