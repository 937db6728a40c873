// Installs what a fresh machine lacks. Runs before anything is installed: no dependencies, valid on Node 20.0, whose
// import.meta has no more than `url`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = dirname(dirname(fileURLToPath(import.meta.url)));

const nodeMajor = '24';
const oldestNode = 20;
const codeServerVersion = '4.139.1';
const codeServerNode = '24.21.0';

/** Something that is missing and that only the user can install. */
export class MissingTool extends Error {}

/** The folder for what is downloaded once and shared by all checkouts. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ftps-explorer');
}

/** Puts Node 24 and the project's tools first on this process's path, and so on that of its children. */
function putToolsFirst() {
  const first = [join(repository, 'node_modules/node/bin'), join(repository, 'node_modules/.bin')];
  const rest = (process.env.PATH ?? '').split(delimiter).filter((entry) => !first.includes(entry));
  process.env.PATH = [...first, ...rest].join(delimiter);
}

/**
 * Runs a command to its end with its output shown.
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
function run(command, parameters, options = {}) {
  // A surrounding `npm test` describes itself in the environment; an npm started here is about another package.
  const environment = Object.fromEntries(
    Object.entries(options.env ?? process.env).filter(
      ([name]) => !/^npm_(package|lifecycle)_|^npm_command$|^npm_config_local_prefix$/.test(name),
    ),
  );
  const result = spawnSync(command, parameters, {
    cwd: options.cwd ?? repository,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) {
    throw new Error(`\`${command} ${parameters.join(' ')}\` ended with ${result.status ?? result.signal}`);
  }
}

/** @param {string} name @returns {string | undefined} the executable's path */
export function findOnPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Whether what npm says it has installed is what the lock file asks for. */
function dependenciesAreInstalled() {
  const installedFile = join(repository, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms stay away; what is there must be of the right version.
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && existsSync(join(repository, path, 'package.json'));
  });
}

/** @param {string} modules the node_modules folder that holds the package `node` */
function installNodeBinary(modules) {
  const folder = join(modules, 'node');
  const executable = nodeIn(modules);
  const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  if (versionOf(executable) === `v${version}`) return;
  // The package's own install script, run by name: npm versions differ in which scripts they let run.
  run(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder });
  const found = versionOf(executable);
  if (found !== `v${version}`) {
    throw new Error(`the package node@${version} did not install its binary (found ${found ?? 'none'})`);
  }
}

/** @param {string} version @throws MissingTool where it is older than what this can run on */
export function requireNode(version) {
  if (Number(version.slice(1).split('.')[0]) >= oldestNode) return;
  throw new MissingTool(`This is Node ${version}. Install Node ${oldestNode} or later: https://nodejs.org`);
}

