import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

/** What clients said to a server, by its log. */
function commandsIn(log: string): string[] {
  return log.split('\n').flatMap((line) => /> (.*)$/.exec(line)?.slice(1) ?? []);
}

describe('a profile that only the workspace has, opened as workspace folder', () => {
  const shared = SharedWindow.use(async (site) => {
    site.write('pages/index.html', 'old\n');
    const code = await VsCode.start();
    code.writeConnections({ demo: site.profile() });
    return code;
  });

  async function editPage(text: string): Promise<void> {
    await shared.workbench.explorerRow('index.html').dblclick();
    await shared.workbench.tab(/^index\.html/).waitFor();
    await shared.workbench.writeAndSave(text);
    expect(shared.site.read('pages/index.html')).toBe(text);
  }

  it('becomes the folder of the window', async () => {
    await shared.workbench.showConnections();
    const row = shared.workbench.connectionRow(/^demo,/);
    await row.click();
    await shared.workbench.answer('Password for', shared.site.password);
    await shared.workbench.dialog.getByRole('button', { name: 'Trust This Certificate' }).click();
    await shared.workbench.chooseFor(
      shared.workbench.connectionRow('pages, folder'),
      'Open as Workspace Folder',
    );
    await shared.workbench.explorerRow('index.html').waitFor();
  });

  it('is not asked for what its listing lacks, although VS Code looks for dozens of files', async () => {
    const heard = commandsIn(shared.site.log);
    expect(heard).toContain('MLSD /pages');
    const askedFor = heard.filter((command) => /^(RETR|SIZE|MDTM|MLST|MLSD|LIST|CWD) /.test(command));
    const present = ['/', '/pages', '/pages/index.html'];
    expect(askedFor.length).toBeLessThan(20);
    expect(askedFor.filter((command) => !present.includes(command.replace(/^\S+ /, '')))).toEqual([]);
  });

  it('edits files as any folder does', async () => {
    await editPage('edited in the folder\n');
    await shared.workbench.screenshot('workspace-folder');
  });

  it('lets files be created, renamed and deleted in the Explorer', async () => {
    const { site, workbench } = shared;
    const typed = async (name: string): Promise<void> => {
      await workbench.page.locator('.explorer-item-edited input').fill(name);
      await workbench.page.keyboard.press('Enter');
      await workbench.explorerRow(name).waitFor();
    };
    await workbench.explorerRow('index.html').hover();
    await workbench.page.locator('.part.sidebar').getByRole('button', { name: 'New File...' }).click();
    await typed('fresh.txt');
    await workbench.chooseFor(workbench.explorerRow('fresh.txt'), 'Rename...');
    await typed('renamed.txt');
    expect([site.has('pages/fresh.txt'), site.read('pages/renamed.txt')]).toEqual([false, '']);
    await workbench.chooseFor(workbench.explorerRow('renamed.txt'), 'Delete Permanently');
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await workbench.explorerRow('renamed.txt').waitFor({ state: 'detached' });
    expect(site.has('pages/renamed.txt')).toBe(false);
  });

  it('still works after a reload with that folder as the only root', async () => {
    await shared.workbench.goTo(`${shared.code.url}/?folder=${encodeURIComponent('ftps://demo/pages')}`);
    await editPage('edited as the only root\n');
    await shared.workbench.reload();
    await editPage('edited after a reload\n');
  });

  it('still has its connection in the view', async () => {
    await shared.workbench.showConnections();
    await shared.workbench.connectionRow(/^demo, connected/).waitFor();
  });
});
