import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

/** A fingerprint stands in two rows. */
function digits(text: string): string {
  return text.replaceAll(/[\s:]/g, '');
}

describe('access to a server that is new to VS Code', () => {
  const shared = SharedWindow.use(async (site) => {
    site.write('hello.txt', 'hello\n');
    site.write('docs/deep/page.txt', 'page\n');
    const plain = site.profile({ security: 'none' });
    const profiles = { site: site.profile(), broken: { host: '127.0.0.1' }, plain };
    return VsCode.start({ settings: { 'ftps.profiles': profiles } });
  });

  it('lists it, and connects to nothing by itself', async () => {
    await shared.workbench.showConnections();
    await shared.workbench.connectionRow(/^site, disconnected/).waitFor();
    expect(shared.site.log).toBe('');
  });

  it('lists another one that is not usable, with the reason', async () => {
    const row = shared.workbench.connectionRow('broken, invalid');
    await row.getByText('user is missing').waitFor();
  });

  it('says what is not encrypted, and asks before it speaks to it', async () => {
    const { site, workbench } = shared;
    const row = workbench.connectionRow('plain, disconnected, not encrypted');
    await workbench.chooseFor(row, 'Connect');
    const question = workbench.dialog.filter({ hasText: '"plain" is not encrypted.' });
    await question.getByRole('button', { name: 'Connect Without Encryption' }).waitFor();
    // Enter, pressed without reading, agrees to nothing.
    await workbench.page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    await row.waitFor();
    expect(site.log).toBe('');
  });

  async function connect(): Promise<void> {
    await shared.workbench.chooseFor(shared.workbench.connectionRow(/^site,/), 'Connect');
  }

  it('asks for the password, and shows a certificate that does not verify before it sends any', async () => {
    await connect();
    await shared.workbench.answer(`Password for ${shared.site.user}@127.0.0.1`, 'not the password');
    const question = shared.workbench.dialog.filter({ hasText: 'cannot be verified' });
    await question.waitFor();
    const shown = await question.innerText();
    expect(digits(shown)).toContain(digits(shared.site.fingerprint));
    expect(shown).toContain('CN=localhost');
    expect(shared.site.log).not.toContain(shared.site.user);
    await shared.workbench.screenshot('certificate-question');
    // Enter, pressed without reading, trusts nothing.
    await shared.workbench.page.keyboard.press('Enter');
    await shared.workbench.connectionRow(/^site, disconnected/).waitFor();
    await connect();
    await shared.workbench.answer(`Password for ${shared.site.user}@127.0.0.1`, 'not the password');
    await question.getByRole('button', { name: 'Trust This Certificate' }).click();
  });

  it('asks again for a password that was refused, in the words of the server', async () => {
    await shared.workbench.quickInput.filter({ hasText: '530' }).waitFor();
    await shared.workbench.screenshot('password-refused');
    await shared.workbench.answer(`Password for ${shared.site.user}@127.0.0.1`, shared.site.password);
    await shared.workbench.connectionRow(/^site, connected/).waitFor();
    // A login shows in this log: that none showed before says something.
    expect(shared.site.log).toContain(`> USER ${shared.site.user}`);
  });

  it('reads a folder when it is expanded, and no sooner', async () => {
    const { site, workbench } = shared;
    const read = (path: string): boolean => new RegExp(`> (MLSD|LIST|CWD) ${path}$`, 'm').test(site.log);
    await workbench.connectionRow('docs, folder').waitFor();
    expect([read('/'), read('/docs')]).toEqual([true, false]);
    await workbench.connectionRow('docs, folder').click();
    await workbench.connectionRow('deep, folder').waitFor();
    expect([read('/docs'), read('/docs/deep')]).toEqual([true, false]);
  });

  it('says once that passwords are kept in VS Code, where there is no keychain', async () => {
    const notice = shared.workbench.toast(/keychain/i);
    await notice.first().waitFor();
    expect(await notice.count()).toBe(1);
    await shared.workbench.screenshot('no-keychain');
    await notice.first().hover();
    await shared.workbench.run('Notifications: Clear All Notifications');
    await shared.workbench.connectionRow('hello.txt, file').waitFor();
  });

  it('asks nothing the next time, in another window of the same browser', async () => {
    await shared.workbench.reload();
    await shared.workbench.showConnections();
    await connect();
    await shared.workbench.connectionRow(/^site, connected/).waitFor();
    expect(await shared.workbench.toast(/keychain/i).count()).toBe(0);
  });

  it('warns, louder, when the server shows another certificate', async () => {
    await shared.workbench.chooseFor(shared.workbench.connectionRow(/^site,/), 'Disconnect');
    await shared.workbench.connectionRow(/^site, disconnected/).waitFor();
    await shared.site.replaceCertificate();
    const before = shared.site.log.length;
    await connect();
    const warning = shared.workbench.dialog.filter({
      hasText: 'shows another certificate than the one you trusted',
    });
    await warning.waitFor();
    expect(digits(await warning.innerText())).toContain(digits(shared.site.fingerprint));
    expect(shared.site.log.slice(before)).not.toContain(shared.site.user);
    await shared.workbench.screenshot('another-certificate');
    await shared.workbench.page.keyboard.press('Enter');
    await shared.workbench.connectionRow(/^site, disconnected/).waitFor();
  });
});
