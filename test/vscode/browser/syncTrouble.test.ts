import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const patience = { timeout: 20_000 };

describe('a sync that does not go smoothly', () => {
  const shared = SharedWindow.use(async (site) => {
    const code = await startWithDemo(site);
    for (const name of ['index.html', 'notes.txt']) {
      code.writeWorkspaceFile(`site/${name}`, `${name} at first\n`);
      site.write(`www/${name}`, `${name} at first\n`);
    }
    return code;
  });

  function row(name: string | RegExp): Locator {
    return shared.workbench.tree('Sync').getByRole('treeitem', { name });
  }

  /** Selects the row that applies what is checked, once nothing is drawn anew any more. */
  async function apply(changes: string): Promise<void> {
    await expect.poll(() => shared.workbench.spinners.count(), patience).toBe(0);
    await row(`Apply ${changes}`).click();
  }

  function message(text: string): Locator {
    return shared.workbench.page.locator('.pane .message').filter({ hasText: text });
  }

  async function replaceText(editor: Locator, text: string): Promise<void> {
    const { keyboard } = shared.workbench.page;
    await editor.click();
    await keyboard.press('Control+A');
    await keyboard.insertText(text);
    await shared.workbench.page.locator('.tab.active.dirty').waitFor();
  }

  /** What both sides have of a file. */
  function bothSides(name: string): readonly string[] {
    return [shared.code.readWorkspaceFile(`site/${name}`), shared.site.read(`www/${name}`)];
  }

  it('is explained where no folder is mapped, and offered as soon as one is', async () => {
    const { code, site, workbench } = shared;
    await workbench.showConnections();
    const sync = workbench.page.getByRole('button', { name: 'Sync...' });
    await workbench.page.getByText('No folder of this workspace is mapped to a server.').waitFor();
    await workbench.screenshot('sync-unmapped');
    await workbench.page.getByRole('button', { name: 'Open Settings' }).click();
    const settings = workbench.page.locator('.settings-editor').filter({ hasText: 'Edit in settings.json' });
    await settings.waitFor();
    await workbench.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
    expect(await sync.count()).toBe(0);
    const profile = site.profile({ sync: { local: 'site', remote: '/www', onSave: false } });
    code.writeConnections({ demo: profile });
    await sync.first().waitFor(patience);
  });

  it('asks to save what the editor has and the disk has not, and compares what is saved', async () => {
    const { code, workbench } = shared;
    await workbench.run('FTPS: Sync...');
    await workbench.pick(/Both Ways/);
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    await message('Both sides are in step.').waitFor(patience);
    await workbench.showExplorer();
    await workbench.explorerRow('site').click();
    await workbench.explorerRow('index.html').dblclick();
    await workbench.tab(/^index\.html/).waitFor();
    await replaceText(workbench.editorText, 'typed and not saved\n');
    await workbench.run('FTPS: Compare Again');
    const question = workbench.dialog.filter({ hasText: 'Save 1 file before comparing?' });
    await question.waitFor();
    await workbench.screenshot('sync-unsaved');
    await question.getByRole('button', { name: 'Save', exact: true }).click();
    await row('index.html, changed here').waitFor(patience);
    expect(code.readWorkspaceFile('site/index.html')).toBe('typed and not saved\n');
  });

  it('keeps what failed with its reason, and does it on Retry', async () => {
    const { site, workbench } = shared;
    await site.pause();
    await apply('1 Change');
    const failed = workbench.toast(/Sync|demo|127\.0\.0\.1/).filter({ hasText: 'Retry' });
    await failed.waitFor({ timeout: 60_000 });
    await workbench.screenshot('sync-failed');
    expect(site.read('www/index.html')).toBe('index.html at first\n');
    await row(/^index\.html,/).waitFor();
    await site.resume();
    await failed.getByRole('button', { name: 'Retry' }).click();
    // The view tells, whether or not VS Code shows one message more.
    await message('Both sides are in step.').waitFor({ timeout: 60_000 });
    expect(bothSides('index.html')).toEqual(['typed and not saved\n', 'typed and not saved\n']);
  });

  it('overwrites nothing that has changed since the comparison', async () => {
    const { code, site, workbench } = shared;
    code.writeWorkspaceFile('site/notes.txt', 'mine\n');
    await workbench.run('FTPS: Compare Again');
    await row('notes.txt, changed here').waitFor(patience);
    site.write('www/notes.txt', 'of a colleague\n');
    await apply('1 Change');
    const toast = workbench.toast(/1 failed\..*has changed/);
    await toast.waitFor(patience);
    await row(/^notes\.txt, failed: .*has changed/).waitFor();
    await workbench.screenshot('sync-changed-meanwhile');
    expect(bothSides('notes.txt')).toEqual(['mine\n', 'of a colleague\n']);
    await toast.getByRole('button', { name: 'Compare Again' }).click();
    await row('Conflicts, 1 file, to be settled').waitFor(patience);
  });

  it('takes what was merged out of both', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(row(/^notes\.txt,/), 'Merge...');
    await workbench.tab(/notes\.txt \(Merge: Server ↔ Here\)/).waitFor();
    const right = workbench.page.locator('.monaco-diff-editor .editor.modified .view-lines');
    await right.filter({ hasText: 'mine' }).waitFor();
    await replaceText(right, 'of a colleague\nand mine\n');
    await workbench.save();
    await row('notes.txt, being merged').waitFor();
    await workbench.screenshot('sync-merge');
    await workbench.chooseFor(row(/^notes\.txt,/), 'Use Merged File');
    await row('notes.txt, merged here').waitFor();
    await apply('1 Change');
    const merged = 'of a colleague\nand mine\n';
    await expect.poll(() => bothSides('notes.txt'), patience).toEqual([merged, merged]);
    await message('Both sides are in step.').waitFor(patience);
  });

  it('forgets a comparison when its folders are mapped no more', async () => {
    const { code, site, workbench } = shared;
    code.writeWorkspaceFile('site/index.html', 'changed once more\n');
    await workbench.run('FTPS: Compare Again');
    await row('index.html, changed here').waitFor(patience);
    code.writeConnections({ demo: site.profile() });
    await workbench.page.getByText('No folder of this workspace is mapped to a server.').waitFor(patience);
    await row(/^index\.html,/).waitFor({ state: 'detached' });
    expect(site.read('www/index.html')).toBe('typed and not saved\n');
  });
});
