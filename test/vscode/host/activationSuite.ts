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

/** Names survive in the bundles, whole and in quotes. */
function hold(files: readonly string[], name: string): boolean {
  return files.some((file) => readFileSync(file, 'utf8').includes(`"${name}"`));
}

describe('what is loaded after activation', () => {
  before(async () => extension.activate());

  it('is the entry and no more than the entry needs at once', () => {
    assert.ok(loaded().includes(entry));
    assert.ok(hold(loaded(), 'RemoteTree'));
    assert.ok(chunks.some((chunk) => !loaded().includes(chunk)));
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
