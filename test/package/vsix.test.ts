import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { prebuiltFolder } from '../../src/editor/keychainLibrary.ts';
import { importsOf } from '../support/importsOf.ts';

const file = join(import.meta.dirname, '../../out/ftps-explorer.vsix');
const content = unzipSync(readFileSync(file));
const names = Object.keys(content).filter((name) => !name.endsWith('/'));
const bundles = names.filter((name) => name.endsWith('.cjs'));
const prebuilds = 'extension/dist/prebuilds/';
const keytar = join(import.meta.dirname, '../../node_modules/keytar/prebuilds');

function text(name: string): string {
  const bytes = content[name];
  if (bytes === undefined) throw new Error(`the package has no ${name}`);
  return strFromU8(bytes);
}

/** What kind of binary it is, and the processor that its header names. */
function machineOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shown = (kind: string, machine: number): string => `${kind} 0x${machine.toString(16)}`;
  if (view.getUint32(0) === 0x7f454c46) return shown('ELF', view.getUint16(18, true));
  if (view.getUint32(0, true) === 0xfeedfacf) return shown('Mach-O', view.getUint32(4, true));
  if (view.getUint16(0) !== 0x4d5a) return 'neither';
  return shown('PE', view.getUint16(view.getUint32(0x3c, true) + 4, true));
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

  it('carries every keychain binary that there is, byte for byte', () => {
    const carried = names.filter((name) => name.startsWith(prebuilds) && name.endsWith('.node'));
    const platforms = readdirSync(keytar);
    expect(platforms.length).toBeGreaterThanOrEqual(13);
    expect(carried.toSorted()).toEqual(platforms.map((name) => `${prebuilds}${name}/keytar.node`).toSorted());
    const changed = platforms.filter((name) => {
      const carriedBytes = content[`${prebuilds}${name}/keytar.node`] ?? new Uint8Array();
      return !readFileSync(join(keytar, name, 'keytar.node')).equals(carriedBytes);
    });
    expect(changed).toEqual([]);
  });

  it.each([
    ['darwin', 'arm64', true, 'Mach-O 0x100000c'],
    ['darwin', 'x64', true, 'Mach-O 0x1000007'],
    ['linux', 'arm', true, 'ELF 0x28'],
    ['linux', 'arm64', true, 'ELF 0xb7'],
    ['linux', 'ia32', true, 'ELF 0x3'],
    ['linux', 'x64', true, 'ELF 0x3e'],
    ['linux', 'x64', false, 'ELF 0x3e'],
    ['win32', 'arm64', true, 'PE 0xaa64'],
    ['win32', 'ia32', true, 'PE 0x14c'],
    ['win32', 'x64', true, 'PE 0x8664'],
  ])('loads on %s/%s (glibc %s) a keychain binary made for it', (platform, arch, glibc, machine) => {
    const folder = prebuiltFolder({ platform, arch, glibc }) ?? '';
    expect(machineOf(content[`${prebuilds}${folder}/keytar.node`] ?? new Uint8Array(64))).toBe(machine);
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
