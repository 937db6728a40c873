import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

const patience = { timeout: 20_000 };

describe('saving a file that somebody else has changed on the server', () => {
  const shared = SharedWindow.use(async (site) => {
    const code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() } });
    const sync = { local: 'site', remote: '/www' };
    const settings = { 'ftps.profiles': { demo: site.profile({ sync }) } };
    code.writeWorkspaceFile('.vscode/settings.json', JSON.stringify(settings));
    for (const name of ['index.php', 'gone.php']) {
      code.writeWorkspaceFile(`site/${name}`, 'local\n');
      site.write(`www/${name}`, 'local\n');
    }
    return code;
  });

  async function edit(name: string, text: string): Promise<void> {
    const { workbench } = shared;
    await workbench.explorerRow(name).dblclick();
    await workbench.tab(new RegExp(`^${name.replace('.', '\\.')}`)).waitFor();
    await workbench.writeAndSave(text);
  }

  async function onServer(name: string, text: string): Promise<void> {
    await expect
      .poll(() => shared.site.has(`www/${name}`) && shared.site.read(`www/${name}`), patience)
      .toBe(text);
  }

  function question(name: string) {
    return shared.workbench.toast(new RegExp(`${name} was (changed|deleted) on the server`));
  }

  async function answer(name: string, word: string): Promise<void> {
    await question(name).getByRole('button', { name: word }).click(patience);
    await question(name).waitFor({ state: 'detached' });
  }

  it('is quiet while nobody has', async () => {
    // What a file held before a save is known to who was there before it.
    await shared.workbench.showConnections();
    await shared.workbench.connectionRow(/^demo, disconnected/).waitFor({ timeout: 60_000 });
    await shared.workbench.showExplorer();
    await shared.workbench.explorerRow('site').click();
    await edit('index.php', 'first\n');
    await onServer('index.php', 'first\n');
    await edit('index.php', 'second\n');
    await onServer('index.php', 'second\n');
    expect(await shared.workbench.toast('on the server').count()).toBe(0);
  });

  it('is a question, and Take Theirs brings what the server has', async () => {
    shared.site.write('www/index.php', 'theirs\n');
    await edit('index.php', 'mine\n');
    await question('index.php').waitFor(patience);
    await shared.workbench.screenshot('save-conflict');
    expect(shared.site.read('www/index.php')).toBe('theirs\n');
    await answer('index.php', 'Take Theirs');
    await expect.poll(() => shared.code.readWorkspaceFile('site/index.php'), patience).toBe('theirs\n');
    await shared.workbench.editorText.filter({ hasText: 'theirs' }).waitFor();
    expect(shared.site.read('www/index.php')).toBe('theirs\n');
  });

  it('is overwritten with Overwrite', async () => {
    shared.site.write('www/index.php', 'theirs again\n');
    await edit('index.php', 'mine again\n');
    await answer('index.php', 'Overwrite');
    await onServer('index.php', 'mine again\n');
    expect(shared.code.readWorkspaceFile('site/index.php')).toBe('mine again\n');
  });

  it('can be compared first, and waits for a decision meanwhile', async () => {
    const { workbench, site } = shared;
    site.write('www/index.php', 'theirs once more\n');
    await edit('index.php', 'mine once more\n');
    await answer('index.php', 'Compare');
    await workbench.tab(/^index\.php \(Server ↔ Here\)/).waitFor(patience);
    await workbench.page
      .locator('.editor.original .view-lines')
      .filter({ hasText: /theirs.once.more/ })
      .waitFor(patience);
    await workbench.showConnections();
    const row = workbench
      .tree('Waiting to Be Sent')
      .getByRole('treeitem', { name: 'index.php, differs on demo: you decide' });
    await row.waitFor();
    await workbench.screenshot('save-conflict-compared');
    expect(site.read('www/index.php')).toBe('theirs once more\n');
    await workbench.chooseFor(row, 'Overwrite');
    await onServer('index.php', 'mine once more\n');
    await row.waitFor({ state: 'detached' });
  });

  it('does not bring back unasked what was deleted there', async () => {
    const { workbench, site } = shared;
    await workbench.showExplorer();
    await edit('gone.php', 'first\n');
    await onServer('gone.php', 'first\n');
    site.remove('www/gone.php');
    await edit('gone.php', 'second\n');
    await question('gone.php').filter({ hasText: 'deleted' }).waitFor(patience);
    await workbench.screenshot('save-conflict-deleted');
    expect(site.has('www/gone.php')).toBe(false);
    await answer('gone.php', 'Upload Again');
    await onServer('gone.php', 'second\n');
  });
});
