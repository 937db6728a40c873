import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bootstrap = join(import.meta.dirname, '../../scripts/bootstrap.mjs');

describe('a tool that is missing', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts a program on the path that notes how it was called, and does no more than `script` says. */
  function install(name: string, script = ''): void {
    const log = join(folder, `${name}.log`);
    writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> '${log}'\n${script}\n`, { mode: 0o755 });
  }

  function callsOf(name: string): string {
    const log = join(folder, `${name}.log`);
    return existsSync(log) ? readFileSync(log, 'utf8') : '';
  }

  /** What a function of the bootstrap returns, or the message that it throws, on a path with nothing else. */
  function outcome(call: string, userId: number, environment: NodeJS.ProcessEnv = {}): string {
    const program = `
      process.getuid = () => ${userId};
      const bootstrap = await import(${JSON.stringify(bootstrap)});
      try { process.stdout.write('\\n' + bootstrap.${call}); } catch (error) { process.stdout.write('\\n' + error.message); }`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { PATH: folder, ...environment },
      encoding: 'utf8',
    });
    return output.split('\n').at(-1) ?? '';
  }

  it('is named with the command that installs it, where there is no apt', () => {
    expect(outcome('ensureChromium()', 0)).toMatch(/Chromium.* is missing.*sudo apt-get install chromium$/);
  });

  it('is named with the command that installs it, where that takes more rights, and sudo is not called', () => {
    install('apt-get');
    install('sudo');
    expect(outcome('ensureChromium()', 1000)).toMatch(
      /Chromium.* is missing.*sudo apt-get install chromium$/,
    );
    expect(callsOf('apt-get') + callsOf('sudo')).toBe('');
  });

  it('is installed where that takes no further rights, waiting for another apt', () => {
    const made = join(folder, 'chromium');
    install('apt-get', `echo > '${made}'; /bin/chmod 755 '${made}'`);
    expect(outcome('ensureChromium()', 0)).toBe(made);
    expect(callsOf('apt-get')).toMatch(
      /DPkg::Lock::Timeout=120 .*update\n.*DPkg::Lock::Timeout=120 .*chromium\n/,
    );
  });

  it('is named with the command to try, where its installation fails', () => {
    install('apt-get', 'exit 100');
    expect(outcome('ensureChromium()', 0)).toMatch(/could not be installed.*apt-get install chromium$/);
  });

  it('is not looked for where the user names it', () => {
    const chosen = join(folder, 'browser');
    expect(outcome('ensureChromium()', 0, { CHROMIUM: chosen })).toContain(`${chosen}, which does not exist`);
    writeFileSync(chosen, '');
    expect(outcome('ensureChromium()', 0, { CHROMIUM: chosen })).toBe(chosen);
  });

  it('may go by the name of Chrome', () => {
    install('google-chrome');
    expect(outcome('ensureChromium()', 1000)).toBe(join(folder, 'google-chrome'));
  });

  it('is named with the command that installs it, also where it is a Secret Service', () => {
    install('sudo');
    expect(outcome('ensureKeyringTools()', 1000)).toMatch(
      /gnome-keyring.* is missing.*sudo apt-get install gnome-keyring libsecret-1-0 dbus-daemon$/,
    );
    expect(callsOf('sudo')).toBe('');
  });

  it('is named with what to install, where it is a newer Node', () => {
    expect(outcome("requireNode('v18.20.4')", 1000)).toBe(
      'This is Node v18.20.4. Install Node 20 or later: https://nodejs.org',
    );
    expect(outcome("requireNode('v20.0.0')", 1000)).toBe('undefined');
  });
});

describe('a script that people start', () => {
  it('uses nothing that the first Node 20 lacks', () => {
    const folder = join(import.meta.dirname, '../../scripts');
    const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.mjs'),
    );
    expect(scripts).toContain('test.mjs');
    const later = /import\.meta\.(dirname|filename)/;
    expect(scripts.filter((name) => later.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
  });
});

it('a script that goes on under the Node of the project is stopped by its own pid', async () => {
  const program = `
    Object.defineProperty(process, 'version', { value: 'v20.0.0' });
    const { continueUnderProjectNode } = await import(${JSON.stringify(bootstrap)});
    await continueUnderProjectNode(${JSON.stringify(new URL('support/untilStopped.mjs', import.meta.url))});`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    const said = parent.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
    expect((await said.next()).value).toBe('waiting\n');
    const exited = once(parent, 'exit');
    parent.kill('SIGTERM');
    expect((await said.next()).value).toBe('put away\n');
    expect(await exited).toEqual([3, null]);
  } finally {
    if (parent.pid !== undefined && parent.exitCode === null) process.kill(-parent.pid, 'SIGKILL');
  }
});
