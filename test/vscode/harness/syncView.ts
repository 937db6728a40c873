import type { Locator } from 'playwright-core';
import type { Work } from './editedTrees.ts';
import type { Workbench } from './workbench.ts';

const size = /, [\d.,]+ (bytes?|KB|MB)$/;

/** The Sync view of a window, with one mapping in its workspace, by what a person sees in it. */
export class SyncView {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  row(name: string | RegExp): Locator {
    return this.#workbench.tree('Sync').getByRole('treeitem', { name });
  }

  message(text: string): Locator {
    return this.#workbench.page.locator('.pane .message').filter({ hasText: text });
  }

  /** Asks for a comparison as the mapping has it, by the button that is there as long as nothing is compared. */
  async compareFirst(): Promise<void> {
    await this.#workbench.page.getByRole('button', { name: 'Sync...' }).first().click({ timeout: 60_000 });
    await this.#answer();
  }

  /** The same where something is compared. */
  async compare(): Promise<void> {
    await this.#workbench.run('FTPS: Sync...');
    await this.#answer();
  }

  /** What would be applied, and the groups, without sizes; nothing where there is no review. */
  async summary(): Promise<readonly string[]> {
    if (!(await this.row(/^Apply /).isVisible())) return [];
    // Of rows that are open only the first ones are in the page.
    await this.press('Collapse All');
    const top = await this.#workbench.tree('Sync').locator('[role="treeitem"][aria-level="1"]').all();
    const labels = await Promise.all(top.map((row) => row.getAttribute('aria-label')));
    return labels.map((label) => (label ?? '').replace(size, ''));
  }

  /** A button in the head of the view, which is there while the pointer is over it. */
  async press(title: string): Promise<void> {
    const { page } = this.#workbench;
    const pane = page.locator('.pane').filter({ has: page.locator('.pane-header[aria-label^="Sync"]') });
    await pane.locator('.pane-header').hover();
    await pane.getByRole('button', { name: title }).click();
  }

  async #answer(): Promise<void> {
    const { quickInput } = this.#workbench;
    await this.#workbench.pick(/Both Ways/);
    await quickInput.getByRole('button', { name: 'OK' }).click();
  }
}

/** What {@link SyncView.summary} shows of some work, without sizes. */
export function summaryOf({ uploads, downloads, deletions, folders }: Work): readonly string[] {
  const all = [uploads, downloads, deletions.local, deletions.remote, folders.local, folders.remote];
  const changes = all.reduce((sum, count) => sum + count, 0);
  const groups = [
    ['Uploads', counted(uploads, 'file'), counted(folders.remote, 'folder')],
    ['Downloads', counted(downloads, 'file'), counted(folders.local, 'folder')],
    ['Deletions', counted(deletions.remote, 'file', ' on server'), counted(deletions.local, 'file', ' here')],
  ];
  const shown = groups.map((parts) => parts.filter((part) => part !== '')).filter(({ length }) => length > 1);
  return changes === 0
    ? []
    : [`Apply ${counted(changes, 'Change')}`, ...shown.map((parts) => parts.join(', '))];
}

function counted(count: number, noun: string, where = ''): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}${where}`;
}
