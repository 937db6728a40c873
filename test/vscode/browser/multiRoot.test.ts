import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

describe('a workspace of several folders', () => {
  const shared = SharedWindow.use(
    async (site) => {
      site.write('pages/index.html', 'old\n');
      site.write('pages/style.css', 'old\n');
      site.write('images/logo.svg', '<svg/>\n');
      const code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() } });
      code.writeWorkspaceFile('readme.md', 'local\n');
      const folders = [{ path: 'workspace' }, { uri: 'ftps://demo/pages', name: 'pages on demo' }];
      const settings = { 'ftps.profiles': { demo: site.profile() } };
      writeFileSync(workspaceFile(code), JSON.stringify({ folders, settings }));
      return code;
    },
    (code) => code.windowOnWorkspace(workspaceFile(code)),
  );

  function workspaceFile(code: VsCode): string {
    return join(code.root, 'mixed.code-workspace');
  }

  it('shows a folder of a server beside a local one', async () => {
    const { workbench } = shared;
    await workbench.showExplorer();
    await workbench.explorerRow('workspace').waitFor();
    await workbench.explorerRow('pages on demo').waitFor();
    await openIn('pages on demo', 'index.html');
    await workbench.screenshot('multi-root');
  });

  async function openIn(folder: string, name: string): Promise<void> {
    const { workbench } = shared;
    const row = workbench.explorerRow(folder);
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
    const file = workbench.explorerRow(name);
    // The first one waits for the extension to start, and for the server.
    await file.waitFor({ timeout: 60_000 });
    await file.dblclick();
    await workbench.tab(new RegExp(`^${name.replace('.', '\\.')}`)).waitFor();
  }

  it('edits the files of both', async () => {
    const { code, site, workbench } = shared;
    await openIn('pages on demo', 'index.html');
    await workbench.writeAndSave('new\n');
    expect(site.read('pages/index.html')).toBe('new\n');
    await openIn('workspace', 'readme.md');
    await workbench.writeAndSave('edited\n');
    expect(code.readWorkspaceFile('readme.md')).toBe('edited\n');
    expect(site.has('readme.md')).toBe(false);
  });

  it('takes another folder of the server from the Connections view, without a reload', async () => {
    const { workbench } = shared;
    await workbench.showConnections();
    await workbench.connectionRow(/^demo,/).click();
    await workbench.chooseFor(workbench.connectionRow('images, folder'), 'Open as Workspace Folder');
    await workbench.explorerRow('images (demo)').waitFor();
    await openIn('images (demo)', 'logo.svg');
    await workbench.tab(/^index\.html/).waitFor();
  });
});
