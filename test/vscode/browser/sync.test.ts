import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const patience = { timeout: 20_000 };

describe('a folder that is synced with the server', () => {
  const shared = SharedWindow.use(async (site) => {
    const sync = { local: 'site', remote: '/www', onSave: false };
    const code = await startWithDemo(site, { demo: site.profile({ sync }) });
    const names = [
      'index.html',
      'notes.txt',
      'css/style.css',
      'old/a.txt',
      'old/b.txt',
      'old/c.txt',
      'd.txt',
    ];
    for (const name of names) {
      code.writeWorkspaceFile(`site/${name}`, `${name} at first\n`);
      site.write(`www/${name}`, `${name} at first\n`);
    }
    return code;
  });

  function row(name: string | RegExp): Locator {
    return shared.workbench.tree('Sync').getByRole('treeitem', { name });
  }

  function box(of: Locator): Locator {
    return of.locator('.custom-view-tree-node-item-checkbox');
  }

  /** A button in the head of the view, which is there while the pointer is over it. */
  async function press(title: string): Promise<void> {
    const { page } = shared.workbench;
    const pane = page.locator('.pane').filter({ has: page.locator('.pane-header[aria-label^="Sync"]') });
    await pane.locator('.pane-header').hover();
    await pane.getByRole('button', { name: title }).click();
  }

  async function sync(direction: string, options: readonly string[]): Promise<void> {
    const { workbench } = shared;
    await workbench.run('FTPS: Sync...');
    await workbench.quickInput.getByText(direction, { exact: true }).click();
    const list = workbench.quickInput.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: 'Existing Only' }).waitFor();
    for (const option of options) await list.filter({ hasText: option }).first().click();
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
  }

  /** Selects the row that applies what is checked, once nothing is drawn anew any more. */
  async function apply(changes: string): Promise<void> {
    await expect.poll(() => shared.workbench.spinners.count(), patience).toBe(0);
    await row(`Apply ${changes}`).click();
  }

  function message(text: string): Locator {
    return shared.workbench.page.locator('.pane .message').filter({ hasText: text });
  }

  function local(name: string): string | undefined {
    try {
      return shared.code.readWorkspaceFile(`site/${name}`);
    } catch {
      return undefined;
    }
  }

  function onServer(name: string): string | undefined {
    return shared.site.has(`www/${name}`) ? shared.site.read(`www/${name}`) : undefined;
  }

  it('is offered where nothing was compared yet', async () => {
    const { workbench } = shared;
    await workbench.showConnections();
    await workbench.page.getByRole('button', { name: 'Sync...' }).first().waitFor();
    await workbench.screenshot('sync-welcome');
  });

  it('is in step at first, which its bytes tell', async () => {
    await sync('Both Ways', ['Delete']);
    await message('Both sides are in step.').waitFor(patience);
  });

  it('shows what would be done, and does nothing yet', async () => {
    const { site, code, workbench } = shared;
    code.writeWorkspaceFile('site/index.html', 'changed here\n');
    code.writeWorkspaceFile('site/new.html', 'new here\n');
    code.writeWorkspaceFile('site/notes.txt', 'my notes\n');
    code.writeWorkspaceFile('site/draft.txt', 'not for the server\n');
    site.write('www/notes.txt', 'their notes\n');
    site.write('www/css/style.css', 'changed there\n');
    code.removeWorkspaceFile('site/d.txt');
    await press('Compare Again');
    await row('Conflicts, 1 file, to be settled').waitFor(patience);
    await row(/^Uploads, 3 files/).waitFor();
    await row(/^Downloads, 1 file/).waitFor();
    await row(/^Deletions, 1 file on server/).waitFor();
    await row('notes.txt, both sides differ').waitFor();
    await row('index.html, changed here').waitFor();
    await row('css/style.css, changed on server').waitFor();
    await row('d.txt, deleted here').waitFor();
    await workbench.screenshot('sync-review');
    expect(onServer('index.html')).toBe('index.html at first\n');
    expect(local('css/style.css')).toBe('css/style.css at first\n');
  });

  it('opens both sides of a change', async () => {
    const { workbench } = shared;
    await row(/^notes\.txt,/).click();
    await workbench.tab(/notes\.txt \(Server ↔ Here\)/).waitFor();
    const sides = workbench.page.locator('.monaco-diff-editor .view-lines');
    await sides.filter({ hasText: /their.notes/ }).waitFor();
    await sides.filter({ hasText: /my.notes/ }).waitFor();
    await workbench.screenshot('sync-conflict');
  });

  it('does what is checked, and takes of a conflict the side that was chosen', async () => {
    const { workbench } = shared;
    await box(row(/^draft\.txt,/)).click();
    await row('Uploads, 2 of 3 files').waitFor();
    await workbench.chooseFor(row(/^notes\.txt,/), 'Keep Theirs');
    await row('notes.txt, keeps theirs').waitFor();
    await workbench.screenshot('sync-settled');
    await apply('5 Changes');
    await workbench.toast('2 uploaded, 2 downloaded, 1 deleted on the server.').waitFor(patience);
    expect([local('notes.txt'), onServer('notes.txt')]).toEqual(['their notes\n', 'their notes\n']);
    expect([local('index.html'), onServer('index.html')]).toEqual(['changed here\n', 'changed here\n']);
    expect([local('css/style.css'), onServer('css/style.css')]).toEqual([
      'changed there\n',
      'changed there\n',
    ]);
    expect(onServer('new.html')).toBe('new here\n');
    expect(onServer('d.txt')).toBeUndefined();
    expect(onServer('draft.txt')).toBeUndefined();
    await row(/^draft\.txt,/).waitFor();
    await expect.poll(() => row(/^index\.html,/).count(), patience).toBe(0);
    await workbench.screenshot('sync-applied');
  });

  it('asks in words before many files go, and deletes none when that is called off', async () => {
    const { code, workbench } = shared;
    for (const name of ['a', 'b', 'c']) code.removeWorkspaceFile(`site/old/${name}.txt`);
    await press('Compare Again');
    await row(/^Deletions, 3 files on server/).waitFor(patience);
    await press('Apply What Is Checked');
    const question = workbench.dialog.filter({ hasText: 'Delete 3 of 7 files on 127.0.0.1 in /www?' });
    await question.waitFor();
    await workbench.screenshot('sync-guard');
    await expect
      .poll(() => question.getByRole('button', { name: 'Skip Deletions' }).evaluate(isFocused))
      .toBe(true);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await row(/^Deletions, 3 files on server/).waitFor();
    expect(onServer('old/a.txt')).toBe('old/a.txt at first\n');
  });

  it('gets back what it had, on both sides', async () => {
    const { workbench } = shared;
    await workbench.run('FTPS: Undo Last Sync...');
    const question = workbench.dialog.filter({ hasText: 'Undo the last sync' });
    await question.getByText('On the server: 1 restored').waitFor();
    await workbench.screenshot('sync-undo');
    await question.getByRole('button', { name: 'Undo' }).click();
    await workbench.toast('Undone: 5 changes.').waitFor(patience);
    expect(onServer('index.html')).toBe('index.html at first\n');
    expect(onServer('d.txt')).toBe('d.txt at first\n');
    expect(onServer('new.html')).toBeUndefined();
    expect(onServer('notes.txt')).toBe('their notes\n');
    expect(local('notes.txt')).toBe('my notes\n');
    expect(local('css/style.css')).toBe('css/style.css at first\n');
    expect(local('index.html')).toBe('changed here\n');
    await row('Conflicts, 1 file, to be settled').waitFor(patience);
    await workbench.screenshot('sync-undone');
  });
});

function isFocused(element: { readonly ownerDocument: { readonly activeElement: unknown } }): boolean {
  return element.ownerDocument.activeElement === element;
}
