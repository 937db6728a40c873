// Bundles the extension and the sandbox server into dist/. `node scripts/build.mjs --development` adds source maps.
import { appendFileSync, cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { build } from 'esbuild';
import { repository } from './bootstrap.mjs';

const development = argv.includes('--development');
const output = join(repository, 'dist');

rmSync(output, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: repository,
  entryPoints: { extension: 'src/extension.ts', server: 'src/server/sandbox.ts' },
  outdir: output,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  // What a package offers as main may load its parts in ways that cannot be followed (jsonc-parser does).
  mainFields: ['module', 'main'],
  minify: !development,
  // Stack traces in bug reports name functions, in the minified bundle too.
  keepNames: true,
  sourcemap: development,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
});
for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
  if (file.endsWith('.cjs')) appendFileSync(join(repository, file), licencesOf(Object.keys(inputs)));
}
// The keychain's binaries cannot be bundled; the credentials load the one of the platform from here.
const keytar = join(repository, 'node_modules/keytar');
cpSync(join(keytar, 'prebuilds'), join(output, 'prebuilds'), { recursive: true });
cpSync(join(keytar, 'LICENSE.md'), join(output, 'prebuilds/LICENSE.md'));

/**
 * The licences of the bundled packages, which have to go where their code goes, as a comment.
 * @param {readonly string[]} files
 */
function licencesOf(files) {
  const folders = new Set(
    files
      .map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
      .filter((folder) => folder !== undefined),
  );
  const texts = [...folders].toSorted().map((folder) => {
    const name = readdirSync(join(repository, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const licence = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')).license;
    const text =
      name === undefined ? `License: ${licence}` : readFileSync(join(repository, folder, name), 'utf8');
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${text.trim().replaceAll('*/', '* /')}`;
  });
  return texts.length === 0 ? '' : `\n/*\nThis file contains:\n\n${texts.join('\n\n---\n\n')}\n*/\n`;
}