/** @param {string} modules */
function nodeIn(modules) {
  return join(modules, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** @param {string} executable */
function versionOf(executable) {
  const result = spawnSync(executable, ['-v'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Installs the packages of the lock file and Node 24, and puts both first on the path. */
export function ensureDependencies() {
  requireNode(process.version);
  const modules = join(repository, 'node_modules');
  if (!dependenciesAreInstalled()) {
    console.log('Installing the dependencies …');
    // Install scripts stay off: of all packages only `node` needs its own, and keytar's would compile.
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  installNodeBinary(modules);
  putToolsFirst();
  const version = versionOf('node');
  if (!version?.startsWith(`v${nodeMajor}.`)) {
    throw new Error(`\`node -v\` answers ${version ?? 'nothing'}, where Node ${nodeMajor} is needed`);
  }
}

/**
 * Installs code-server (VS Code for the browser) outside the repository.
 * @returns {{ node: string, entry: string }} the executable that runs it, and its main file
 */
export function ensureCodeServer() {
  const name = `code-server-${codeServerVersion}-node-${codeServerNode}`;
  const modules = join(ensureInstalled(name, installCodeServer), 'node_modules');
  replaceLogLibrary(join(modules, 'code-server/lib/vscode/node_modules/@vscode/spdlog/index.js'));
  return { node: nodeIn(modules), entry: join(modules, 'code-server/out/node/entry.js') };
}

/**
 * Installs another version of Node outside the repository.
 * @param {string} version for example `22.12.0`
 * @returns {string} its executable
 */
export function ensureNode(version) {
  const folder = ensureInstalled(`node-${version}`, (partial) => {
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `node@${version}`], {
      cwd: partial,
    });
    installNodeBinary(join(partial, 'node_modules'));
  });
  return nodeIn(join(folder, 'node_modules'));
}

/**
 * A folder of the cache, filled once. It is made beside its place and moved there whole: an interrupted installation
 * leaves nothing that looks finished.
 * @param {string} name
 * @param {(folder: string) => void} install
 */
function ensureInstalled(name, install) {
  const folder = join(cacheFolder(), name);
  const marker = 'complete';
  if (existsSync(join(folder, marker))) return folder;
  console.log(`Installing ${name} …`);
  removeAbandoned(dirname(folder));
  const partial = `${folder}.${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
  install(partial);
  writeFileSync(join(partial, marker), '');
  if (existsSync(join(folder, marker))) {
    rmSync(partial, { recursive: true, force: true });
  } else {
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  }
  return folder;
}

/** Without its native library VS Code would keep no log, and its Output panel would stay empty. @param {string} place */
function replaceLogLibrary(place) {
  const ours = readFileSync(join(repository, 'scripts/codeServerLog.cjs'));
  if (!ours.equals(readFileSync(place))) writeFileSync(place, ours);
}

/** @param {string} folder */
function installCodeServer(folder) {
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  const modules = join(folder, 'node_modules');
  // Without its install scripts it needs no compiler: what it runs on comes ready-built in the packages.
  const packages = [`node@${codeServerNode}`, `code-server@${codeServerVersion}`];
  run('npm', ['install', ...quiet, ...packages], { cwd: folder });
  installNodeBinary(modules);
  const env = { ...process.env, PATH: `${join(modules, 'node/bin')}${delimiter}${process.env.PATH ?? ''}` };
  const editor = join(modules, 'code-server/lib/vscode');
  for (const cwd of [editor, join(editor, 'extensions')]) {
    run('npm', ['install', ...quiet, '--omit=dev'], { cwd, env });
  }
}

/** Removes the half-finished installations of processes that are gone. @param {string} folder */
function removeAbandoned(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const owner = /\.(\d+)\.partial$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(folder, name), { recursive: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string} the path of a Chromium or Chrome */
export function ensureChromium() {
  const chosen = process.env.CHROMIUM;
  if (chosen) {
    if (!existsSync(chosen)) throw new MissingTool(`CHROMIUM names ${chosen}, which does not exist`);
    return chosen;
  }
  const found = findChromium();
  if (found !== undefined) return found;
  aptInstall(['chromium'], 'Chromium (or Chrome; CHROMIUM may name it), which drives VS Code in the tests,');
  const installed = findChromium();
  if (installed === undefined) throw new MissingTool('Chromium was installed, but is not on the path');
  return installed;
}

function findChromium() {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  if (process.platform === 'darwin' && existsSync(mac)) return mac;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const file = findOnPath(name);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Makes sure that a Secret Service can be run in a private session. */
export function ensureKeyringTools() {
  if (!keyringToolsAreThere()) {
    aptInstall(
      ['gnome-keyring', 'libsecret-1-0', 'dbus-daemon'],
      'A Secret Service (gnome-keyring, libsecret and dbus-daemon)',
    );
  }
}

function keyringToolsAreThere() {
  const tools = ['gnome-keyring-daemon', 'dbus-daemon'];
  if (tools.some((name) => findOnPath(name) === undefined)) return false;
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  return libraries.status === 0 && libraries.stdout.includes('libsecret-1.so.0');
}

/**
 * Installs Debian packages where that needs no permission. @throws MissingTool naming the command, where it does
 * @param {readonly string[]} packages
 * @param {string} what for the message, as its subject
 */
export function aptInstall(packages, what) {
  const command = `apt-get install ${packages.join(' ')}`;
  if (findOnPath('apt-get') === undefined) {
    throw new MissingTool(`${what} is missing. On Debian and Ubuntu it comes by: sudo ${command}`);
  }
  if (process.getuid?.() !== 0) throw new MissingTool(`${what} is missing. Install it by: sudo ${command}`);
  console.log(`Installing ${packages.join(', ')} …`);
  const wait = ['-o', 'DPkg::Lock::Timeout=120', '-qq'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    run('apt-get', [...wait, 'update'], { env });
    run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], { env });
  } catch (error) {
    throw new MissingTool(`${what} could not be installed. Try: ${command}`, { cause: error });
  }
}

/**
 * Goes on under Node 24, if this process runs another one. Does not return in that case.
 * @param {string} script the URL of this process's main file
 */
export async function continueUnderProjectNode(script) {
  if (process.version.startsWith(`v${nodeMajor}.`)) return;
  const child = spawn('node', [fileURLToPath(script), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal tells the whole process group, a pid is one process: the child decides, and its end is this one's.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill());
  const [status] = await once(child, 'exit');
  process.exit(status ?? 1);
}
