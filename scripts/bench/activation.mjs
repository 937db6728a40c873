// Times the activation of the packed extension by VS Code's own figures: node scripts/bench/activation.mjs [--rounds N]
// [VSIX ...]. Several packages are measured in turn, window by window; by default the one that is in out/.
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { continueUnderProjectNode, ensureDependencies, repository } from '../bootstrap.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '9' } },
  allowPositionals: true,
});
const packages = positionals.length > 0 ? positionals : [join(repository, 'out/ftps-explorer.vsix')];
const { measureActivation } = await import('./activation.ts');
const measured = await measureActivation(packages, Number(values.rounds));
for (const [index, activations] of measured.entries()) {
  const sums = activations.map(({ load, call }) => load + call);
  const load = median(activations.map((each) => each.load));
  const call = median(activations.map((each) => each.call));
  const detail = `load ${load}, activate() ${call}; ${sums.join(' ')}`;
  console.log(`${basename(packages[index] ?? '')}: median of ${sums.length}: ${median(sums)} ms (${detail})`);
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}
