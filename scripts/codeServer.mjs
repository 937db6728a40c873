// Runs code-server, the VS Code for the browser.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ensureCodeServer } from './bootstrap.mjs';

/**
 * @typedef {object} CodeServerOptions
 * @property {string} userData the folder of settings and state
 * @property {string} extensions the folder of installed extensions
 * @property {readonly string[]} packages the VSIX files to install first
 * @property {string} password what a browser has to give: whoever gets in has a terminal
 * @property {number} [port] any free one, unless given
 * @property {NodeJS.ProcessEnv} [environment] by default this process's
 * @property {readonly string[]} [parameters] further ones for code-server
 * @property {(line: string) => void} [log] receives what code-server prints
 */

/** The environment without what a surrounding VS Code would tell its own children. @param {NodeJS.ProcessEnv} environment */
export function withoutEditorVariables(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name)),
  );
}

/**
 * Starts code-server on loopback, where others who use this machine can reach it too.
 * @param {CodeServerOptions} options
 * @returns {Promise<import('./codeServer.mjs').CodeServer>}
 * @throws Error with its output, when it ends before it listens
 */
export async function startCodeServer(options) {
  const { node, entry } = ensureCodeServer();
  const environment = withoutEditorVariables(options.environment ?? process.env);
  const folders = ['--user-data-dir', options.userData, '--extensions-dir', options.extensions];
  mkdirSync(options.userData, { recursive: true });
  mkdirSync(options.extensions, { recursive: true });
  for (const file of options.packages) {
    const installation = spawnSync(node, [entry, ...folders, '--install-extension', file, '--force'], {
      env: environment,
      encoding: 'utf8',
    });
    if (installation.status !== 0) {
      throw new Error(`code-server could not install ${file}: ${installation.stdout}${installation.stderr}`);
    }
  }
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
  const address = `127.0.0.1:${options.port ?? 0}`;
  const parameters = ['--auth', 'password', '--bind-addr', address, ...quiet, ...(options.parameters ?? [])];
  // A group of its own, so that what code-server starts ends with it.
  // code-server takes the password out of the environment before it starts anything itself.
  const server = spawn(node, [entry, ...folders, ...parameters], {
    env: { ...environment, PASSWORD: options.password },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(server, 'close');
  const endGroup = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      if (server.pid !== undefined) process.kill(-server.pid, signal);
    } catch {
      // The group is gone.
    }
  };
  const killGroup = () => endGroup('SIGKILL');
  process.once('exit', killGroup);
  void ended.then(() => process.off('exit', killGroup));
  return {
    url: await listeningAddress(server, options.log),
    pid: server.pid ?? 0,
    ended,
    async stop() {
      endGroup('SIGTERM');
      const patience = setTimeout(killGroup, 3000);
      await ended;
      clearTimeout(patience);
    },
    async kill() {
      killGroup();
      await ended;
    },
  };
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} server
 * @param {((line: string) => void) | undefined} log
 * @returns {Promise<string>}
 */
function listeningAddress(server, log) {
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const output = [];
    const read = (/** @type {string} */ line) => {
      log?.(line);
      output.push(line);
      const address = /HTTP server listening on (http:\/\/[\d.:]+)\//.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    };
    createInterface({ input: server.stdout }).on('line', read);
    createInterface({ input: server.stderr }).on('line', read);
    server.once('error', reject);
    server.once('close', () => reject(new Error(`code-server ended:\n${output.join('\n')}`)));
  });
}
