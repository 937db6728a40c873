import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const content = unzipSync(readFileSync(join(import.meta.dirname, '../../out/ftps-explorer.vsix')));
const bundles = Object.keys(content).filter((name) => name.endsWith('.cjs'));

/** Whatever is asked of it is there: enough to load what extends and calls it. */
const vscode = `
const anything = () => new Proxy(class {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : anything()),
  apply: () => anything(),
});
module.exports = anything();
`;

const load = `
require(process.argv[1]);
console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.endsWith('.cjs'))));
`;

let root: string;

beforeAll(() => {
  // Outside the repository, so that nothing of its packages is in reach.
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ftps-package-')));
  for (const name of bundles) write(name, content[name] ?? '');
  write('extension/node_modules/vscode/index.js', vscode);
});

afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, bytes: Uint8Array | string): void {
  mkdirSync(join(root, dirname(name)), { recursive: true });
  writeFileSync(join(root, name), bytes);
}

/** The files that Node has loaded when a bundle is, by their names in the package. */
function loadedBy(bundle: string): string[] {
  const { status, stdout, stderr } = spawnSync('node', ['-e', load, join(root, bundle)], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${bundle} does not load: ${stderr}`);
  const files: readonly string[] = JSON.parse(stdout);
  return files.map((file) => file.slice(root.length + 1));
}

describe('the parts of the package', () => {
  it.each(bundles)('load where nothing else is installed: %s', (bundle) => {
    expect(loadedBy(bundle)).toContain(bundle);
  });

  it('are one file of at most 250 kB as far as activation loads them', () => {
    const entry = 'extension/dist/extension.cjs';
    expect(loadedBy(entry)).toEqual([entry]);
    expect(statSync(join(root, entry)).size).toBeLessThanOrEqual(250_000);
  });

  it('share each class, so that what one throws another recognises', () => {
    const parts = bundles.filter((name) => name !== 'extension/dist/server.cjs');
    const definition = /(?:\b(\w+)=)?\bclass(?: (?!extends\b)(\w+))?(?: extends [\w$.]+)?\{/g;
    const defined = parts.flatMap((name) =>
      [...read(name).matchAll(definition)].map(([, variable, own]) => own ?? variable),
    );
    expect(defined).toEqual(expect.arrayContaining(['RemoteError', 'FtpsError', 'NotConnected']));
    expect(defined.filter((name, index) => defined.indexOf(name) !== index)).toEqual([]);
  });
});

function read(bundle: string): string {
  return readFileSync(join(root, bundle), 'utf8');
}
