import { posix } from 'node:path';
import type { Import } from '../support/importsOf.ts';

interface Rule {
  /** Layers that may be imported, besides the own one. */
  readonly layers: readonly string[];
  /** Layers of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages and modules of Node. */
  readonly modules: readonly string[];
}

const files = ['node:fs', 'node:fs/promises', 'node:path'];
const streams = ['node:stream', 'node:stream/promises'];

/** What each layer may know: anything that is not listed is refused. */
const rules: Readonly<Record<string, Rule>> = {
  protocol: { layers: [], modules: [] },
  client: {
    layers: ['protocol'],
    modules: [
      'node:net',
      'node:tls',
      'node:dns',
      'node:dns/promises',
      'node:crypto',
      'node:events',
      ...streams,
      'iconv-lite',
    ],
  },
  server: { layers: ['protocol'], modules: ['node:*', '@peculiar/x509', 'reflect-metadata'] },
  remote: { layers: ['client'], types: ['protocol'], modules: [...files, ...streams, 'node:crypto'] },
  sync: { layers: ['remote'], modules: [...files, 'node:crypto', 'ignore'] },
  editor: {
    layers: ['sync', 'remote'],
    types: ['client'],
    modules: [
      'vscode',
      'keytar',
      'jsonc-parser',
      ...files,
      'node:os',
      'node:crypto',
      'node:timers',
      'node:util',
    ],
  },
  'extension.ts': {
    layers: ['editor', 'sync', 'remote', 'client', 'protocol'],
    modules: ['vscode', ...files],
  },
};

/** The layer of a file, by its path under src. */
export function layerOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** What a file imports against the rules of its layer, as sentences. `path` is its path under src. */
export function violationsOf(path: string, imports: readonly Import[]): string[] {
  const layer = layerOf(path);
  const rule = rules[layer];
  if (rule === undefined) return [`${path} belongs to no layer`];
  return imports
    .filter((each) => !isAllowed(path, layer, rule, each))
    .map((each) => `${path} imports ${each.from}`);
}

function isAllowed(path: string, layer: string, rule: Rule, { from, typeOnly }: Import): boolean {
  if (!from.startsWith('.')) {
    return rule.modules.includes(from) || (from.startsWith('node:') && rule.modules.includes('node:*'));
  }
  const target = layerOf(posix.join(posix.dirname(path), from));
  if (target === layer || rule.layers.includes(target)) return true;
  return typeOnly && rule.types?.includes(target) === true;
}
