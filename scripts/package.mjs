// Builds the extension and packs it: out/ftps-explorer.vsix
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, repository } from './bootstrap.mjs';

ensureDependencies();
mkdirSync(join(repository, 'out'), { recursive: true });
const inRepository = { cwd: repository, stdio: /** @type {const} */ ('inherit') };
succeed(spawnSync('node', ['scripts/build.mjs'], inRepository));
// The bundles hold all that the extension needs, and VS Code shows the README as it is.
const asItIs = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
const partial = `out/ftps-explorer.${process.pid}.partial.vsix`;
succeed(spawnSync('vsce', ['package', ...asItIs, '-o', partial], inRepository));
// What runs on the package meanwhile sees the old one or the new one, never a part.
renameSync(join(repository, partial), join(repository, 'out/ftps-explorer.vsix'));

/** @param {{ status: number | null, error?: Error }} result */
function succeed({ status, error }) {
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
