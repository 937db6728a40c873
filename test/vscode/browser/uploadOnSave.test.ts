import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { TestSite } from '../harness/testSite.ts';
import { VsCode } from '../harness/vsCode.ts';
import { Workbench } from '../harness/workbench.ts';

describe('saving a local file that is mapped to the server', () => {
  let site: TestSite;
  let code: VsCode;
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    site = await TestSite.start();
    site.write('www/index.html', '<h1>old</h1>\n');
    code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() } });
    const sync = { local: 'site', remote: '/www', ignore: ['*.log'], onSave: true };
    const settings = { 'ftps.profiles': { demo: site.profile({ sync }) } };
    code.writeWorkspaceFile('.vscode/settings.json', JSON.stringify(settings));
    for (const name of ['site/index.html', 'site/new.css', 'site/debug.log', 'elsewhere.txt']) {
      code.writeWorkspaceFile(name, 'local\n');
    }
    browser = await launchBrowser();
    workbench = await Workbench.open(browser, code.windowOn());
    await workbench.explorerRow('site').click();
  });

  afterAll(async () => {
    await browser.close();
    await code[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  beforeEach(({ task }) => workbench.keepOnFailure(task.name));

  async function edit(name: string, text: string): Promise<void> {
    await workbench.explorerRow(name).dblclick();
    await workbench.tab(new RegExp(`^${name.replace('.', '\\.')}`)).waitFor();
    await workbench.writeAndSave(text);
  }

  function onServer(path: string): string | undefined {
    try {
      return site.read(path);
    } catch {
      return undefined;
    }
  }

  it('puts exactly its bytes on the server', async () => {
    await edit('index.html', '<h1>saved here — ümlaut</h1>\n');
    await expect
      .poll(() => onServer('www/index.html'), { timeout: 20_000 })
      .toBe('<h1>saved here — ümlaut</h1>\n');
    await workbench.screenshot('upload-on-save');
  });

  it('puts a file there that the server did not have', async () => {
    await edit('new.css', 'b { color: red }\n');
    await expect.poll(() => onServer('www/new.css'), { timeout: 20_000 }).toBe('b { color: red }\n');
  });

  it('leaves out what is ignored or not mapped', async () => {
    await edit('debug.log', 'secret\n');
    await edit('elsewhere.txt', 'not mapped\n');
    // Saved later and uploaded: what was saved before it has had its turn.
    await edit('new.css', 'i { color: blue }\n');
    await expect.poll(() => onServer('www/new.css'), { timeout: 20_000 }).toBe('i { color: blue }\n');
    expect(onServer('www/debug.log')).toBeUndefined();
    expect(onServer('www/elsewhere.txt')).toBeUndefined();
    expect(onServer('elsewhere.txt')).toBeUndefined();
  });

  it('says once what failed, and uploads on Retry', async () => {
    await site.pause();
    await edit('index.html', '<h1>while the server was away</h1>\n');
    const message = workbench.toast(/index\.html/);
    const retry = message.getByRole('button', { name: 'Retry' });
    await retry.waitFor({ timeout: 60_000 });
    await workbench.screenshot('upload-failed');
    expect(await message.count()).toBe(1);
    expect(onServer('www/index.html')).toBe('<h1>saved here — ümlaut</h1>\n');
    await site.resume();
    await retry.click();
    await expect
      .poll(() => onServer('www/index.html'), { timeout: 20_000 })
      .toBe('<h1>while the server was away</h1>\n');
  });
});
