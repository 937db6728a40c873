import { describe, expect, it } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { FreshStart } from '../harness/freshStart.ts';
import { Workbench } from '../harness/workbench.ts';

describe('npm start', () => {
  it('takes a fresh clone to a VS Code with the demo profile and its files', {
    timeout: 300_000,
  }, async () => {
    const started = await FreshStart.run();
    try {
      await using browser = await launchBrowser();
      await using workbench = await Workbench.open(browser, started.address, started.password);
      workbench.keepOnFailure('start');
      await workbench.showConnections();
      await workbench.connectionRow(/^demo,/).click();
      await workbench
        .connectionRow(/, (file|folder)$/)
        .first()
        .waitFor();
      await workbench.connectionRow(/^demo, connected/).waitFor();
      expect(await workbench.dialog.count()).toBe(0);
      await workbench.screenshot('npm-start');
    } finally {
      await started[Symbol.asyncDispose]();
    }
    await expect(fetch(started.address)).rejects.toThrow();
  });
});
