import { describe, expect, it } from 'vitest';
import { withMappedFiles } from '../harness/mappedFiles.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';

const patience = { timeout: 60_000 };

describe('what could not be sent', () => {
  const shared = SharedWindow.use((site) => withMappedFiles(site, ['index.html', 'other.html']));

  function row(name: string) {
    return shared.workbench
      .tree('Waiting to Be Sent')
      .getByRole('treeitem', { name: new RegExp(`^${name}, `) });
  }

  function badge(count: number) {
    const icon = shared.workbench.page.locator('.part.activitybar').getByRole('tab', { name: /^FTPS/ });
    return icon.locator('.badge-content').filter({ hasText: new RegExp(`^${count}$`) });
  }

  it('waits, where everybody can see it', async () => {
    const { workbench, site } = shared;
    // What a file held before a save is known to who was there before it.
    await workbench.showConnections();
    await workbench.connectionRow(/^demo, disconnected/).waitFor({ timeout: 60_000 });
    await workbench.showExplorer();
    await workbench.explorerRow('site').click();
    await workbench.explorerRow('index.html').waitFor();
    await site.pause();
    await shared.workbench.edit('index.html', 'while the server was away\n');
    await shared.workbench.edit('other.html', 'this one too\n');
    await badge(2).waitFor(patience);
    await workbench.statusBar.getByText('2 files wait to be sent').click();
    await row('index.html').filter({ hasText: 'waits for demo' }).waitFor(patience);
    await row('other.html').waitFor();
    await workbench.screenshot('outbox');
    expect(site.read('www/index.html')).toBe('local\n');
  });

  it('can be discarded, after a question', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(row('other.html'), 'Discard...');
    await workbench.dialog.getByText('Discard what waits to be sent of other.html?').waitFor();
    await workbench.screenshot('outbox-discard');
    await workbench.dialog.getByRole('button', { name: 'Discard' }).click();
    await row('other.html').waitFor({ state: 'detached' });
    await badge(1).waitFor();
  });

  it('is still there when the window comes back, and arrives when the server does', async () => {
    const { workbench, site, code } = shared;
    await workbench.reload();
    await badge(1).waitFor(patience);
    await workbench.showConnections();
    await row('index.html').waitFor(patience);
    await workbench.screenshot('outbox-after-reload');
    await site.resume();
    await expect.poll(() => site.read('www/index.html'), patience).toBe('while the server was away\n');
    await row('index.html').waitFor({ state: 'detached' });
    expect(await workbench.page.locator('.part.activitybar .badge-content:visible').count()).toBe(0);
    expect(site.read('www/other.html')).toBe('local\n');
    expect(code.readWorkspaceFile('site/other.html')).toBe('this one too\n');
  });
});
