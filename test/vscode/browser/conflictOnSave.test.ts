import { describe, expect, it } from 'vitest';
import { withMappedFiles } from '../harness/mappedFiles.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';

const patience = { timeout: 20_000 };

describe('saving a file that somebody else has changed on the server', () => {
  const shared = SharedWindow.use((site) => withMappedFiles(site, ['index.php', 'gone.php']));

  async function onServer(name: string, text: string): Promise<void> {
    await expect
      .poll(() => shared.site.has(`www/${name}`) && shared.site.read(`www/${name}`), patience)
      .toBe(text);
  }

  function question(name: string) {
    return shared.workbench.toast(new RegExp(`${name} was (changed|deleted) on \\S+ in /www since`));
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
    await shared.workbench.edit('index.php', 'first\n');
    await onServer('index.php', 'first\n');
    await shared.workbench.edit('index.php', 'second\n');
    await onServer('index.php', 'second\n');
    expect(await shared.workbench.toast('since it was last in step').count()).toBe(0);
  });

  it('is a question, and Take Theirs brings what the server has', async () => {
    shared.site.write('www/index.php', 'theirs\n');
    await shared.workbench.edit('index.php', 'mine\n');
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
    await shared.workbench.edit('index.php', 'mine again\n');
    await answer('index.php', 'Overwrite');
    await onServer('index.php', 'mine again\n');
    expect(shared.code.readWorkspaceFile('site/index.php')).toBe('mine again\n');
  });

  it('can be compared first, and waits for a decision meanwhile', async () => {
    const { workbench, site } = shared;
    site.write('www/index.php', 'theirs once more\n');
    await shared.workbench.edit('index.php', 'mine once more\n');
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
    await shared.workbench.edit('gone.php', 'first\n');
    await onServer('gone.php', 'first\n');
    site.remove('www/gone.php');
    await shared.workbench.edit('gone.php', 'second\n');
    await question('gone.php').filter({ hasText: 'deleted' }).waitFor(patience);
    await workbench.screenshot('save-conflict-deleted');
    expect(site.has('www/gone.php')).toBe(false);
    await answer('gone.php', 'Upload Again');
    await onServer('gone.php', 'second\n');
  });
});
