import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

const patience = { timeout: 20_000 };

describe('a command from the palette, with nothing selected', () => {
  const shared = SharedWindow.use(async (site) => {
    site.write('docs/old.txt', 'old\n');
    site.write('docs/useless.txt', 'x\n');
    const code = await VsCode.start({
      environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() },
      settings: { 'ftps.profiles': { demo: site.profile(), other: site.profile({ host: 'localhost' }) } },
    });
    code.writeWorkspaceFile('letter.txt', 'letter\n');
    return code;
  });

  /** Runs a command and answers what it asks: the connection, and the way to a file or folder. */
  async function run(title: string, ...options: (string | RegExp)[]): Promise<void> {
    await shared.workbench.run(`FTPS: ${title}`);
    for (const option of options) await shared.workbench.pick(option);
  }

  it('connects', async () => {
    await shared.workbench.showConnections();
    await run('Connect', /^demo/);
    await shared.workbench.connectionRow(/^demo, connected/).waitFor();
  });

  it('makes a file', async () => {
    await run('New File', /^demo/, 'docs', /^This folder/);
    await shared.workbench.answer('New File in /docs', 'new.txt');
    await shared.workbench.tab(/^new\.txt/).waitFor();
    expect(shared.site.read('docs/new.txt')).toBe('');
  });

  it('makes a folder', async () => {
    await run('New Folder', /^demo/, /^This folder/);
    await shared.workbench.answer('New Folder in /', 'drafts');
    await expect.poll(() => shared.site.has('drafts'), patience).toBe(true);
  });

  it('opens a file', async () => {
    await run('Open', /^demo/, 'docs', 'old.txt');
    await shared.workbench.tab(/^old\.txt/).waitFor();
  });

  it('renames', async () => {
    await run('Rename', /^demo/, 'docs', 'old.txt');
    await shared.workbench.answer('Rename old.txt', 'young.txt');
    await expect.poll(() => shared.site.has('docs/young.txt'), patience).toBe(true);
  });

  it('deletes', async () => {
    await run('Delete', /^demo/, 'docs', 'useless.txt');
    await shared.workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => shared.site.has('docs/useless.txt'), patience).toBe(false);
  });

  it('copies a path', async () => {
    await run('Copy Path', /^demo/, 'docs', 'young.txt');
    await expect
      .poll(() => shared.workbench.page.evaluate<string>('navigator.clipboard.readText()'), patience)
      .toBe('/docs/young.txt');
  });

  it('uploads', async () => {
    await run('Upload Here', /^demo/, 'drafts', /^This folder/);
    await shared.workbench.chooseLocal(join(shared.code.workspace, 'letter.txt'), 'Upload');
    await expect.poll(() => shared.site.has('drafts/letter.txt'), patience).toBe(true);
  });

  it('downloads', async () => {
    await run('Download', /^demo/, 'docs', 'young.txt');
    await shared.workbench.chooseLocal(join(shared.code.workspace, 'fetched.txt'), 'OK');
    await expect.poll(() => fetched(), patience).toBe('old\n');
  });

  function fetched(): string | undefined {
    try {
      return shared.code.readWorkspaceFile('fetched.txt');
    } catch {
      return undefined;
    }
  }

  it('refreshes everything', async () => {
    shared.site.write('meanwhile.txt', 'x');
    await run('Refresh');
    await shared.workbench.connectionRow('meanwhile.txt, file').waitFor();
  });

  it('sets a password', async () => {
    await run('Set Password', /^other/);
    await shared.workbench.answer(`Password for ${shared.site.user}@localhost`, shared.site.password);
    await shared.workbench.quickInput.waitFor({ state: 'hidden' });
    await run('Connect', /^other/);
    // For a host that is new; the password is not asked for again.
    await shared.workbench.dialog.getByRole('button', { name: 'Trust This Certificate' }).click();
    await shared.workbench.connectionRow(/^other, connected/).waitFor();
  });

  it('opens the settings of a connection', async () => {
    await run('Edit Connection', /^other/);
    await shared.workbench.tab(/^settings\.json/).waitFor();
  });

  it('removes a connection', async () => {
    await run('Remove Connection', /^other/);
    await shared.workbench.dialog.getByRole('button', { name: 'Remove' }).click();
    await shared.workbench.connectionRow(/^other,/).waitFor({ state: 'detached' });
  });

  it('adds a connection, or not', async () => {
    await run('Add Connection');
    await shared.workbench.quickInput.filter({ hasText: 'Name or address of the server' }).waitFor();
    await shared.workbench.page.keyboard.press('Escape');
  });

  it('starts the sandbox server, and stops it', async () => {
    await run('Start Sandbox Server');
    await shared.workbench.connectionRow(/^sandbox, connected/).waitFor();
    await run('Stop Sandbox Server');
    await shared.workbench.connectionRow(/^sandbox, disconnected/).waitFor();
  });

  it('disconnects', async () => {
    await run('Disconnect', /^demo/);
    await shared.workbench.connectionRow(/^demo, disconnected/).waitFor();
  });

  it('shows the log', async () => {
    await run('Show Log');
    await shared.workbench.page.locator('.output-view').waitFor();
  });

  it('opens a folder as workspace folder', async () => {
    await run('Open as Workspace Folder', /^demo/, 'docs', /^This folder/);
    await shared.workbench.explorerRow('young.txt').waitFor();
  });
});
