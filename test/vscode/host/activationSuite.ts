// Runs in the extension host of a real VS Code: what the extension has loaded before anybody uses it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';

const extension = vscode.extensions.getExtension('ftps-explorer.ftps-explorer');
assert.ok(extension);
const folder = join(extension.extensionPath, 'dist');
const chunks = readdirSync(join(folder, 'chunks')).map((name) => join(folder, 'chunks', name));
const entry = join(folder, 'extension.cjs');

function loaded(): string[] {
  return Object.keys(require.cache).filter((file) => file.startsWith(folder));
}

/** Whether one of the bundles, in which names survive, has the function, class or table itself, not only its use. */
function hold(files: readonly string[], name: string): boolean {
  const definition = new RegExp(`\\b(?:function|class) ${name}\\b|\\b${name}(?:=class\\b|:\\{)`);
  return files.some((file) => definition.test(readFileSync(file, 'utf8')));
}

describe('what is loaded after activation', () => {
  before(async () => extension.activate());

  it('is one file', () => {
    assert.deepEqual(loaded(), [entry]);
    assert.ok(hold(loaded(), 'RemoteTree'));
  });

  for (const [what, name] of [
    ['the client', 'FtpsClient'],
    ['the pool of sessions', 'SessionPool'],
    ['the character sets', 'shiftjis'],
    ['the steps of Add Connection', 'askConnection'],
    ['the parser of settings', 'openSettingsAt'],
    ['the ignore rules', 'uploadTargets'],
    ['what a sync needs', 'FolderSync'],
    ['the review of a sync', 'SyncReview'],
  ] as const) {
    it(`is without ${what}`, () => {
      assert.ok(hold(chunks, name));
      assert.ok(!hold(loaded(), name));
    });
  }

  it('is without the server', () => {
    assert.ok(!loaded().includes(join(folder, 'server.cjs')));
  });

  it("is without the keychain's library", () => {
    const report: { readonly sharedObjects?: readonly string[] } = { ...process.report?.getReport() };
    assert.ok(report.sharedObjects && report.sharedObjects.length > 0);
    assert.deepEqual(
      report.sharedObjects.filter((file) => file.endsWith('keytar.node')),
      [],
    );
  });
});
