import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HeldServer } from '../harness/heldServer.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

describe('saving a local file that is mapped to the server', () => {
  const owned = new AsyncDisposableStack();
  let server: HeldServer;

  const shared = SharedWindow.use(async (site) => {
    site.write('www/index.html', 'local\n');
    server = owned.use(await HeldServer.inFrontOf(Number(site.profile()['port'])));
    const sync = { local: 'site', remote: '/www', ignore: ['*.log'], onSave: true };
    const code = await startWithDemo(
      site,
      { demo: site.profile({ port: server.port, sync }) },
      undefined,
      server,
    );
    for (const name of [
      'site/index.html',
      'site/new.css',
      'site/debug.log',
      'elsewhere.txt',
      'site/fresh/page.txt',
    ]) {
      code.writeWorkspaceFile(name, 'local\n');
    }
    return code;
  });

  afterAll(() => owned.disposeAsync());

  it('needs no connection beforehand', async () => {
    await shared.workbench.showConnections();
    await shared.workbench.connectionRow(/^demo, disconnected/).waitFor();
    await shared.workbench.showExplorer();
    await shared.workbench.explorerRow('site').click();
    await shared.workbench.explorerRow('new.css').waitFor();
  });

  function onServer(path: string): string | undefined {
    try {
      return shared.site.read(path);
    } catch {
      return undefined;
    }
  }

  it('puts exactly its bytes on the server', async () => {
    await shared.workbench.edit('index.html', 'saved here — ümlaut\n');
    await expect.poll(() => onServer('www/index.html'), { timeout: 20_000 }).toBe('saved here — ümlaut\n');
    await shared.workbench.statusBar.getByText('Uploaded index.html').waitFor();
    await shared.workbench.screenshot('upload-on-save');
  });

  it('shows in the status bar how far it is', async () => {
    const { site, workbench } = shared;
    const text = `${'x'.repeat(63)}\n`.repeat(32);
    const folder = join(site.root, 'www');
    const isThere = (name: string): boolean =>
      statSync(join(folder, name), { throwIfNoEntry: false })?.size === text.length;
    const held = server.holdWhen(() => readdirSync(folder).some(isThere));
    await workbench.edit('index.html', text);
    await held;
    await workbench.statusBar.getByText('Uploading index.html to demo, 2 KB sent').waitFor();
    await workbench.screenshot('upload-progress');
    expect(onServer('www/index.html')).toBe('saved here — ümlaut\n');
    server.release();
    await workbench.statusBar.getByText('Uploaded index.html').waitFor();
    expect(onServer('www/index.html')).toBe(text);
  });

  it('puts a file there that the server did not have', async () => {
    await shared.workbench.edit('new.css', 'b { color: red }\n');
    await expect.poll(() => onServer('www/new.css'), { timeout: 20_000 }).toBe('b { color: red }\n');
  });

  it('makes the folder that the server does not have yet', async () => {
    await shared.workbench.explorerRow('fresh').click();
    await shared.workbench.edit('page.txt', 'fresh\n');
    await expect.poll(() => onServer('www/fresh/page.txt'), { timeout: 20_000 }).toBe('fresh\n');
  });

  it('leaves out what is ignored or not mapped', async () => {
    await shared.workbench.edit('debug.log', 'secret\n');
    await shared.workbench.edit('elsewhere.txt', 'not mapped\n');
    // Saved later and uploaded: what was saved before it has had its turn.
    await shared.workbench.edit('new.css', 'i { color: blue }\n');
    await expect.poll(() => onServer('www/new.css'), { timeout: 20_000 }).toBe('i { color: blue }\n');
    // It is on the server before this side has been told so.
    await shared.workbench.statusBar.getByText('Uploaded new.css').waitFor();
    expect(onServer('www/debug.log')).toBeUndefined();
    expect(onServer('www/elsewhere.txt')).toBeUndefined();
    expect(onServer('elsewhere.txt')).toBeUndefined();
  });

  it('says once what failed, and uploads on Retry', async () => {
    // What was told before this, such as where the password is kept, may still be shown.
    await shared.workbench.run('Notifications: Clear All Notifications');
    await shared.site.pause();
    await shared.workbench.edit('index.html', 'while the server was away\n');
    const message = shared.workbench.toast(/index\.html/);
    await message
      .filter({ hasText: 'It is sent when the server can be reached again.' })
      .waitFor({ timeout: 60_000 });
    const retry = message.getByRole('button', { name: 'Retry' });
    await retry.waitFor({ timeout: 60_000 });
    await shared.workbench.statusBar.getByText('index.html waits to be sent').waitFor();
    await shared.workbench.screenshot('upload-failed');
    expect(await shared.workbench.toast('').count()).toBe(1);
    expect(onServer('www/index.html')).toMatch(/^x{63}\n/);
    await shared.site.resume();
    await retry.click();
    await expect
      .poll(() => onServer('www/index.html'), { timeout: 20_000 })
      .toBe('while the server was away\n');
  });
});
