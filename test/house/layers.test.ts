import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../support/importsOf.ts';
import { layerOf, violationsOf } from './layerRules.ts';
import { repository, sourceFiles } from './sourceFiles.ts';

const files = sourceFiles().map(({ path, text }) => ({ path, text, imports: importsOf(path, text) }));

describe('the layers', () => {
  it.each(files)('lets $path know only what its layer may know', ({ path, imports }) => {
    expect(violationsOf(path, imports)).toEqual([]);
  });

  it('keeps VS Code to the editor layer and the entry', () => {
    const importers = files.filter(({ imports }) => imports.some(({ from }) => from === 'vscode'));
    expect(importers.map(({ path }) => layerOf(path)).filter((layer) => layer !== 'editor')).toEqual(
      importers.some(({ path }) => path === 'extension.ts') ? ['extension.ts'] : [],
    );
  });
});

describe('the check of the layers', () => {
  it('reads every source file that the repository holds', () => {
    const known = execFileSync('git', ['ls-files', '--', 'src'], { cwd: repository, encoding: 'utf8' });
    const paths = known.split('\n').filter((line) => line !== '');
    expect(paths.length).toBeGreaterThan(0);
    expect(files.map(({ path }) => `src/${path}`)).toEqual(expect.arrayContaining(paths));
  });

  it.each(files)('finds the imports of $path', ({ text, imports }) => {
    const written = text.match(/^(?:import|export|\}) ?.*\bfrom '[^']+';$/gm) ?? [];
    expect(imports.length).toBeGreaterThanOrEqual(written.length);
  });

  it.each([
    ['protocol/x.ts', "import { createHash } from 'node:crypto';", 'node:crypto'],
    ['protocol/x.ts', "import type { A } from '../client/a.ts';", '../client/a.ts'],
    ['client/x.ts', "import { readFile } from 'node:fs/promises';", 'node:fs/promises'],
    ['client/x.ts', "import '../remote/a.ts';", '../remote/a.ts'],
    ['server/deep/x.ts', "import { A } from '../../client/a.ts';", '../../client/a.ts'],
    ['remote/x.ts', "import { connect } from 'node:tls';", 'node:tls'],
    ['remote/x.ts', "import { replyText } from '../protocol/reply.ts';", '../protocol/reply.ts'],
    ['remote/x.ts', "export { replyText } from '../protocol/reply.ts';", '../protocol/reply.ts'],
    ['remote/x.ts', "export * from '../editor/a.ts';", '../editor/a.ts'],
    ['sync/x.ts', "import type { Uri } from 'vscode';", 'vscode'],
    ['sync/x.ts', "type Uri = import('vscode').Uri;", 'vscode'],
    ['sync/x.ts', "const load = () => import('vscode');", 'vscode'],
    ['sync/x.ts', "const vscode = require('vscode');", 'vscode'],
    ['sync/x.ts', "import vscode = require('vscode');", 'vscode'],
    ['editor/x.ts', "import { FtpsClient } from '../client/ftpsClient.ts';", '../client/ftpsClient.ts'],
    ['editor/tree/x.ts', "import { connect } from 'node:net';", 'node:net'],
    ['extension.ts', "import { FtpsServer } from './server/ftpsServer.ts';", './server/ftpsServer.ts'],
    ['editor/x.ts', 'const load = (name: string) => import(name);', '<computed>'],
  ])('refuses in %s: %s', (path, text, from) => {
    expect(violationsOf(path, importsOf(path, text))).toEqual([`${path} imports ${from}`]);
  });

  it.each([
    ['client/x.ts', "import { parsePasv } from '../protocol/address.ts';"],
    ['server/x.ts', "import { createServer } from 'node:net';"],
    ['remote/x.ts', "import type { Entry } from '../protocol/entry.ts';"],
    ['editor/tree/x.ts', "import { RemoteError } from '../../remote/errors.ts';"],
    ['editor/x.ts', "import * as vscode from 'vscode';"],
  ])('allows in %s: %s', (path, text) => {
    expect(violationsOf(path, importsOf(path, text))).toEqual([]);
  });

  it('refuses a folder that is no layer', () => {
    expect(violationsOf('misc/x.ts', [])).toEqual(['misc/x.ts belongs to no layer']);
  });
});
