// Bundles the extension and the sandbox server into dist/. `node scripts/build.mjs --development` adds source maps.
// What the extension imports on demand, with `import()`, goes into dist/chunks and is loaded then.
import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { build, transform } from 'esbuild';
import { repository } from './bootstrap.mjs';

const development = argv.includes('--development');
const output = join(repository, 'dist');

/** @satisfies {import('esbuild').BuildOptions} */
const bundled = {
  absWorkingDir: repository,
  outdir: output,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  // What a package offers as main may load its parts in ways that cannot be followed (jsonc-parser does).
  mainFields: ['module', 'main'],
  minify: !development,
  // Stack traces in bug reports name functions, in the minified bundle too.
  keepNames: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
};

rmSync(output, { recursive: true, force: true });
await bundleServer();
await bundleExtension();
// The keychain's binaries cannot be bundled; the credentials load the one of the platform from here.
const keytar = join(repository, 'node_modules/keytar');
cpSync(join(keytar, 'prebuilds'), join(output, 'prebuilds'), { recursive: true });
cpSync(join(keytar, 'LICENSE.md'), join(output, 'prebuilds/LICENSE.md'));

async function bundleServer() {
  const { metafile } = await build({
    ...bundled,
    entryPoints: { server: 'src/server/sandbox.ts' },
    format: 'cjs',
    sourcemap: development,
  });
  addLicences(metafile);
}

/**
 * Only ECMAScript modules can be split, so that a module is there once however many parts share it. VS Code and its
 * relatives load CommonJS best, so each part is turned into that afterwards.
 */
async function bundleExtension() {
  const { metafile, outputFiles } = await build({
    ...bundled,
    entryPoints: { extension: 'src/extension.ts' },
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    splitting: true,
    sourcemap: development && 'inline',
    write: false,
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      supported: { 'dynamic-import': false },
      minify: !development,
      banner: '"use strict";',
      sourcemap: development && 'inline',
      sourcefile: path,
    });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  addLicences(metafile);
}

/** @param {import('esbuild').Metafile} metafile */
function addLicences({ outputs }) {
  for (const [file, { inputs }] of Object.entries(outputs)) {
    if (file.endsWith('.cjs')) appendFileSync(join(repository, file), licencesOf(Object.keys(inputs)));
  }
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
    const name = readdirSync(join(repository, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const licence = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')).license;
    const text =
      name === undefined ? `License: ${licence}` : readFileSync(join(repository, folder, name), 'utf8');
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${text.trim().replaceAll('*/', '* /')}`;
  });
  return texts.length === 0 ? '' : `\n/*\nThis file contains:\n\n${texts.join('\n\n---\n\n')}\n*/\n`;
}
