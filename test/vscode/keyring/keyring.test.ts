import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretService } from '../harness/secretService.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';
import type { TestSite } from '../harness/testSite.ts';
import { browserStorage, filesHolding, holds, secretStorageSize } from '../harness/traces.ts';
import { VsCode } from '../harness/vsCode.ts';

function accountOf(site: TestSite): string {
  return `explicit://${site.user}@127.0.0.1:${String(site.profile()['port'])}`;
}

/** Fewer bytes than this cannot hold what VS Code's secret storage would keep, however it encrypts it. */
function sizeOfSecret(site: TestSite): number {
  return `ftps-explorer.ftps-explorer${accountOf(site)}${site.password}`.length;
}

describe('the password of a new connection, where there is a keyring', () => {
  let service: SecretService;

  beforeAll(async () => {
    service = await SecretService.start();
  });

  const shared = SharedWindow.use((site) => {
    site.write('hello.txt', 'hello\n');
    return VsCode.start({ environment: service.environment, parameters: ['--log', 'trace'] });
  });

  afterAll(async () => {
    await service[Symbol.asyncDispose]();
  });

  it('is asked for once, while the connection is added', async () => {
    const { site, workbench } = shared;
    await workbench.showConnections();
    await workbench.run('FTPS: Add Connection');
    await workbench.addConnection(site, 'my site');
    const question = workbench.dialog.filter({ hasText: 'cannot be verified' });
    await question.getByRole('button', { name: 'Trust This Certificate' }).click();
    await workbench.connectionRow(/^my site, connected/).waitFor();
    await workbench.connectionRow('hello.txt, file').waitFor();
    await workbench.screenshot('connection-added');
  });

  it('is in the keyring, for this host, port and user', async () => {
    const { site } = shared;
    expect(await service.secretsOf('FTPS Explorer')).toEqual([
      { account: accountOf(site), password: site.password },
    ]);
  });

  it('is in no file: settings, extension storage, logs', () => {
    const { site, code } = shared;
    // What is kept there is found by the same search.
    expect(filesHolding(code.root, site.user)).not.toEqual([]);
    expect(filesHolding(join(code.userData, 'logs'), '> PASS')).not.toEqual([]);
    expect(filesHolding(code.root, site.password)).toEqual([]);
    expect(holds(code.output, site.password)).toBe(false);
  });

  it('is not in the browser, nor handed to it in any form', async () => {
    const { site, workbench } = shared;
    const kept = await browserStorage(workbench.page);
    expect(holds(kept, 'workbench')).toBe(true);
    expect(holds(kept, site.password)).toBe(false);
    expect(await secretStorageSize(workbench.page)).toBeLessThan(sizeOfSecret(site));
  });

  it('serves a new window without a question', async () => {
    const { workbench } = shared;
    await workbench.reload();
    await workbench.showConnections();
    await workbench.connectionRow(/^my site,/).click();
    await workbench.connectionRow('hello.txt, file').waitFor();
    expect(await workbench.dialog.count()).toBe(0);
  });

  it('goes with the connection', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(workbench.connectionRow(/^my site,/), 'Remove Connection...');
    await workbench.dialog.getByRole('button', { name: 'Remove' }).click();
    await workbench.connectionRow(/^my site,/).waitFor({ state: 'detached' });
    await expect.poll(() => service.secretsOf('FTPS Explorer'), { timeout: 20_000 }).toEqual([]);
  });
});

describe('the password of a new connection, where there is no keyring', () => {
  const shared = SharedWindow.use(() => VsCode.start());

  it('is kept by VS Code, encrypted, and the user is told once', async () => {
    const { code, site, workbench } = shared;
    await workbench.showConnections();
    await workbench.run('FTPS: Add Connection');
    await workbench.addConnection(site, 'my site');
    const question = workbench.dialog.filter({ hasText: 'cannot be verified' });
    await question.getByRole('button', { name: 'Trust This Certificate' }).click();
    await workbench.connectionRow(/^my site, connected/).waitFor();
    await workbench.toast('The keychain of this computer cannot be used').waitFor();
    expect(await workbench.toast('The keychain of this computer cannot be used').count()).toBe(1);
    const kept = await browserStorage(workbench.page);
    expect(await secretStorageSize(workbench.page)).toBeGreaterThan(sizeOfSecret(site));
    expect(holds(kept, site.password)).toBe(false);
    expect(filesHolding(code.root, site.password)).toEqual([]);
  });

  it('is found again after a reload, and nothing is said again', async () => {
    const { workbench } = shared;
    await workbench.reload();
    await workbench.showConnections();
    await workbench.chooseFor(workbench.connectionRow(/^my site,/), 'Connect');
    await workbench.connectionRow(/^my site, connected/).waitFor();
    expect(await workbench.toast('The keychain of this computer').count()).toBe(0);
  });
});
