import { execFileSync } from 'node:child_process';
import type { Locator } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { HeldServer } from '../harness/heldServer.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const patience = { timeout: 30_000 };

const pages = Array.from({ length: 260 }, (_, page) => `pages/${page}.html`);
const deleted = pages.slice(0, 60);

describe('a folder that the server follows, deletions and all', () => {
  const owned = new AsyncDisposableStack();
  let server: HeldServer;

  const shared = SharedWindow.use(async (site) => {
    server = owned.use(await HeldServer.inFrontOf(Number(site.profile()['port'])));
    const sync = { local: 'site', remote: '/www', watch: true, deleteOnServer: true };
    const code = await startWithDemo(
      site,
      { demo: site.profile({ port: server.port, sync }) },
      { 'explorer.confirmDelete': false, 'files.enableTrash': false, 'explorer.autoReveal': false },
      server,
    );
    const names = ['a.html', 'b.html', 'css/style.css', 'css/deep/more.css', 'branch.html', 'other.html'];
    for (const name of [...names, ...pages]) {
      code.writeWorkspaceFile(`site/${name}`, `${name}\n`);
      site.write(`www/${name}`, `${name}\n`);
    }
    const git = (...words: readonly string[]) => gitIn(code.workspace, words);
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'At first');
    git('checkout', '-q', '-b', 'few');
    git('rm', '-q', 'site/branch.html');
    code.writeWorkspaceFile('site/other.html', 'of the branch\n');
    git('commit', '-q', '-a', '-m', 'A few changes');
    git('checkout', '-q', '-b', 'many', 'main');
    git('rm', '-q', ...deleted.map((name) => `site/${name}`));
    git('commit', '-q', '-m', 'Many deletions');
    git('checkout', '-q', 'main');
    return code;
  });

  afterAll(() => owned.disposeAsync());

  function gitIn(folder: string, words: readonly string[]): void {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder });
  }

  function row(name: string | RegExp): Locator {
    return shared.workbench.tree('Sync').getByRole('treeitem', { name });
  }

  function message(text: string): Locator {
    return shared.workbench.page.locator('.pane .message').filter({ hasText: text });
  }

  /** A button in the head of the view, which is there while the pointer is over it. */
  async function press(title: string): Promise<void> {
    const { page } = shared.workbench;
    const pane = page.locator('.pane').filter({ has: page.locator('.pane-header[aria-label^="Sync"]') });
    await pane.locator('.pane-header').hover();
    await pane.getByRole('button', { name: title }).click();
  }

  /** Answers which way and how. */
  async function answer(direction: string, option?: string): Promise<void> {
    const { workbench } = shared;
    await workbench.quickInput.getByText(direction, { exact: true }).click();
    const list = workbench.quickInput.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: 'Existing Only' }).waitFor();
    if (option !== undefined) await list.filter({ hasText: option }).first().click();
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
  }

  function onServer(path: string): string | undefined {
    return shared.site.has(`www/${path}`) ? shared.site.read(`www/${path}`) : undefined;
  }

  it('goes by its new name there, and no more by the old one, when it is renamed in the Explorer', async () => {
    const { workbench } = shared;
    await workbench.showConnections();
    // From here on the extension is there.
    await workbench.connectionRow(/^demo, disconnected/).waitFor({ timeout: 60_000 });
    await workbench.run('FTPS: Sync...');
    await answer('To the Server');
    await message('Both sides are in step.').waitFor(patience);
    await workbench.showExplorer();
    await workbench.explorerRow('site').click();
    for (const [from, to] of [
      ['a.html', 'renamed.html'],
      ['css', 'styles'],
    ] as const) {
      await workbench.chooseFor(workbench.explorerRow(from), 'Rename...');
      await workbench.page.locator('.explorer-folders-view .monaco-inputbox input').fill(to);
      await workbench.page.keyboard.press('Enter');
      await workbench.explorerRow(to).waitFor();
    }
    await expect.poll(() => onServer('styles/deep/more.css'), patience).toBe('css/deep/more.css\n');
    await expect.poll(() => onServer('renamed.html'), patience).toBe('a.html\n');
    await expect
      .poll(() => [onServer('a.html'), onServer('css/style.css')], patience)
      .toEqual([undefined, undefined]);
  });

  it('has deleted there what is deleted in the Explorer, and by git', async () => {
    const { workbench, code } = shared;
    await workbench.chooseFor(workbench.explorerRow('b.html'), 'Delete Permanently');
    await workbench.explorerRow('b.html').waitFor({ state: 'detached' });
    await expect.poll(() => onServer('b.html'), patience).toBeUndefined();
    gitIn(code.workspace, ['checkout', '-q', 'few']);
    await expect.poll(() => onServer('other.html'), patience).toBe('of the branch\n');
    await expect.poll(() => onServer('branch.html'), patience).toBeUndefined();
    expect(onServer('pages/0.html')).toBe('pages/0.html\n');
    await workbench.screenshot('deletions-carried');
  });

  it('is compared in part where a folder of it is chosen', async () => {
    const { workbench, site } = shared;
    for (const name of ['styles/style.css', 'other.html']) site.write(`www/${name}`, 'of a colleague\n');
    await workbench.chooseFor(workbench.explorerRow('styles'), 'Compare with Server');
    await answer('Both Ways');
    await row('styles/style.css, changed on server').waitFor(patience);
    await workbench.page.getByText('site/styles ↔ demo:/www/styles').waitFor();
    expect(await row(/^other\.html/).count()).toBe(0);
    await workbench.screenshot('sync-one-folder');
    site.write('www/styles/style.css', 'css/style.css\n');
    site.write('www/other.html', 'of the branch\n');
    await workbench.run('FTPS: Discard Review');
  });

  it('has nothing deleted there unseen when git deletes much', async () => {
    const { workbench, code } = shared;
    gitIn(code.workspace, ['checkout', '-q', 'many']);
    const question = workbench.toast(
      '60 files and folders were deleted outside the editor, and left on the server',
    );
    await question.waitFor(patience);
    await workbench.screenshot('deletions-storm');
    await question.getByRole('button', { name: 'Review' }).click();
    await answer('To the Server', 'Delete');
    await row(/^Deletions, 60 files on server/).waitFor(patience);
    expect(onServer('pages/0.html')).toBe('pages/0.html\n');
  });

  it('asks before more than fifty files go, and does the rest where they are skipped', async () => {
    const { workbench } = shared;
    await press('Apply What Is Checked');
    const question = workbench.dialog.filter({
      hasText: /Delete 60 of \d+ files on 127\.0\.0\.1 in \/www\?/,
    });
    await question.waitFor();
    await workbench.screenshot('sync-guard-many');
    await question.getByRole('button', { name: 'Skip Deletions' }).click();
    await row(/^Deletions, 0 of 60 files on server/).waitFor(patience);
    expect(deleted.filter((name) => onServer(name) === undefined)).toEqual([]);
    await workbench.screenshot('sync-deletions-skipped');
  });

  it('stops where it is cancelled, and can be taken up again', async () => {
    const { workbench, code } = shared;
    const fresh = Array.from({ length: 80 }, (_, file) => `fresh/${file}.txt`);
    for (const name of fresh) code.writeWorkspaceFile(`site/${name}`, `${name}\n`);
    const storm = workbench.toast('files changed outside the editor');
    await storm.waitFor(patience);
    await storm.getByRole('button', { name: 'Not Now' }).click();
    await press('Compare Again');
    await row(/^Uploads, 80 files/).waitFor(patience);
    const held = server.holdWhen(() => onServer('fresh/0.txt') !== undefined);
    await press('Apply What Is Checked');
    await held;
    await workbench.screenshot('sync-running');
    await workbench.run('FTPS: Cancel Sync');
    server.release();
    await workbench.toast(/uploaded, .*not done/).waitFor(patience);
    const arrived = fresh.filter((name) => onServer(name) !== undefined);
    expect(arrived.length).toBeGreaterThan(0);
    expect(arrived.length).toBeLessThan(fresh.length);
    expect(arrived.filter((name) => onServer(name) !== `${name}\n`)).toEqual([]);
    await workbench.screenshot('sync-cancelled');
    await press('Apply What Is Checked');
    await expect.poll(() => fresh.filter((name) => onServer(name) !== `${name}\n`), patience).toEqual([]);
  });
});
