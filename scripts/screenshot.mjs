// Takes the README's picture of the extension in a real VS Code: node scripts/screenshot.mjs [file]. Where `pngquant` is
// installed, it makes the file smaller.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { continueUnderProjectNode, ensureDependencies, findOnPath, repository } from './bootstrap.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const file = process.argv[2] ?? join(repository, 'media/screenshot.png');
const packing = spawnSync('node', ['scripts/package.mjs'], { cwd: repository, stdio: 'inherit' });
if (packing.status !== 0) process.exit(packing.status ?? 1);

const { takePicture } = await import('../test/vscode/harness/picture.ts');
await takePicture(file);
const quantise = findOnPath('pngquant');
if (quantise !== undefined) {
  spawnSync(quantise, ['--force', '--strip', '--speed', '1', '--output', file, file], { stdio: 'inherit' });
}
console.log(`${file}: ${Math.ceil(readFileSync(file).length / 1024)} KB`);
