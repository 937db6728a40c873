// Builds the extension and packs it: out/ftps-explorer.vsix
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, repository } from './bootstrap.mjs';

ensureDependencies();
mkdirSync(join(repository, 'out'), { recursive: true });
// The bundles hold all that the extension needs, and VS Code shows the README as it is.
const pack = ['package', '--no-dependencies', '--no-rewrite-relative-links', '-o', 'out/ftps-explorer.vsix'];
for (const [tool, parameters] of [
  ['node', ['scripts/build.mjs']],
  ['vsce', pack],
]) {
  const { status } = spawnSync(tool, parameters, { cwd: repository, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
