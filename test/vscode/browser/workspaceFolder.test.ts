import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { TestSite } from '../harness/testSite.ts';
import { VsCode } from '../harness/vsCode.ts';
import { Workbench } from '../harness/workbench.ts';

describe('a profile that only the workspace has, opened as workspace folder', () => {
  let site: TestSite;
  let code: VsCode;
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    site = await TestSite.start();
    site.write('pages/index.html', '<h1>old</h1>\n');
    code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() } });
    const settings = { 'ftps.profiles': { demo: site.profile() } };
    code.writeWorkspaceFile('.vscode/settings.json', JSON.stringify(settings));
    browser = await launchBrowser();
    workbench = await Workbench.open(browser, code.windowOn());
  });

  afterAll(async () => {
    await browser.close();
    await code[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  beforeEach(({ task }) => workbench.keepOnFailure(task.name));

  async function editPage(text: string): Promise<void> {
    await workbench.explorerRow('index.html').dblclick();
    await workbench.tab(/^index\.html/).waitFor();
    await workbench.writeAndSave(text);
    expect(site.read('pages/index.html')).toBe(text);
  }

  it('becomes the folder of the window', async () => {
    await workbench.showConnections();
    const row = workbench.connectionRow(/^demo,/);
    await row.click();
    await workbench.chooseFor(workbench.connectionRow('pages, folder'), 'Open as Workspace Folder');
    await workbench.explorerRow('index.html').waitFor();
  });

  it('edits files as any folder does', async () => {
    await editPage('<h1>edited in the folder</h1>\n');
    await workbench.screenshot('workspace-folder');
  });

  it('still works after a reload with that folder as the only root', async () => {
    await workbench.page.goto(`${code.url}/?folder=${encodeURIComponent('ftps://demo/pages')}`);
    await workbench.ready();
    await editPage('<h1>edited as the only root</h1>\n');
    await workbench.page.reload();
    await workbench.ready();
    await editPage('<h1>edited after a reload</h1>\n');
  });

  it('still has its connection in the view', async () => {
    await workbench.showConnections();
    await workbench.connectionRow(/^demo, connected/).waitFor();
  });
});
