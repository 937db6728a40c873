import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const patience = { timeout: 30_000 };

describe('files that something else than the editor changes', () => {
  const shared = SharedWindow.use(async (site) => {
    const sync = { local: 'dist', remote: '/www', watch: true, ignore: ['*.map'] };
    const code = await startWithDemo(site, { demo: site.profile({ sync }) });
    code.writeWorkspaceFile('dist/index.html', 'first\n');
    site.write('www/index.html', 'first\n');
    return code;
  });

  function onServer(path: string): string | undefined {
    return shared.site.has(`www/${path}`) ? shared.site.read(`www/${path}`) : undefined;
  }

  it('are uploaded where they are few, unless they are ignored', async () => {
    const { code, workbench } = shared;
    // What a file held before a save is known to who was there before it.
    await workbench.showConnections();
    await workbench.connectionRow(/^demo, disconnected/).waitFor({ timeout: 60_000 });
    await workbench.showExplorer();
    await workbench.explorerRow('dist').click();
    await workbench.explorerRow('index.html').waitFor();
    // The watcher may still be coming up: what a build does once more, it sees.
    await expect
      .poll(
        () => {
          code.writeWorkspaceFile('dist/app.js', `built ${Math.random()}\n`);
          return onServer('app.js') !== undefined;
        },
        { ...patience, interval: 3000 },
      )
      .toBe(true);
    code.writeWorkspaceFile('dist/app.js.map', 'map\n');
    code.writeWorkspaceFile('dist/css/deep/app.css', 'b { color: red }\n');
    await expect.poll(() => onServer('css/deep/app.css'), patience).toBe('b { color: red }\n');
    expect(onServer('app.js.map')).toBeUndefined();
  });

  it('are one question where they are many', async () => {
    const { code, workbench } = shared;
    for (let file = 0; file < 30; file++)
      code.writeWorkspaceFile(`dist/pages/${file}.html`, `page ${file}\n`);
    const question = workbench.toast('30 files changed outside the editor.');
    await question.waitFor(patience);
    await workbench.screenshot('changed-outside');
    expect(await question.count()).toBe(1);
    expect(onServer('pages/0.html')).toBeUndefined();
    await question.getByRole('button', { name: 'Upload' }).click();
    await expect
      .poll(() => Array.from({ length: 30 }, (_, file) => onServer(`pages/${file}.html`)), patience)
      .toEqual(Array.from({ length: 30 }, (_, file) => `page ${file}\n`));
  });

  it('are not deleted on the server because they are deleted here', async () => {
    const { code } = shared;
    code.removeWorkspaceFile('dist/index.html');
    // Told later and uploaded: what was told before it has had its turn.
    code.writeWorkspaceFile('dist/later.html', 'later\n');
    await expect.poll(() => onServer('later.html'), patience).toBe('later\n');
    expect(onServer('index.html')).toBe('first\n');
  });
});
