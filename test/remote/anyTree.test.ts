import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propertyRuns, propertyTimeout } from '../protocol/propertyRuns.ts';
import { Site } from './support/site.ts';

type Tree = { readonly [name: string]: Tree | Uint8Array };

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'index.html',
    '.hidden',
    'ä b.txt',
    '-l',
    '%20',
    "it's",
    '日本',
    'a,b;c=d',
    '[x]*',
    '#',
  ),
  fc.stringMatching(/^[a-z0-9_][a-z0-9_ .]{0,10}[a-z0-9_]$/),
);
const content = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 1, arbitrary: fc.nat(400_000).map((length) => new Uint8Array(length).fill(length)) },
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.dictionary(name, fc.oneof({ depthSize: 'small', withCrossShrink: true }, content, tie('tree')), {
    maxKeys: 6,
    noNullPrototype: true,
  }),
}));

async function write(folder: string, entries: Tree): Promise<void> {
  await mkdir(folder);
  for (const [child, value] of Object.entries(entries)) {
    if (value instanceof Uint8Array) await writeFile(join(folder, child), value);
    else await write(join(folder, child), value);
  }
}

/** A tree with the digests of its files. */
type Digests = { readonly [name: string]: Digests | string };

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function digestsOf(entries: Tree): Digests {
  return Object.fromEntries(
    Object.entries(entries).map(([child, value]) => [
      child,
      value instanceof Uint8Array ? digest(value) : digestsOf(value),
    ]),
  );
}

async function read(folder: string): Promise<Digests> {
  const found: Record<string, Digests | string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    found[entry.name] = entry.isDirectory() ? await read(path) : digest(await readFile(path));
  }
  return found;
}

describe('any tree of folders and files', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.start();
  });
  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  it('arrives on the server byte for byte, comes back so, and is deleted without a trace', {
    timeout: propertyTimeout,
  }, async () => {
    await fc.assert(
      fc
        .asyncProperty(tree, async (entries) => {
          await write(site.outside('up'), entries);
          await site.files.uploadDirectory(site.outside('up'), '/tree');
          expect(await read(site.local('tree'))).toEqual(digestsOf(entries));
          await site.files.downloadDirectory('/tree', site.outside('down'));
          expect(await read(site.outside('down'))).toEqual(digestsOf(entries));
          await site.files.delete('/tree', { recursive: true });
          expect(await site.names()).toEqual([]);
        })
        .afterEach(async () => {
          for (const folder of [site.outside('up'), site.outside('down'), site.local('tree')]) {
            await rm(folder, { recursive: true, force: true });
          }
        }),
      { numRuns: Math.ceil(propertyRuns.numRuns / 50) },
    );
  });
});
