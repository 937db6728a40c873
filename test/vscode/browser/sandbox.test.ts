import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

const patience = { timeout: 20_000 };

describe('the first minutes with the sandbox server', () => {
  const shared = SharedWindow.use(() => VsCode.start());

  /** A file of the sandbox, by its path on this machine's disk. */
  function served(path: string): string {
    return join(shared.code.userData, 'User/globalStorage/ftps-explorer.ftps-explorer/sandbox/site', path);
  }

  it('offers the sandbox to those who have no connection', async () => {
    await shared.workbench.showConnections();
    await shared.workbench.page.getByRole('button', { name: 'Add Connection' }).first().waitFor();
    await shared.workbench.page.getByText('Start the sandbox server').waitFor();
    await expect.poll(() => shared.workbench.spinners.count(), patience).toBe(0);
    await shared.workbench.screenshot('welcome');
  });

  it('starts it by one command, connected and expanded, without a question', async () => {
    await shared.workbench.run('FTPS: Start Sandbox Server');
    await shared.workbench.connectionRow(/^sandbox, connected/).waitFor();
    await shared.workbench.connectionRow('index.html, file').waitFor();
    expect(await shared.workbench.dialog.count()).toBe(0);
  });

  it('expands folders when they are clicked', async () => {
    await shared.workbench.connectionRow('docs, folder').click();
    await shared.workbench.connectionRow('menu, folder').click();
    await shared.workbench.connectionRow('drinks, folder').click();
    await shared.workbench.connectionRow('hot.csv, file').waitFor();
    await shared.workbench.screenshot('expanded');
  });

  it('shows a symbolic link as such', async () => {
    await shared.workbench.connectionRow(/^latest, link to a (file|folder)$/).waitFor();
  });

  it('shows files by their icons, and their sizes and times in their tooltips', async () => {
    const { page } = shared.workbench;
    const file = shared.workbench.connectionRow('hot.csv, file');
    await file.locator('.file-icon.csv-ext-file-icon').waitFor();
    await shared.workbench.connectionRow('docs, folder').locator('.folder-icon').waitFor();
    const { size, mtime } = statSync(served('docs/menu/drinks/hot.csv'));
    await file.hover();
    const tooltip = page.locator('.monaco-hover').filter({ hasText: '/docs/menu/drinks/hot.csv' });
    await tooltip.waitFor();
    const shown = await tooltip.innerText();
    expect(shown).toContain(`Size: ${size} bytes`);
    expect(shown).toMatch(/Modified: .*\d/);
    expect(shown).toContain(String(mtime.getFullYear()));
    await shared.workbench.screenshot('tooltip');
  });

  it('opens a file, and a save puts exactly the typed bytes on the server', async () => {
    await shared.workbench.connectionRow('Öffnungszeiten.txt, file').click();
    await shared.workbench.tab(/^Öffnungszeiten\.txt/).waitFor();
    await shared.workbench.editorText.click();
    await shared.workbench.page.keyboard.press('Control+Home');
    await shared.workbench.page.keyboard.type('Neu: ');
    const before = readFileSync(served('docs/Öffnungszeiten.txt'));
    await shared.workbench.save();
    const after = readFileSync(served('docs/Öffnungszeiten.txt'));
    expect(after).toEqual(Buffer.concat([Buffer.from('Neu: '), before]));
    await shared.workbench.writeAndSave('Heute für immer geöffnet ☕\n');
    expect(readFileSync(served('docs/Öffnungszeiten.txt'), 'utf8')).toBe('Heute für immer geöffnet ☕\n');
    await shared.workbench.screenshot('saved');
  });

  it('creates a file from the tree, and opens it', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow('docs, folder'), 'New File...');
    await shared.workbench.answer('New File in /docs', 'notes.md');
    await shared.workbench.connectionRow('notes.md, file').waitFor();
    await shared.workbench.tab(/^notes\.md/).waitFor();
    expect(statSync(served('docs/notes.md')).size).toBe(0);
    await shared.workbench.writeAndSave('# Notes\n');
    expect(readFileSync(served('docs/notes.md'), 'utf8')).toBe('# Notes\n');
  });

  it('refuses a name that is taken, before it asks the server', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow('docs, folder'), 'New File...');
    await shared.workbench.quickInput.filter({ hasText: 'New File in /docs' }).waitFor();
    await shared.workbench.quickInputBox.fill('notes.md');
    await shared.workbench.quickInput.getByText('There already is a "notes.md" here.').waitFor();
    await shared.workbench.page.keyboard.press('Escape');
    await shared.workbench.quickInput.waitFor({ state: 'hidden' });
  });

  it('creates a folder from the tree', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow('docs, folder'), 'New Folder...');
    await shared.workbench.answer('New Folder in /docs', 'archive 2026');
    await shared.workbench.connectionRow('archive 2026, folder').waitFor();
    expect(statSync(served('docs/archive 2026')).isDirectory()).toBe(true);
  });

  it('renames a file from the tree, and its open editor follows', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow('notes.md, file'), 'Rename...');
    await shared.workbench.answer('Rename notes.md', 'diary.md');
    await shared.workbench.connectionRow('diary.md, file').waitFor();
    await shared.workbench.tab(/^diary\.md/).waitFor();
    expect(readFileSync(served('docs/diary.md'), 'utf8')).toBe('# Notes\n');
    expect(existsSync(served('docs/notes.md'))).toBe(false);
  });

  it('deletes a file from the tree, once that is confirmed', async () => {
    const row = shared.workbench.connectionRow('diary.md, file');
    await shared.workbench.chooseFor(row, 'Delete');
    await shared.workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(existsSync(served('docs/diary.md'))).toBe(true);
    await shared.workbench.chooseFor(row, 'Delete');
    await shared.workbench.screenshot('delete-question');
    await shared.workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(existsSync(served('docs/diary.md'))).toBe(false);
  });

  it('deletes a folder with all that is in it', async () => {
    const row = shared.workbench.connectionRow('menu, folder');
    await shared.workbench.chooseFor(row, 'Delete');
    await shared.workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(existsSync(served('docs/menu'))).toBe(false);
    expect(existsSync(served('docs'))).toBe(true);
  });

  it('copies the path of a file', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow('index.html, file'), 'Copy Path');
    await expect
      .poll(() => shared.workbench.page.evaluate<string>('navigator.clipboard.readText()'), patience)
      .toBe('/index.html');
  });

  it('shows what the server did meanwhile, on Refresh', async () => {
    writeFileSync(served('by-others.txt'), 'x');
    await shared.workbench.chooseFor(shared.workbench.connectionRow(/^sandbox,/), 'Refresh');
    await shared.workbench.connectionRow('by-others.txt, file').waitFor();
  });

  it('disconnects', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow(/^sandbox,/), 'Disconnect');
    await shared.workbench.connectionRow(/^sandbox, disconnected/).waitFor();
  });

  it('is offered again when VS Code has restarted and the server is gone', async () => {
    await shared.workbench.reload();
    await shared.workbench.showConnections();
    // VS Code may have asked for the files of its editors already.
    await shared.workbench.connectionRow(/^sandbox, (disconnected|failed)/).click();
    const offer = shared.workbench.connectionRow(/^The sandbox server does not run\..* Select to start it\./);
    await offer.waitFor();
    await shared.workbench.screenshot('sandbox-stopped');
    await shared.workbench.chooseFor(shared.workbench.connectionRow(/^sandbox, failed/), 'Connect');
    const message = shared.workbench.toast('The sandbox server does not run');
    await message.getByRole('button', { name: 'Start Sandbox Server' }).waitFor();
    await offer.click();
    await shared.workbench.connectionRow(/^sandbox, connected/).waitFor();
    await shared.workbench.connectionRow('index.html, file').waitFor();
    await expect.poll(() => shared.workbench.spinners.count(), patience).toBe(0);
  });

  it('keeps the password out of settings', () => {
    const settings = readFileSync(join(shared.code.userData, 'User/settings.json'), 'utf8');
    const local = join(shared.code.workspace, '.vscode/settings.json');
    const all = settings + (existsSync(local) ? readFileSync(local, 'utf8') : '');
    const state: { password: string } = JSON.parse(readFileSync(served('../sandbox.json'), 'utf8'));
    expect(all).toContain('"sandbox"');
    expect(state.password).not.toBe('');
    expect(statSync(served('../sandbox.json')).mode & 0o777).toBe(0o600);
    expect(statSync(served('..')).mode & 0o777).toBe(0o700);
    expect(all).not.toContain(state.password);
  });
});
