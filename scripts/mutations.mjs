// npm run mutations [-- C-12 S-4 …]: breaks the product once for each requirement, as test/mutations lists it,
// and demands that a unit test which carries its number fails. Works on copies, two at a time; the repository is not touched.
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { continueUnderProjectNode, ensureDependencies, repository } from './bootstrap.mjs';

/** @typedef {import('../test/mutations/mutation.ts').Mutation} Mutation */
/** @typedef {{ ok: boolean, number: string, note: string }} Verdict */
/** @typedef {{ fullName: string, status: string, failureMessages?: readonly string[] }} Outcome */

/** Milliseconds for the tests of one requirement, and for one of them. */
const runLimit = 120_000;
const testLimit = 15_000;
/** The suites that need neither servers of others nor a VS Code. */
const unitTest = /^test\/(?:protocol|client|server|remote|sync|editor|conformance)\/.*\.test\.ts$/;

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const { mutations } = await import('../test/mutations/mutations.ts');
const { mutationProblems } = await import('../test/mutations/mutationProblems.ts');
const { numberedTests } = await import('../test/conformance/numberedTests.ts');

const words = process.argv.slice(2);
const unknown = words.filter((word) => !mutations.some(({ requirement }) => requirement === word));
if (unknown.length > 0) {
  console.error(`There is no mutation for ${unknown.join(', ')}.`);
  process.exit(2);
}
const chosen = mutations.filter(({ requirement }) => words.length === 0 || words.includes(requirement));
const firstFailure = join(repository, 'test/mutations/firstFailure.ts');
const tests = numberedTests(repository).filter(({ file }) => unitTest.test(file));
const workplaces = mkdtempSync(join(tmpdir(), 'ftps-mutations-'));

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
const leave = () => {
  for (const child of running) end(child);
  rmSync(workplaces, { recursive: true, force: true });
};
process.on('exit', leave);
process.on('SIGINT', () => process.exit(130)).on('SIGTERM', () => process.exit(143));
process.on('SIGHUP', () => process.exit(129));

/** @param {import('node:child_process').ChildProcess} child */
function end(child) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone.
  }
}

/**
 * A copy of the repository as it stands, uncommitted changes included.
 * @param {string} name
 */
function copyRepository(name) {
  const folder = join(workplaces, name);
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of new Set(listed.split('\0'))) {
    const source = join(repository, file);
    if (lstatSync(source, { throwIfNoEntry: false })?.isFile()) cpSync(source, join(folder, file));
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** @param {string} number */
function filesCarrying(number) {
  return [...new Set(tests.filter(({ numbers }) => numbers.has(number)).map(({ file }) => file))];
}

/**
 * Runs the tests whose titles carry one of the numbers.
 * @param {string} folder
 * @param {readonly string[]} numbers
 * @param {readonly string[]} options of vitest
 * @returns {Promise<{ outcomes: readonly Outcome[], broken: readonly string[] } | undefined>} undefined when it did
 * not end in time
 */
async function runTests(folder, numbers, options) {
  const files = [...new Set(numbers.flatMap(filesCarrying))];
  const report = join(folder, 'out-mutations.json');
  rmSync(report, { force: true });
  const pattern = `\\b(?:${numbers.join('|')})(?!\\d)`;
  const program = join(repository, 'node_modules/vitest/vitest.mjs');
  const words = ['run', '--reporter=json', `--outputFile=${report}`, '-t', pattern, ...options, ...files];
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
  });
  running.add(child);
  const limit = setTimeout(() => end(child), runLimit * Math.max(1, numbers.length / 8));
  await new Promise((resolve, reject) => {
    child.once('exit', resolve).once('error', reject);
  });
  clearTimeout(limit);
  end(child);
  running.delete(child);
  if (!existsSync(report)) return undefined;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return {
    outcomes: testResults.flatMap(
      (/** @type {{ assertionResults: Outcome[] }} */ file) => file.assertionResults,
    ),
    broken: testResults
      .filter(
        (/** @type {{ status: string, assertionResults: Outcome[] }} */ file) =>
          file.status === 'failed' && file.assertionResults.length === 0,
      )
      .map((/** @type {{ name: string }} */ file) => file.name),
  };
}

/** @param {readonly Outcome[]} outcomes @param {string} number */
function failuresOf(outcomes, number) {
  const carries = new RegExp(`\\b${number}(?!\\d)`);
  return outcomes.filter(({ fullName, status }) => status === 'failed' && carries.test(fullName));
}

/**
 * @param {string} folder
 * @param {Mutation} mutation
 * @param {readonly Outcome[]} before how the tests fare without it
 * @returns {Promise<Verdict>}
 */
async function judge(folder, mutation, before) {
  const number = mutation.requirement;
  const verdict = (/** @type {boolean} */ ok, /** @type {string} */ note) => ({ ok, number, note });
  if (filesCarrying(number).length === 0) return verdict(false, 'no unit test carries the number');
  const [sick] = failuresOf(before, number);
  if (sick) return verdict(false, `fails without the mutation: ${sick.fullName}`);
  const file = join(folder, mutation.file);
  const sound = readFileSync(file, 'utf8');
  // A function, as `$` in a string would mean something.
  writeFileSync(
    file,
    sound.replace(mutation.find, () => mutation.replace),
  );
  try {
    const run = await runTests(
      folder,
      [number],
      [`--reporter=${firstFailure}`, `--testTimeout=${testLimit}`],
    );
    if (!run) return verdict(false, 'its tests did not end in time');
    if (run.broken.length > 0) return verdict(false, `does not load: ${run.broken.join(', ')}`);
    const [killer] = failuresOf(run.outcomes, number);
    if (!killer) return verdict(false, `SURVIVES: ${mutation.why}`);
    const [reason = ''] = killer.failureMessages?.[0]?.split('\n') ?? [];
    return verdict(true, `${killer.fullName}\n        ${reason}`);
  } finally {
    writeFileSync(file, sound);
  }
}

const problems = mutationProblems(repository, words.length === 0 ? mutations : chosen, words.length === 0);
for (const { requirement, problem } of problems) console.log(`✗ ${requirement.padEnd(5)} ${problem}`);

const first = copyRepository('first');
console.log(`Running the tests of ${chosen.length} requirements as they are …`);
const carried = chosen.map(({ requirement }) => requirement);
const before = await runTests(first, carried, []);
if (!before) {
  console.error('They did not end in time.');
  process.exit(1);
}

const unsound = new Set(problems.map(({ requirement }) => requirement));
const waiting = chosen.filter(({ requirement }) => !unsound.has(requirement));
/** @type {Verdict[]} */
const verdicts = [];
/** @param {string} folder */
async function work(folder) {
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    const verdict = await judge(folder, mutation, before?.outcomes ?? []);
    verdicts.push(verdict);
    console.log(`${verdict.ok ? '✓' : '✗'} ${verdict.number.padEnd(5)} ${verdict.note}`);
  }
}
await Promise.all([work(first), work(copyRepository('second'))]);

const passed = verdicts.filter(({ ok }) => ok).length;
const failed = verdicts.length - passed + problems.length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
