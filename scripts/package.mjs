// Builds the extension and packs it: out/ftps-explorer.vsix
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, repository } from './bootstrap.mjs';

ensureDependencies();
mkdirSync(join(repository, 'out'), { recursive: true });
const inRepository = { cwd: repository, stdio: /** @type {const} */ ('inherit') };
succeed(spawnSync('node', ['scripts/build.mjs'], inRepository));
// The bundles hold all that the extension needs, and VS Code shows the README as it is.
const asItIs = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
succeed(spawnSync('vsce', ['package', ...asItIs, '-o', 'out/ftps-explorer.vsix'], inRepository));

/** @param {{ status: number | null, error?: Error }} result */
function succeed({ status, error }) {
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
