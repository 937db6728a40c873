import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../../src/server/sandbox.ts';
import { launchBrowser } from './browser.ts';
import { VsCode } from './vsCode.ts';
import { Workbench } from './workbench.ts';

const connection = 'cafe';
const appearance = {
  'workbench.colorTheme': 'Default Dark Modern',
  'editor.minimap.enabled': false,
  'editor.fontSize': 13,
};

/** The extension at work with the sandbox server: its files, one of them open, and one just uploaded on save. */
export async function takePicture(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ftps-picture-'));
  const sandbox = await startSandbox({ folder });
  try {
    await using code = await startOn(sandbox, folder);
    await using browser = await launchBrowser();
    await using workbench = await Workbench.open(browser, code.windowOn(), code.password);
    await workbench.page.setViewportSize({ width: 1280, height: 680 });
    await arrange(workbench);
    await workbench.page.screenshot({ path: file });
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startOn(sandbox: Sandbox, folder: string): Promise<VsCode> {
  const { host, port, user, password, fingerprint } = sandbox;
  const server = { host, port, security: 'explicit', user };
  const demo = join(folder, 'demo.json');
  writeFileSync(demo, JSON.stringify({ profile: connection, ...server, password, fingerprint }));
  const code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: demo }, settings: appearance });
  const profiles = { [connection]: { ...server, sync: { local: 'site', remote: '/' } } };
  code.writeWorkspaceFile('.vscode/settings.json', JSON.stringify({ 'ftps.profiles': profiles }));
  code.writeWorkspaceFile('site/css/style.css', readFileSync(join(sandbox.root, 'css/style.css'), 'utf8'));
  return code;
}

async function arrange(workbench: Workbench): Promise<void> {
  await workbench.showExplorer();
  await workbench.explorerRow('site').click();
  await workbench.explorerRow('style.css').dblclick();
  await workbench.tab(/^style\.css/).waitFor();

  await workbench.showConnections();
  await workbench.connectionRow(new RegExp(`^${connection},`)).click();
  for (const name of ['docs', 'menu', 'drinks', 'css', 'images']) {
    await workbench.connectionRow(`${name}, folder`).click();
  }
  await workbench.connectionRow('cold.csv, file').waitFor();
  await workbench.connectionRow('index.html, file').click();
  await workbench.tab(/^index\.html/).waitFor();
  await coloured(workbench);
  await workbench.run('Notifications: Clear All Notifications');

  await workbench.tab(/^style\.css/).click();
  await workbench.writeAndSave('body { font-family: system-ui; }\n');
  await workbench.tab(/^index\.html/).click();
  await coloured(workbench);
  await workbench.statusBar.getByText('Uploaded style.css').waitFor();
}

/** Resolves once the open file has the colours of its language, and so more than one. */
async function coloured({ page }: Workbench): Promise<void> {
  await page.waitForFunction(`new Set(
    [...document.querySelectorAll('.editor-instance .view-lines span[class^=mtk]')].map((each) => each.className)
  ).size > 3`);
}
