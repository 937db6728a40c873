import { appendFileSync, cpSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** The extension at work with the sandbox server: its files, one of them open, and a sync that waits for a look. */
export async function takePicture(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ftps-picture-'));
  const sandbox = await startSandbox({ folder });
  try {
    await using code = await startOn(sandbox, folder);
    await using browser = await launchBrowser();
    await using workbench = await Workbench.open(browser, code.windowOn(), code.password);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await showSync(workbench, code, sandbox);
    await showFiles(workbench);
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
  const sync = { local: 'site', remote: '/', ignore: ['latest'] };
  code.writeConnections({ [connection]: { ...server, sync } });
  const isOwn = (path: string): boolean => !lstatSync(path).isSymbolicLink();
  cpSync(sandbox.root, join(code.workspace, 'site'), { recursive: true, filter: isOwn });
  return code;
}

/** A review with something of each kind, behind a first sync that found both sides the same. */
async function showSync(workbench: Workbench, code: VsCode, sandbox: Sandbox): Promise<void> {
  const { page, quickInput } = workbench;
  const row = (name: RegExp) => workbench.tree('Sync').getByRole('treeitem', { name });
  await workbench.showConnections();
  await workbench.run('FTPS: Sync...');
  await workbench.pick(/Both Ways/);
  const list = quickInput.locator('.quick-input-list .monaco-list-row');
  await list.filter({ hasText: 'Deletes on one side' }).click();
  await quickInput.getByRole('button', { name: 'OK' }).click();
  await page.locator('.pane .message').filter({ hasText: 'Both sides are in step.' }).waitFor();

  const here = (path: string) => code.readWorkspaceFile(`site/${path}`);
  code.writeWorkspaceFile('site/css/style.css', `${here('css/style.css')}\na { color: #8a4b1f; }\n`);
  code.writeWorkspaceFile('site/docs/menu/cakes.csv', 'name,price\nApple pie,3.60\n');
  code.writeWorkspaceFile('site/docs/Öffnungszeiten.txt', 'Mo-Sa 8-19\nSo 10-16\n');
  code.removeWorkspaceFile('site/docs/menu/drinks/cold.csv');
  appendFileSync(join(sandbox.root, 'docs/Öffnungszeiten.txt'), 'Feiertags geschlossen\n');
  appendFileSync(join(sandbox.root, 'js/main.js'), "document.title += ' is open';\n");
  await workbench.run('FTPS: Compare Again');
  await row(/^Deletions/).waitFor();
}

async function showFiles(workbench: Workbench): Promise<void> {
  await workbench.connectionRow(new RegExp(`^${connection},`)).click();
  for (const name of ['docs', 'css']) await workbench.connectionRow(`${name}, folder`).click();
  await workbench.connectionRow('style.css, file').waitFor();
  await workbench.connectionRow('index.html, file').click();
  await workbench.tab(/^index\.html/).waitFor();
  await coloured(workbench);
  await workbench.run('Notifications: Clear All Notifications');
}

/** Resolves once the open file has the colours of its language, and so more than one. */
async function coloured({ page }: Workbench): Promise<void> {
  await page.waitForFunction(`new Set(
    [...document.querySelectorAll('.editor-instance .view-lines span[class^=mtk]')].map((each) => each.className)
  ).size > 3`);
}
