// Times the activation of the packed extension in the extension host of a real VS Code, by VS Code's own figures:
// node scripts/bench/activation.mjs [--count N] [VSIX ...]. Several packages are measured in turn, window by window.
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { continueUnderProjectNode, ensureDependencies, repository } from '../bootstrap.mjs';

/**
 * @typedef {object} Activation of one window
 * @property {number} load milliseconds for reading and compiling the code
 * @property {number} call milliseconds of the call of `activate`
 */

/**
 * @param {readonly string[]} files the VSIX of each
 * @param {number} count windows for each, every one with an extension host of its own
 * @returns {Promise<readonly (readonly Activation[])[]>} in the order of the files
 */
export async function measureActivation(files, count) {
  const { launchBrowser } = await import('../../test/vscode/harness/browser.ts');
  const { VsCode } = await import('../../test/vscode/harness/vsCode.ts');
  const { Workbench } = await import('../../test/vscode/harness/workbench.ts');
  await using stack = new AsyncDisposableStack();
  const browser = stack.use(await launchBrowser());
  /** @type {{ code: import('../../test/vscode/harness/vsCode.ts').VsCode, measured: Activation[] }[]} */
  const candidates = [];
  for (const file of files) {
    const settings = { 'ftps.profiles': { bench: { host: '127.0.0.1', user: 'bench' } } };
    const code = stack.use(await VsCode.start({ packages: [file], settings }));
    candidates.push({ code, measured: [] });
  }
  // The first window of each fills the caches of the disk.
  for (let round = 0; round <= count; round++) {
    for (const { code, measured } of candidates) {
      await using workbench = await Workbench.open(browser, code.windowOn(), code.password);
      const activation = await readActivation(workbench);
      if (round > 0) measured.push(activation);
    }
  }
  return candidates.map(({ measured }) => measured);
}

/**
 * Reads what "Developer: Startup Performance" says.
 * @param {import('../../test/vscode/harness/workbench.ts').Workbench} workbench
 * @returns {Promise<Activation>}
 */
async function readActivation(workbench) {
  await workbench.showConnections();
  await workbench.connectionRow(/^bench/).waitFor();
  await workbench.run('Developer: Startup Performance');
  await workbench.editorText.getByText('System Info').waitFor();
  await workbench.editorText.click();
  await workbench.page.keyboard.press('Control+A');
  await workbench.page.keyboard.press('Control+C');
  /** @type {string} */
  const text = await workbench.page.evaluate('navigator.clipboard.readText()');
  const cells = /^\| ftps-explorer\.ftps-explorer .*$/m.exec(text)?.[0].split('|') ?? [];
  const [load, call] = [Number(cells[3]), Number(cells[4])];
  if (Number.isNaN(load + call)) throw new Error(`VS Code does not tell of the activation:\n${text}`);
  return { load, call };
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

if (import.meta.main) {
  ensureDependencies();
  continueUnderProjectNode(import.meta.filename);
  const { values, positionals } = parseArgs({
    options: { count: { type: 'string', default: '9' } },
    allowPositionals: true,
  });
  const files = positionals.length > 0 ? positionals : [join(repository, 'out/ftps-explorer.vsix')];
  const measured = await measureActivation(files, Number(values.count));
  for (const [index, file] of files.entries()) {
    const activations = measured[index] ?? [];
    const load = median(activations.map((each) => each.load));
    const call = median(activations.map((each) => each.call));
    const both = activations.map((each) => each.load + each.call);
    console.log(
      `${basename(file)}: ${median(both)} ms (load ${load}, activate ${call}), median of ${both.length} (${both.join(' ')})`,
    );
  }
}
