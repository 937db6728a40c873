import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const patience = { timeout: 20_000 };

describe('a local folder that two connections map', () => {
  const shared = SharedWindow.use(async (site) => {
    for (const folder of ['staging', 'live', 'docs']) site.write(`${folder}/readme.txt`, 'readme\n');
    site.write('docs/deep/page.txt', 'on the server\n');
    const settings = { 'git.enabled': true, 'git.openRepositoryInParentFolders': 'never' };
    const mapped = (remote: string) => site.profile({ sync: { local: 'site', remote } });
    const connections = { demo: mapped('/live'), staging: mapped('/staging') };
    const code = await startWithDemo(site, connections, settings);
    for (const name of ['a.html', 'b.html', 'c.html', 'deep/d.html']) {
      code.writeWorkspaceFile(`site/${name}`, `${name}\n`);
    }
    code.writeWorkspaceFile('outside.txt', 'not mapped\n');
    code.writeWorkspaceFile('copy/.keep', '');
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: code.workspace });
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'At first');
    return code;
  });

  function onServer(path: string): string | undefined {
    return shared.site.has(path) ? shared.site.read(path) : undefined;
  }

  function active(name: string) {
    return shared.workbench.statusBar.getByRole('button', { name: `FTPS: ${name}` });
  }

  /** What stands at the end of a row of the Explorer, which no text of the page tells. */
  function badgeOf(name: string): Promise<string> {
    const label = `.explorer-folders-view [role="treeitem"][aria-label^="${name}"] .monaco-icon-label`;
    return shared.workbench.page.evaluate<string>(
      `getComputedStyle(document.querySelector(${JSON.stringify(label)}), '::after').content`,
    );
  }

  it('uploads nothing before one of them is chosen, and asks for the choice', async () => {
    const { workbench } = shared;
    await workbench.showExplorer();
    await workbench.explorerRow('site').click();
    await active('Choose Connection').waitFor(patience);
    await shared.workbench.edit('a.html', 'saved here\n');
    const question = workbench.toast('a.html was not uploaded: several connections map it');
    await question.waitFor(patience);
    await workbench.screenshot('active-undecided');
    expect([onServer('live/a.html'), onServer('staging/a.html')]).toEqual([undefined, undefined]);
    await question.getByRole('button', { name: 'Choose Connection' }).click();
    await workbench.pick(/staging/);
    await expect.poll(() => onServer('staging/a.html'), patience).toBe('saved here\n');
  });

  it('shows the chosen one, and uploads to it alone', async () => {
    const { workbench } = shared;
    await active('staging').waitFor(patience);
    await shared.workbench.edit('b.html', 'to staging\n');
    await expect.poll(() => onServer('staging/b.html'), patience).toBe('to staging\n');
    await workbench.statusBar.getByText('Uploaded b.html to staging').waitFor();
    await workbench.screenshot('active-connection');
    expect([onServer('live/a.html'), onServer('live/b.html')]).toEqual([undefined, undefined]);
  });

  it('switches by a click', async () => {
    const { workbench } = shared;
    await active('staging').click();
    await workbench.pick(/demo/);
    await active('demo').waitFor(patience);
    await shared.workbench.edit('c.html', 'to demo\n');
    await expect.poll(() => onServer('live/c.html'), patience).toBe('to demo\n');
    expect(onServer('staging/c.html')).toBeUndefined();
  });

  it('is uploaded with all that is in it from the Explorer', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(workbench.explorerRow('site'), 'Upload to Server');
    await workbench.toast('Uploaded 3 files to demo (127.0.0.1).').waitFor(patience);
    expect(onServer('live/deep/d.html')).toBe('deep/d.html\n');
    expect(onServer('live/a.html')).toBe('saved here\n');
    await workbench.screenshot('upload-folder');
  });

  it('is compared with the server, and what a colleague has changed is overwritten only when that is meant', async () => {
    const { workbench, site, code } = shared;
    site.write('live/a.html', 'a colleague’s\n');
    code.writeWorkspaceFile('site/a.html', 'mine\n');
    await workbench.chooseFor(workbench.explorerRow('a.html'), 'Upload to Server');
    await workbench.dialog.getByText('Overwrite "a.html" on 127.0.0.1?').waitFor(patience);
    await workbench.screenshot('upload-question');
    await workbench.dialog.getByRole('button', { name: 'Compare' }).click();
    await workbench.tab(/a\.html \(demo ↔ Here\)/).waitFor(patience);
    expect(onServer('live/a.html')).toBe('a colleague’s\n');
    await expect.poll(() => badgeOf('a.html'), patience).toContain('!');
    await workbench.screenshot('compare-with-server');
  });

  it('uploads what has changed in git since a commit', async () => {
    const { workbench, code } = shared;
    code.writeWorkspaceFile('site/new.html', 'new\n');
    code.writeWorkspaceFile('outside.txt', 'changed, and not mapped\n');
    await workbench.run('FTPS: Upload Files Changed in Git Since');
    await workbench.pick(/HEAD/);
    const list = workbench.quickInput.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: 'site/new.html' }).waitFor(patience);
    await workbench.screenshot('git-changes');
    expect(await list.filter({ hasText: 'outside.txt' }).count()).toBe(0);
    await list.filter({ hasText: 'a.html' }).first().click();
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    await expect.poll(() => onServer('live/new.html'), patience).toBe('new\n');
    expect(onServer('live/a.html')).toBe('a colleague’s\n');
  });

  it('can be made of a folder on the server', async () => {
    const { workbench, code } = shared;
    await workbench.showConnections();
    await workbench.connectionRow(/^demo,/).click();
    await workbench.chooseFor(workbench.connectionRow(/^docs/).first(), 'Work on a Local Copy...');
    await workbench.chooseLocal(`${code.workspace}/copy/`, 'Download Here');
    await workbench.toast('/docs on demo is now worked on in').waitFor(patience);
    expect(code.readWorkspaceFile('copy/deep/page.txt')).toBe('on the server\n');
    const settings: unknown = JSON.parse(code.readWorkspaceFile('.vscode/settings.json'));
    const copy = { local: 'copy', remote: '/docs', direction: 'both' };
    expect(settings).toMatchObject({
      'ftps.profiles': { demo: { sync: [{ local: 'site', remote: '/live' }, copy] } },
    });
    await workbench.screenshot('local-copy');
    await workbench.showExplorer();
    await workbench.explorerRow('copy').click();
    await shared.workbench.edit('readme.txt', 'worked on here\n');
    await expect.poll(() => onServer('docs/readme.txt'), patience).toBe('worked on here\n');
  });
});
