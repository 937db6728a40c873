import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { TestSite } from '../harness/testSite.ts';
import { VsCode } from '../harness/vsCode.ts';
import { Workbench } from '../harness/workbench.ts';

describe('access to a server that is new to VS Code', () => {
  let site: TestSite;
  let code: VsCode;
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    site = await TestSite.start();
    site.write('hello.txt', 'hello\n');
    code = await VsCode.start({ settings: { 'ftps.profiles': { site: site.profile() } } });
    browser = await launchBrowser();
    workbench = await Workbench.open(browser, code.windowOn());
    await workbench.showConnections();
  });

  afterAll(async () => {
    await browser.close();
    await code[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  beforeEach(({ task }) => workbench.keepOnFailure(task.name));

  async function connect(): Promise<void> {
    await workbench.chooseFor(workbench.connectionRow(/^site,/), 'Connect');
  }

  it('asks for the password, and shows a certificate that does not verify before it sends any', async () => {
    await connect();
    await workbench.answer(`Password for ${site.user}@127.0.0.1`, 'not the password');
    const question = workbench.dialog.filter({ hasText: 'cannot be verified' });
    await question.waitFor();
    const shown = (await question.innerText()).replaceAll(/\s/g, '');
    expect(shown).toContain(site.fingerprint.replaceAll(/\s/g, ''));
    expect(shown).toContain('CN=localhost');
    expect(site.log).not.toContain(site.user);
    await workbench.screenshot('certificate-question');
    await question.getByRole('button', { name: 'Trust This Certificate' }).click();
  });

  it('asks again for a password that was refused, in the words of the server', async () => {
    await workbench.quickInput.filter({ hasText: '530' }).waitFor();
    await workbench.screenshot('password-refused');
    await workbench.answer(`Password for ${site.user}@127.0.0.1`, site.password);
    await workbench.connectionRow(/^site, connected/).waitFor();
  });

  it('says once that passwords are kept in VS Code, where there is no keychain', async () => {
    const notice = workbench.toast(/keychain/i);
    await notice.first().waitFor();
    expect(await notice.count()).toBe(1);
    await workbench.screenshot('no-keychain');
    await notice.first().hover();
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.connectionRow(/^site,/).click();
    await workbench.connectionRow('hello.txt, file').waitFor();
  });

  it('asks nothing the next time, in another window of the same browser', async () => {
    await workbench.page.reload();
    await workbench.ready();
    await workbench.showConnections();
    await connect();
    await workbench.connectionRow(/^site, connected/).waitFor();
    expect(await workbench.toast(/keychain/i).count()).toBe(0);
  });

  it('warns, louder, when the server shows another certificate', async () => {
    await workbench.chooseFor(workbench.connectionRow(/^site,/), 'Disconnect');
    await workbench.connectionRow(/^site, disconnected/).waitFor();
    await site.replaceCertificate();
    const before = site.log.length;
    await connect();
    const warning = workbench.dialog.filter({
      hasText: 'shows another certificate than the one you trusted',
    });
    await warning.waitFor();
    expect((await warning.innerText()).replaceAll(/\s/g, '')).toContain(site.fingerprint);
    expect(site.log.slice(before)).not.toContain(site.user);
    await workbench.screenshot('another-certificate');
    await warning.getByRole('button', { name: 'Cancel' }).click();
    await workbench.connectionRow(/^site, disconnected/).waitFor();
  });
});
