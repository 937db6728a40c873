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

  it('are at most 250 kB together as far as activation loads them', () => {
    const loaded = loadedBy('extension/dist/extension.cjs');
    const sizes = loaded.map((name) => statSync(join(root, name)).size);
    expect(loaded.length).toBeLessThan(bundles.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(250_000);
  });

  it('share each class, so that what one throws another recognises', () => {
    const parts = bundles.filter((name) => name !== 'extension/dist/server.cjs');
    // Names are shortened, and each class given its own back.
    const defined = parts.flatMap((name) =>
      [...read(name).matchAll(/\(this,"(\w+)"\)/g)].map(([, className]) => className),
    );
    expect(defined).toEqual(expect.arrayContaining(['RemoteError', 'FtpsError', 'NotConnected']));
    expect(defined.filter((name, index) => defined.indexOf(name) !== index)).toEqual([]);
  });
});

function read(bundle: string): string {
  return readFileSync(join(root, bundle), 'utf8');
}
