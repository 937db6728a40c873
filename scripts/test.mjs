// npm test: installs what is missing and runs every suite. `npm test -- unit vscode` runs only those; `--system` (or
// CI=true) adds the servers of others, which are installed into the system.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  continueUnderProjectNode,
  ensureChromium,
  ensureCodeServer,
  ensureDependencies,
  ensureKeyringTools,
  ensureNode,
  repository,
} from './bootstrap.mjs';

/** @typedef {{ passed: number, failed: number, note?: string }} Outcome */
/** @typedef {{ name: string, needs?: readonly (() => void | Promise<unknown>)[], notRun?: string, run: () => Promise<Outcome> }} Suite */

/** A suite that hangs is ended after this many milliseconds, with all that it started. */
const suiteLimit = 15 * 60_000;

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const words = process.argv.slice(2);
const inCI = process.env.CI !== undefined && process.env.CI !== '' && process.env.CI !== 'false';
const withSystem = words.includes('--system') || inCI;
// Properties of the parsers are tried ten times as often there.
if (inCI) {
  process.env.FTPS_PROPERTY_RUNS ??= '10000';
  process.env.FTPS_SYNC_RUNS ??= '2000';
  process.env.FTPS_SYNC_KILLS ??= '100';
}
const results = join(repository, 'out/results');
mkdirSync(results, { recursive: true });

/** @type {Promise<number> | undefined} */
let packing;
async function ensurePackage() {
  packing ??= execute('node', ['scripts/package.mjs']);
  if ((await packing) !== 0) throw new Error('the extension could not be packed');
}

async function ensureForeignServers() {
  const foreign = await import('./foreignServers.mjs');
  await foreign.ensureForeignServers({ log: console.log });
}

const withoutSystem = 'installs FTP servers, a user and a PAM file: npm test -- --system';

/** Of the VS Code versions that the extension supports: from the oldest, 20, on; the newest, 24, runs the other suites. */
const olderNodes = ['20.20.2', '22.23.3'];

/** @type {readonly Suite[]} */
const suites = [
  { name: 'types', run: check('tsc', '--noEmit') },
  { name: 'lint', run: check('oxlint', '--type-aware', '--deny-warnings') },
  { name: 'format', run: check('biome', 'format') },
  { name: 'deadcode', run: check('knip') },
  // Fails too when less than promised of the protocol, the client and the server is covered.
  { name: 'unit', run: tests('unit', 'vitest.config.ts', '--coverage') },
  // Desktop VS Code's TLS is BoringSSL, which tells less than OpenSSL.
  { name: 'boringssl', run: tests('boringssl', 'vitest.boringssl.config.ts') },
  {
    name: 'package',
    needs: [ensurePackage],
    run: tests('package', 'vitest.vscode.config.ts', 'test/package'),
  },
  {
    name: 'interop',
    needs: [ensureForeignServers],
    ...(!withSystem && { notRun: withoutSystem }),
    run: tests('interop', 'vitest.interop.config.ts'),
  },
  {
    name: 'vscode',
    needs: [ensurePackage, ensureCodeServer, ensureChromium],
    run: tests('vscode', 'vitest.vscode.config.ts', 'test/vscode/browser', 'test/vscode/host'),
  },
  {
    name: 'keyring',
    needs: [ensurePackage, ensureCodeServer, ensureChromium, ensureKeyringTools],
    ...(process.platform !== 'linux' && { notRun: 'the Secret Service is a matter of Linux' }),
    run: tests('keyring', 'vitest.vscode.config.ts', 'test/vscode/keyring'),
  },
  ...olderNodes.flatMap(clientUnder),
];

/**
 * Runs a command with its output shown, in a process group of its own that ends with it.
 * @param {string} command
 * @param {readonly string[]} parameters
 * @returns {Promise<number>} its exit status
 */
