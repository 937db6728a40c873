// Bundles the extension and the sandbox server into dist/. `node scripts/build.mjs --development` adds source maps.
// What the extension imports on demand, with `import()`, goes into dist/chunks and is loaded then.
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { continueUnderProjectNode, ensureDependencies, repository } from './bootstrap.mjs';

// F5 may be the first that is pressed in a clone.
ensureDependencies();
await continueUnderProjectNode(import.meta.url);
const { build } = await import('rolldown');

const development = argv.includes('--development');
const output = join(repository, 'dist');

rmSync(output, { recursive: true, force: true });
await bundle('server', 'src/server/sandbox.ts');
await bundle('extension', 'src/extension.ts');
// The keychain's binaries cannot be bundled; the credentials load the one of the platform from here.
const keytar = join(repository, 'node_modules/keytar');
cpSync(join(keytar, 'prebuilds'), join(output, 'prebuilds'), { recursive: true });
cpSync(join(keytar, 'LICENSE.md'), join(output, 'prebuilds/LICENSE.md'));

/**
 * A file for all that is needed at once, since each further one costs an extension host milliseconds, and others for
 * what is not. A module is there once however many of them share it.
 *
 * @param {string} name
 * @param {string} entry
 */
async function bundle(name, entry) {
  const keepNames = { function: true, class: true };
  await build({
    cwd: repository,
    input: { [name]: entry },
    platform: 'node',
    external: ['vscode'],
    // What a package offers as main may load its parts in ways that cannot be followed (jsonc-parser does).
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
    // The other files take from the first what it has.
    preserveEntrySignatures: 'allow-extension',
    logLevel: 'warn',
    output: {
      dir: output,
      // VS Code and its relatives load CommonJS best.
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      codeSplitting: { groups: [{ name, tags: ['$initial'] }] },
      sourcemap: development && 'inline',
      // Stack traces in bug reports name functions, in the minified bundle too.
      minify: !development && { codegen: true, compress: { keepNames }, mangle: { keepNames } },
      comments: false,
      postFooter: ({ moduleIds }) => licencesOf(moduleIds),
    },
  });
}

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
    const name = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const licence = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).license;
    const text = name === undefined ? `License: ${licence}` : readFileSync(join(folder, name), 'utf8');
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${text.trim().replaceAll('*/', '* /')}`;
  });
  return texts.length === 0 ? '' : `\n/*\nThis file contains:\n\n${texts.join('\n\n---\n\n')}\n*/\n`;
}
