import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

const patience = { timeout: 20_000 };
const settingsFile = '.vscode/settings.json';

describe('a connection of the workspace', () => {
  const shared = SharedWindow.use(async (site) => {
    const code = await VsCode.start();
    const settings = { 'files.eol': '\n', 'ftps.profiles': { site: site.profile() } };
    code.writeWorkspaceFile(settingsFile, JSON.stringify(settings, null, 2));
    return code;
  });

  it('is edited where it is written', async () => {
    const { workbench } = shared;
    await workbench.showConnections();
    await workbench.chooseFor(workbench.connectionRow(/^site,/), 'Edit Connection');
    await workbench.tab(/^settings\.json/).waitFor();
    await workbench.statusBar.getByText('Ln 4, Col 5').waitFor();
    await workbench.screenshot('edit-connection');
  });

  it('follows its settings as soon as they are saved', async () => {
    const { workbench } = shared;
    const { keyboard } = workbench.page;
    // The cursor stands before the name, in quotes.
    await workbench.editorText.focus();
    await keyboard.press('ArrowRight');
    await keyboard.type('web');
    await workbench.save();
    await workbench.connectionRow(/^website, disconnected/).waitFor();
    await workbench.connectionRow(/^site,/).waitFor({ state: 'detached' });
  });

  it('is removed once that is confirmed', async () => {
    const { code, site, workbench } = shared;
    await workbench.chooseFor(workbench.connectionRow(/^website,/), 'Connect');
    await workbench.answer('Password for', site.password);
    await workbench.dialog.getByRole('button', { name: 'Trust This Certificate' }).click();
    const row = workbench.connectionRow(/^website, connected/);
    await workbench.chooseFor(row, 'Remove Connection...');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await row.waitFor();
    await workbench.chooseFor(row, 'Remove Connection...');
    await workbench.dialog.getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    await expect.poll(() => code.readWorkspaceFile(settingsFile), patience).not.toContain('ftps.profiles');
  });

  it('leaves neither its password nor its trust behind', async () => {
    const { site, workbench } = shared;
    await workbench.run('FTPS: Add Connection');
    await workbench.addConnection(site, 'again', '');
    await workbench.answer('Password for', site.password);
    await workbench.dialog.getByRole('button', { name: 'Trust This Certificate' }).click();
    await workbench.connectionRow(/^again, connected/).waitFor();
  });
});