function execute(command, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group is gone.
      }
    };
    const interrupt = () => {
      end();
      process.exit(130);
    };
    const limit = setTimeout(() => {
      console.log(`${command} was ended after ${suiteLimit / 60_000} minutes.`);
      end();
    }, suiteLimit);
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
    child.once('error', reject);
    child.once('exit', (status) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', interrupt);
      end();
      resolve(status ?? 1);
    });
  });
}

/**
 * A suite that is one check: a command that succeeds or fails.
 * @param {string} command
 * @param {...string} parameters
 */
function check(command, ...parameters) {
  return async () =>
    (await execute(command, parameters)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * A suite of tests, counted by what vitest reports.
 * @param {string} name
 * @param {string} configuration
 * @param {...string} filters
 */
function tests(name, configuration, ...filters) {
  return testsUnder(() => 'node', name, configuration, ...filters);
}

/**
 * The same under another Node.
 * @param {() => string} node its executable
 * @param {string} name
 * @param {string} configuration
 * @param {...string} filters
 */
function testsUnder(node, name, configuration, ...filters) {
  return async () => {
    const report = join(results, `${name}.json`);
    rmSync(report, { force: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', configuration];
    const status = await execute(node(), [...vitest, ...reporters, ...filters]);
    return countTests(report, status);
  };
}

/**
 * The client under another Node: by itself, and against real servers where those may be installed.
 * @param {string} version
 * @returns {Suite[]}
 */
function clientUnder(version) {
  const node = () => ensureNode(version);
  const name = `node${version.split('.')[0]}`;
  const realServers = ['contract', 'matrix', 'refusals', 'clearCommandChannel'].map(
    (part) => `test/interop/${part}`,
  );
  return [
    {
      name,
      run: testsUnder(node, name, 'vitest.config.ts', 'test/protocol', 'test/client', 'test/conformance'),
    },
    {
      name: `${name}servers`,
      needs: [ensureForeignServers],
      ...(!withSystem && { notRun: withoutSystem }),
      run: testsUnder(node, `${name}servers`, 'vitest.interop.config.ts', ...realServers),
    },
  ];
}

/**
 * @param {string} report
 * @param {number} status of the process that wrote it
 * @returns {Outcome}
 */
function countTests(report, status) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const unread = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const skipped = numPendingTests + numTodoTests;
  const failed = numFailedTests + unread + skipped;
  const notes = [];
  if (unread > 0) notes.push(`${unread} files did not load`);
  if (skipped > 0) notes.push(`${skipped} tests were skipped, which counts as failed`);
  if (numPassedTests + failed === 0) notes.push('no test ran, which counts as failed');
  else if (status !== 0 && failed === 0) notes.push('failed outside its tests');
  const counted = failed === 0 && notes.length > 0 ? 1 : failed;
  return { passed: numPassedTests, failed: counted, note: notes.join('; ') };
}

/** @param {Suite} suite @returns {Promise<Outcome>} */
async function runSuite(suite) {
  console.log(`\n── ${suite.name}`);
  try {
    for (const need of suite.needs ?? []) await need();
    return await suite.run();
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    console.error(note);
    return { passed: 0, failed: 1, note };
  }
}

const named = words.filter((word) => !word.startsWith('--'));
const unknown = named.filter((word) => !suites.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.error(`No suite ${unknown.join(', ')}. There are: ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const chosen = suites.filter(({ name }) => named.length === 0 || named.includes(name));
const lines = [];
let passed = 0;
let failed = 0;
for (const suite of chosen) {
  if (suite.notRun !== undefined) {
    lines.push(`${suite.name.padEnd(13)}  NOT RUN (${suite.notRun})`);
    continue;
  }
  const start = performance.now();
  const outcome = await runSuite(suite);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(7);
  passed += outcome.passed;
  failed += outcome.failed;
  const figures = `${String(outcome.passed).padStart(5)} passed ${String(outcome.failed).padStart(5)} failed`;
  lines.push(`${suite.name.padEnd(13)} ${seconds} s ${figures}${outcome.note ? `  ${outcome.note}` : ''}`);
}
console.log(`\n${lines.join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
