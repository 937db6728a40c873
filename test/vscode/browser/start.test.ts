import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/bootstrap.mjs';
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

  it('opens the desktop VS Code where there is one, and goes on with the sandbox until it is told to end', async () => {
    const root = mkdtempSync(join(tmpdir(), 'ftps-desktop-'));
    const calls = join(root, 'calls');
    const desktop = `#!/bin/sh\nfor word in "$@"; do echo "$word"; done >> '${calls}'\ncat "$FTPS_EXPLORER_DEMO" >> '${calls}'\n`;
    writeFileSync(join(root, 'code'), desktop, { mode: 0o755 });
    const { CI: _, ...environment } = process.env;
    const start = spawn('npm', ['--silent', 'start'], {
      cwd: repository,
      env: {
        ...environment,
        PATH: [root, process.env['PATH']].join(delimiter),
        DISPLAY: ':0',
        XDG_DATA_HOME: root,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const ended = once(start, 'close');
    try {
      let output = '';
      for await (const piece of start.stdout) {
        output += String(piece);
        if (output.includes('Ctrl+C ends it.')) break;
      }
      expect(output).toContain('VS Code is open.');
      const workspace = join(root, 'ftps-explorer/demo');
      const called = readFileSync(calls, 'utf8').split('\n');
      expect(called).toEqual(expect.arrayContaining(['--install-extension', '--new-window', workspace]));
      expect(called).toContain(join(repository, 'out/ftps-explorer.vsix'));
      const settings = JSON.parse(readFileSync(join(workspace, '.vscode/settings.json'), 'utf8'));
      const { host, port } = settings['ftps.profiles'].demo;
      expect(output).toContain(`Sandbox server: ${host}:${port}`);
      expect(called.join()).toContain(`"port":${port}`);
      const greeting = connect(port, host);
      const heard = text(greeting);
      greeting.end('QUIT\r\n');
      expect(await heard).toMatch(/^220.*\r\n221/s);
    } finally {
      if (start.pid !== undefined && start.exitCode === null) process.kill(-start.pid, 'SIGINT');
      await ended;
      rmSync(root, { recursive: true, force: true });
    }
  });
});
