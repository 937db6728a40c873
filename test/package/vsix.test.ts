import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../support/importsOf.ts';

const file = join(import.meta.dirname, '../../out/ftps-explorer.vsix');
const content = unzipSync(readFileSync(file));
const names = Object.keys(content).filter((name) => !name.endsWith('/'));
const bundles = names.filter((name) => name.endsWith('.cjs'));

function text(name: string): string {
  const bytes = content[name];
  if (bytes === undefined) throw new Error(`the package has no ${name}`);
  return strFromU8(bytes);
}

describe('the package', () => {
  it('holds the extension and nothing else', () => {
    const allowed = [
      /^\[Content_Types\]\.xml$/,
      /^extension\.vsixmanifest$/,
      /^extension\/(package(\.nls)?\.json|readme\.md|LICENSE\.txt|changelog\.md)$/i,
      /^extension\/dist\/(extension|server)\.cjs$/,
      /^extension\/dist\/chunks\/[a-zA-Z-]+-[\w-]{8}\.cjs$/,
      /^extension\/dist\/prebuilds\/(LICENSE\.md|[a-z0-9]+-[a-z0-9]+\/keytar\.node)$/,
      /^extension\/media\/[^/]+\.(svg|png)$/,
    ];
    expect(names.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it.each([
    'extension/package.json',
    'extension/dist/extension.cjs',
    'extension/dist/server.cjs',
    'extension/readme.md',
    'extension/changelog.md',
    'extension/LICENSE.txt',
  ])('has %s', (name) => {
    expect(names).toContain(name);
  });

  it('stays under 1.5 MB', () => {
    expect(statSync(file).size).toBeLessThan(1_500_000);
  });

  it.each([
    'darwin-arm64',
    'darwin-x64',
    'linux-arm64',
    'linux-armv7l',
    'linux-ia32',
    'linux-x64',
    'linuxmusl-x64',
    'win32-arm64',
    'win32-ia32',
    'win32-x64',
  ])('carries the keychain binary of %s', (platform) => {
    expect(names).toContain(`extension/dist/prebuilds/${platform}/keytar.node`);
  });

  it.each(bundles)('has all that %s needs', (bundle) => {
    const required = importsOf('bundle.cjs', text(bundle)).map(({ from }) => from);
    const provided = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
    // The extension loads the server's bundle by its path, once it is wanted.
    if (bundle === 'extension/dist/extension.cjs') provided.add('<computed>');
    if (bundle !== 'extension/dist/server.cjs') provided.add('vscode');
    const missing = required.filter(
      (name) => !provided.has(name) && !names.includes(posix.join(posix.dirname(bundle), name)),
    );
    expect(missing).toEqual([]);
  });

  it.each(bundles)('has no source map in %s', (bundle) => {
    expect(text(bundle)).not.toContain('sourceMappingURL');
  });

  it('names the bundle that it holds as its main file', () => {
    const manifest: unknown = JSON.parse(text('extension/package.json'));
    expect(manifest).toMatchObject({ name: 'ftps-explorer', main: './dist/extension.cjs' });
  });

  it('asks for no proposed API, which only some editors grant', () => {
    expect(JSON.parse(text('extension/package.json'))).not.toHaveProperty('enabledApiProposals');
  });
});
