// Runs in the extension host of a real VS Code: the file system as other extensions and VS Code itself see it.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const files = vscode.workspace.fs;
const folder = vscode.Uri.parse('ftps://demo/host-tests');

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function at(...names: string[]): vscode.Uri {
  return vscode.Uri.joinPath(folder, ...names);
}

async function read(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await files.readFile(uri));
}

async function rejectsWith(code: string, act: Thenable<unknown>): Promise<void> {
  await assert.rejects(
    async () => act,
    (error: unknown) => {
      assert.ok(error instanceof vscode.FileSystemError);
      assert.equal(error.code, code);
      return true;
    },
  );
}

describe('the ftps: file system', () => {
  it('is there without a question, and can be written to', async () => {
    assert.equal((await files.stat(folder.with({ path: '/' }))).type, vscode.FileType.Directory);
    assert.equal(files.isWritableFileSystem('ftps'), true);
  });

  it('makes folders, with their parents', async () => {
    await files.createDirectory(at('deep', 'deeper'));
    const { type } = await files.stat(at('deep', 'deeper'));
    assert.equal(type, vscode.FileType.Directory);
  });

  it('keeps every byte of a file', async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);
    await files.writeFile(at('all bytes.bin'), bytes);
    assert.deepEqual(Buffer.from(await files.readFile(at('all bytes.bin'))), Buffer.from(bytes));
    assert.equal((await files.stat(at('all bytes.bin'))).size, bytes.length);
  });

  it('keeps an empty file empty', async () => {
    await files.writeFile(at('empty.txt'), new Uint8Array());
    assert.equal((await files.stat(at('empty.txt'))).size, 0);
    assert.equal(await read(at('empty.txt')), '');
  });

  it('writes over a file', async () => {
    await files.writeFile(at('twice.txt'), text('first, and longer'));
    await files.writeFile(at('twice.txt'), text('second'));
    assert.equal(await read(at('twice.txt')), 'second');
  });

  it('takes names with blanks, umlauts, percent and number signs', async () => {
    const names = ['über uns.txt', '100 %.txt', 'a#b.txt', '日本.txt', "it's [x].txt"];
    for (const name of names) await files.writeFile(at('names', name), text(name));
    const listed = await files.readDirectory(at('names'));
    assert.deepEqual(listed.map(([name]) => name).toSorted(), names.toSorted());
    for (const name of names) assert.equal(await read(at('names', name)), name);
  });

  it('lists files and folders', async () => {
    await files.createDirectory(at('list', 'folder'));
    await files.writeFile(at('list', 'file.txt'), text('x'));
    const listed = await files.readDirectory(at('list'));
    assert.deepEqual(
      listed.toSorted(([first], [second]) => first.localeCompare(second)),
      [
        ['file.txt', vscode.FileType.File],
        ['folder', vscode.FileType.Directory],
      ],
    );
  });

  it('renames', async () => {
    await files.writeFile(at('before.txt'), text('moved'));
    await files.rename(at('before.txt'), at('after.txt'));
    assert.equal(await read(at('after.txt')), 'moved');
    await rejectsWith('FileNotFound', files.stat(at('before.txt')));
  });

  it('renames over a file only when told to', async () => {
    await files.writeFile(at('source.txt'), text('source'));
    await files.writeFile(at('target.txt'), text('target'));
    await rejectsWith('FileExists', files.rename(at('source.txt'), at('target.txt')));
    assert.equal(await read(at('target.txt')), 'target');
    await files.rename(at('source.txt'), at('target.txt'), { overwrite: true });
    assert.equal(await read(at('target.txt')), 'source');
  });

  it('copies', async () => {
    await files.writeFile(at('original.txt'), text('the same'));
    await files.copy(at('original.txt'), at('copy.txt'));
    assert.equal(await read(at('copy.txt')), 'the same');
    assert.equal(await read(at('original.txt')), 'the same');
  });

  it('deletes a file', async () => {
    await files.writeFile(at('gone.txt'), text('x'));
    await files.delete(at('gone.txt'));
    await rejectsWith('FileNotFound', files.stat(at('gone.txt')));
  });

  it('deletes a folder with all that is in it', async () => {
    await files.writeFile(at('tree', 'branch', 'leaf.txt'), text('x'));
    await files.delete(at('tree'), { recursive: true });
    await rejectsWith('FileNotFound', files.stat(at('tree')));
  });

  it('says what is not there', async () => {
    await rejectsWith('FileNotFound', files.readFile(at('never.txt')));
    await rejectsWith('FileNotFound', files.readDirectory(at('never')));
    await rejectsWith('FileNotFound', files.delete(at('never.txt')));
  });

  it('does not read a folder as a file', async () => {
    await files.createDirectory(at('a folder'));
    await assert.rejects(async () => files.readFile(at('a folder')));
  });

  it('says that a connection is unknown', async () => {
    await assert.rejects(
      async () => files.stat(vscode.Uri.parse('ftps://nobody/x')),
      (error: unknown) => error instanceof vscode.FileSystemError && error.code !== 'FileNotFound',
    );
  });

  it('opens, edits and saves a document', async () => {
    await files.writeFile(at('document.txt'), text('body\n'));
    const document = await vscode.workspace.openTextDocument(at('document.txt'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'head, '));
    assert.equal(document.isDirty, true);
    assert.equal(await document.save(), true);
    assert.equal(document.isDirty, false);
    assert.equal(await read(at('document.txt')), 'head, body\n');
  });

  it('tells of what it changes', async () => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, 'watched.txt'),
    );
    try {
      const created = new Promise<vscode.Uri>((resolve) => watcher.onDidCreate(resolve));
      await files.writeFile(at('watched.txt'), text('1'));
      assert.equal((await created).path, '/host-tests/watched.txt');
      const deleted = new Promise<vscode.Uri>((resolve) => watcher.onDidDelete(resolve));
      await files.delete(at('watched.txt'));
      assert.equal((await deleted).path, '/host-tests/watched.txt');
    } finally {
      watcher.dispose();
    }
  });

  it('registers every command that its menus offer', async () => {
    const extension = vscode.extensions.getExtension('ftps-explorer.ftps-explorer');
    const manifest: { contributes: { commands: { command: string }[] } } = extension?.packageJSON;
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !known.has(command));
    assert.ok(manifest.contributes.commands.length > 0);
    assert.deepEqual(missing, []);
  });
});
