import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

const patience = { timeout: 20_000 };

describe('transfers between this computer and a server', () => {
  const shared = SharedWindow.use(async (site) => {
    site.write('inbox/present.txt', 'from the server\n');
    site.write('album/cover.txt', 'cover\n');
    site.write('album/tracks/one.txt', 'one\n');
    const code = await VsCode.start({
      environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() },
      settings: { 'ftps.profiles': { demo: site.profile() } },
    });
    code.writeWorkspaceFile('letter.txt', 'Grüße\n');
    code.writeWorkspaceFile('present.txt', 'from here\n');
    code.writeWorkspaceFile('photos/a.txt', 'a\n');
    code.writeWorkspaceFile('photos/2026/b.txt', 'b\n');
    code.writeWorkspaceFile('downloads/keep.txt', 'kept\n');
    return code;
  });

  function local(path: string): string {
    return join(shared.code.workspace, path);
  }

  function row(name: string) {
    return shared.workbench.connectionRow(name);
  }

  it('uploads a file into the folder that was chosen', async () => {
    const { site, workbench } = shared;
    await workbench.showConnections();
    await workbench.connectionRow(/^demo,/).click();
    await workbench.chooseFor(row('inbox, folder'), 'Upload Here...');
    await workbench.chooseLocal(local('letter.txt'), 'Upload');
    await expect
      .poll(() => site.has('inbox/letter.txt') && site.read('inbox/letter.txt'), patience)
      .toBe('Grüße\n');
    await row('inbox, folder').click();
    await row('letter.txt, file').waitFor();
  });

  it('asks before it replaces a file', async () => {
    const { site, workbench } = shared;
    await workbench.chooseFor(row('inbox, folder'), 'Upload Here...');
    await workbench.chooseLocal(local('present.txt'), 'Upload');
    const question = workbench.dialog.filter({ hasText: '"present.txt" is already in /inbox' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(site.read('inbox/present.txt')).toBe('from the server\n');
    await workbench.chooseFor(row('inbox, folder'), 'Upload Here...');
    await workbench.chooseLocal(local('present.txt'), 'Upload');
    await question.getByRole('button', { name: 'Replace' }).click();
    await expect.poll(() => site.read('inbox/present.txt'), patience).toBe('from here\n');
  });

  it('uploads a folder with all that is in it', async () => {
    const { site, workbench } = shared;
    await workbench.chooseFor(row('inbox, folder'), 'Upload Here...');
    await workbench.chooseLocal(local('photos'), 'Upload');
    await row('photos, folder').waitFor();
    const uploaded = ['a.txt', '2026/b.txt'].map((name) => `inbox/photos/${name}`);
    await expect
      .poll(() => uploaded.map((path) => site.has(path) && site.read(path)), patience)
      .toEqual(['a\n', 'b\n']);
  });

  it('downloads a file to the place that was chosen', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(row('letter.txt, file'), 'Download...');
    await workbench.chooseLocal(local('downloads/brief.txt'), 'OK');
    await expect.poll(() => readLocal('downloads/brief.txt'), patience).toBe('Grüße\n');
  });

  it('downloads a folder with all that is in it, beside what is there already', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(row('album, folder'), 'Download...');
    await workbench.chooseLocal(local('downloads'), 'Download');
    const wanted = ['downloads/album/cover.txt', 'downloads/album/tracks/one.txt', 'downloads/keep.txt'];
    await expect.poll(() => wanted.map(readLocal), patience).toEqual(['cover\n', 'one\n', 'kept\n']);
  });

  function readLocal(path: string): string | undefined {
    try {
      return shared.code.readWorkspaceFile(path);
    } catch {
      return undefined;
    }
  }

  it('leaves nothing at work', async () => {
    await shared.workbench.toast(/Downloading|Uploading/).waitFor({ state: 'detached' });
    await expect.poll(() => shared.workbench.spinners.count(), patience).toBe(0);
    await shared.workbench.screenshot('transfers');
  });
});
