import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { VsCode } from '../harness/vsCode.ts';
import { Workbench } from '../harness/workbench.ts';

const patience = { timeout: 20_000 };

describe('the first minutes with the sandbox server', () => {
  let code: VsCode;
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    code = await VsCode.start();
    browser = await launchBrowser();
    workbench = await Workbench.open(browser, code.windowOn());
  });

  afterAll(async () => {
    await browser.close();
    await code[Symbol.asyncDispose]();
  });

  beforeEach(({ task }) => workbench.keepOnFailure(task.name));

  /** A file of the sandbox, by its path on this machine's disk. */
  function served(path: string): string {
    return join(code.userData, 'User/globalStorage/ftps-explorer.ftps-explorer/sandbox/site', path);
  }

  it('offers the sandbox to those who have no connection', async () => {
    await workbench.showConnections();
    await workbench.page.getByRole('button', { name: 'Add Connection' }).first().waitFor();
    await workbench.page.getByText('Start the sandbox server').waitFor();
    await workbench.screenshot('welcome');
  });

  it('starts it by one command, connected and expanded, without a question', async () => {
    await workbench.run('FTPS: Start Sandbox Server');
    await workbench.connectionRow(/^sandbox, connected/).waitFor();
    await workbench.connectionRow('index.html, file').waitFor();
    expect(await workbench.dialog.count()).toBe(0);
  });

  it('expands folders when they are clicked', async () => {
    await workbench.connectionRow('docs, folder').click();
    await workbench.connectionRow('menu, folder').click();
    await workbench.connectionRow('drinks, folder').click();
    await workbench.connectionRow('hot.csv, file').waitFor();
    await workbench.screenshot('expanded');
  });

  it('shows a symbolic link as such', async () => {
    await workbench.connectionRow(/^latest, link to a (file|folder)$/).waitFor();
  });

  it('opens a file, and a save puts exactly the typed bytes on the server', async () => {
    await workbench.connectionRow('Öffnungszeiten.txt, file').click();
    await workbench.tab(/^Öffnungszeiten\.txt/).waitFor();
    await workbench.editorText.click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('Neu: ');
    const before = readFileSync(served('docs/Öffnungszeiten.txt'));
    await workbench.save();
    const after = readFileSync(served('docs/Öffnungszeiten.txt'));
    expect(after).toEqual(Buffer.concat([Buffer.from('Neu: '), before]));
    await workbench.writeAndSave('Heute für immer geöffnet ☕\n');
    expect(readFileSync(served('docs/Öffnungszeiten.txt'), 'utf8')).toBe('Heute für immer geöffnet ☕\n');
    await workbench.screenshot('saved');
  });

  it('creates a file from the tree, and opens it', async () => {
    await workbench.chooseFor(workbench.connectionRow('docs, folder'), 'New File...');
    await workbench.answer('New File in /docs', 'notes.md');
    await workbench.connectionRow('notes.md, file').waitFor();
    await workbench.tab(/^notes\.md/).waitFor();
    expect(statSync(served('docs/notes.md')).size).toBe(0);
    await workbench.writeAndSave('# Notes\n');
    expect(readFileSync(served('docs/notes.md'), 'utf8')).toBe('# Notes\n');
  });

  it('refuses a name that is taken, before it asks the server', async () => {
    await workbench.chooseFor(workbench.connectionRow('docs, folder'), 'New File...');
    await workbench.quickInput.filter({ hasText: 'New File in /docs' }).waitFor();
    await workbench.quickInputBox.fill('notes.md');
    await workbench.quickInput.getByText('There already is a "notes.md" here.').waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
  });

  it('creates a folder from the tree', async () => {
    await workbench.chooseFor(workbench.connectionRow('docs, folder'), 'New Folder...');
    await workbench.answer('New Folder in /docs', 'archive 2026');
    await workbench.connectionRow('archive 2026, folder').waitFor();
    expect(statSync(served('docs/archive 2026')).isDirectory()).toBe(true);
  });

  it('renames a file from the tree, and its open editor follows', async () => {
    await workbench.chooseFor(workbench.connectionRow('notes.md, file'), 'Rename...');
    await workbench.answer('Rename notes.md', 'diary.md');
    await workbench.connectionRow('diary.md, file').waitFor();
    await workbench.tab(/^diary\.md/).waitFor();
    expect(readFileSync(served('docs/diary.md'), 'utf8')).toBe('# Notes\n');
    expect(existsSync(served('docs/notes.md'))).toBe(false);
  });

  it('deletes a file from the tree, once that is confirmed', async () => {
    const row = workbench.connectionRow('diary.md, file');
    await workbench.chooseFor(row, 'Delete');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(existsSync(served('docs/diary.md'))).toBe(true);
    await workbench.chooseFor(row, 'Delete');
    await workbench.screenshot('delete-question');
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(existsSync(served('docs/diary.md'))).toBe(false);
  });

  it('deletes a folder with all that is in it', async () => {
    const row = workbench.connectionRow('menu, folder');
    await workbench.chooseFor(row, 'Delete');
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(existsSync(served('docs/menu'))).toBe(false);
    expect(existsSync(served('docs'))).toBe(true);
  });

  it('copies the path of a file', async () => {
    await workbench.chooseFor(workbench.connectionRow('index.html, file'), 'Copy Path');
    await expect
      .poll(() => workbench.page.evaluate(() => navigator.clipboard.readText()), patience)
      .toBe('/index.html');
  });

  it('shows what the server did meanwhile, on Refresh', async () => {
    writeFileSync(served('by-others.txt'), 'x');
    await workbench.chooseFor(workbench.connectionRow(/^sandbox,/), 'Refresh');
    await workbench.connectionRow('by-others.txt, file').waitFor();
  });

  it('disconnects', async () => {
    await workbench.chooseFor(workbench.connectionRow(/^sandbox,/), 'Disconnect');
    await workbench.connectionRow(/^sandbox, disconnected/).waitFor();
  });

  it('keeps the password out of settings', () => {
    const settings = readFileSync(join(code.userData, 'User/settings.json'), 'utf8');
    const local = join(code.workspace, '.vscode/settings.json');
    const all = settings + (existsSync(local) ? readFileSync(local, 'utf8') : '');
    const state: { password: string } = JSON.parse(readFileSync(served('../sandbox.json'), 'utf8'));
    expect(all).toContain('"sandbox"');
    expect(state.password).not.toBe('');
    expect(all).not.toContain(state.password);
  });
});
