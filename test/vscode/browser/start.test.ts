import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { FreshStart } from '../harness/freshStart.ts';
import { Workbench } from '../harness/workbench.ts';

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('npm start', () => {
  it('takes a fresh clone to a VS Code with the demo profile and its files', {
    timeout: 300_000,
  }, async () => {
    const started = await FreshStart.run();
    try {
      expect(modeOf(started.state)).toBe(0o700);
      for (const name of ['sandbox/sandbox.json', 'demo.json', 'browser/password']) {
        expect(modeOf(join(started.state, name))).toBe(0o600);
      }
      // Whoever has no password gets a page that asks for it.
      expect(new URL((await fetch(started.address)).url).pathname).toBe('/login');
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
