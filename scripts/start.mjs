// npm start: the extension in a real VS Code, with a sandbox server to try it on. `npm start -- --browser` takes the VS
// Code for the browser even where there is a desktop one, `--no-open` only prints its address.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { continueUnderProjectNode, ensureDependencies, findOnPath, repository } from './bootstrap.mjs';
import { startCodeServer, withoutEditorVariables } from './codeServer.mjs';
import { untilStopped } from './untilStopped.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

/** Where VS Code listens, if nothing else does: what a browser keeps for it is bound to the port. */
const preferredPort = 8321;

const noOpen = process.argv.includes('--no-open') || process.env.CI !== undefined;
const state = join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'ftps-explorer');
const workspace = join(state, 'demo');
const packageFile = join(repository, 'out/ftps-explorer.vsix');

const packing = spawnSync('node', ['scripts/package.mjs'], { cwd: repository, stdio: 'inherit' });
if (packing.status !== 0) process.exit(packing.status ?? 1);

// It holds keys and passwords.
mkdirSync(join(state, 'sandbox'), { recursive: true });
for (const folder of [state, join(state, 'sandbox')]) chmodSync(folder, 0o700);

const { startSandbox } = createRequire(import.meta.url)('../dist/server.cjs');
const sandbox = await startSandbox({ folder: join(state, 'sandbox'), log: () => {} });
console.log(`Sandbox server: ${sandbox.host}:${sandbox.port}, its files in ${sandbox.root}`);
prepareWorkspace();

const environment = withoutEditorVariables({ ...process.env, FTPS_EXPLORER_DEMO: writeDemoFile() });
const desktop = desktopEditor();
const stopEditor = desktop === undefined ? await openInBrowser() : await openOnDesktop(desktop);
console.log(`The connection "demo" is in the FTPS container of the Activity Bar. Ctrl+C ends it.`);

await untilStopped();
await stopEditor();
await sandbox.close();
process.exit(0);

/** The folder that VS Code opens: its settings hold the profile, and its folder `site` goes to the server on save. */
function prepareWorkspace() {
  const { host, port, user } = sandbox;
  const sync = { local: 'site', remote: '/', onSave: true };
  const demo = { host, port, security: 'explicit', user, remotePath: '/', sync };
  mkdirSync(join(workspace, '.vscode'), { recursive: true });
  mkdirSync(join(workspace, 'site'), { recursive: true });
  const settings = { 'ftps.profiles': { demo } };
  writeFileSync(join(workspace, '.vscode/settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
  const page = 'index.html';
  const [sample, copy] = [join(sandbox.root, page), join(workspace, 'site', page)];
  if (existsSync(sample) && !existsSync(copy)) copyFileSync(sample, copy);
}

/** What the extension needs to connect without a question; only this user can read it. */
function writeDemoFile() {
  const { host, port, user, password, fingerprint } = sandbox;
  const file = join(state, 'demo.json');
  const content = { profile: 'demo', host, port, security: 'explicit', user, password, fingerprint };
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}

/** The desktop VS Code's command, where there is a display for it. */
function desktopEditor() {
  if (noOpen || process.argv.includes('--browser')) return undefined;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return undefined;
  return findOnPath(process.platform === 'win32' ? 'code.cmd' : 'code');
}

/** Folders of their own keep the user's settings and extensions as they are. @param {string} kind */
function editorFolders(kind) {
  const folders = { userData: join(state, kind, 'user-data'), extensions: join(state, kind, 'extensions') };
  mkdirSync(join(folders.userData, 'User'), { recursive: true });
  const settings = join(folders.userData, 'User/settings.json');
  const initial = {
    'workbench.startupEditor': 'none',
    // The demo folder's settings are this script's own.
    'security.workspace.trust.enabled': false,
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  };
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify(initial, null, 2)}\n`);
  return folders;
}

/** @param {string} code @returns {Promise<() => Promise<void>>} what leaves it again */
async function openOnDesktop(code) {
  const { userData, extensions } = editorFolders('desktop');
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const options = {
    env: environment,
    stdio: /** @type {const} */ ('inherit'),
    shell: process.platform === 'win32',
  };
  for (const parameters of [
    ['--install-extension', packageFile, '--force'],
    ['--new-window', workspace],
  ]) {
    const { status } = spawnSync(code, [...folders, ...parameters], options);
    if (status !== 0) throw new Error(`\`code ${parameters.join(' ')}\` ended with ${status}`);
  }
  console.log('VS Code is open.');
  return async () => {};
}

/** @returns {Promise<() => Promise<void>>} what stops it */
async function openInBrowser() {
  const options = {
    ...editorFolders('browser'),
    packages: [packageFile],
    password: browserPassword(),
    environment: { ...environment, XDG_CONFIG_HOME: join(state, 'browser/config') },
  };
  const server = await startCodeServer({ ...options, port: preferredPort }).catch(() =>
    startCodeServer(options),
  );
  const address = `${server.url}/?folder=${encodeURIComponent(workspace)}`;
  console.log(`VS Code: ${address}`);
  console.log(`Its password: ${options.password}`);
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const hasDisplay =
    process.platform === 'darwin' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (!noOpen && hasDisplay && findOnPath(opener) !== undefined) {
    spawn(opener, [address], { stdio: 'ignore', detached: true }).unref();
  }
  return () => server.stop();
}

/** The same at every start, so that a browser that is logged in stays so. */
function browserPassword() {
  const file = join(state, 'browser/password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(12).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
