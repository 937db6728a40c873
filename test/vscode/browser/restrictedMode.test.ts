import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

describe('in a workspace that is not trusted', () => {
  const shared = SharedWindow.use(async (site) => {
    const code = await VsCode.start({
      workspaceTrust: true,
      environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() },
      settings: { 'ftps.profiles': { mine: site.profile() } },
    });
    const foreign = site.profile({ sync: { local: '', remote: '/' } });
    // Of the same name as one of the user's own, and of another.
    code.writeConnections({ mine: { ...foreign, host: '127.0.0.2' }, theirs: foreign });
    code.writeWorkspaceFile('page.html', 'old\n');
    return code;
  });

  it('only connections of the user are there, and none is opened', async () => {
    const { site, workbench } = shared;
    await workbench.statusBar.getByText('Restricted Mode').waitFor();
    await workbench.showConnections();
    // From here on the extension is there.
    await workbench.connectionRow(/^mine, disconnected/).waitFor({ timeout: 60_000 });
    expect(await workbench.connectionRow(/^theirs/).count()).toBe(0);
    await workbench.screenshot('restricted-mode');
    expect(site.log).toBe('');
  });

  it('nothing is uploaded on save', async () => {
    const { site, workbench } = shared;
    await workbench.showExplorer();
    await workbench.explorerRow('page.html').dblclick();
    await workbench.writeAndSave('new\n');
    expect(shared.code.readWorkspaceFile('page.html')).toBe('new\n');
    expect(site.log).toBe('');
  });

  it('nothing is synced', async () => {
    const { site, workbench } = shared;
    await workbench.run('FTPS: Sync...');
    await workbench.toast('Nothing is synced in a workspace that is not trusted.').waitFor();
    await workbench.screenshot('restricted-sync');
    expect(await workbench.tree('Sync').getByRole('treeitem').count()).toBe(0);
    expect(site.log).toBe('');
  });

  it("the user's own connect when they are told to, to where the user's settings say", async () => {
    const { site, workbench } = shared;
    await workbench.showConnections();
    await workbench.chooseFor(workbench.connectionRow(/^mine,/), 'Connect');
    await workbench.connectionRow(/^mine, connected/).waitFor();
    expect(site.log).toContain(`> USER ${site.user}`);
    expect(site.has('page.html')).toBe(false);
  });

  it('those of the workspace come once it is trusted', async () => {
    const { workbench } = shared;
    await workbench.run('Workspaces: Manage Workspace Trust');
    await workbench.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    await workbench.statusBar.getByText('Restricted Mode').waitFor({ state: 'detached' });
    await workbench.showConnections();
    await workbench.connectionRow(/^theirs, disconnected/).waitFor();
  });
});
