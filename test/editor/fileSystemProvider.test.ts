import { describe, expect, it, vi } from 'vitest';
import { Uri } from 'vscode';
import { FtpsFileSystem } from '../../src/editor/fileSystemProvider.ts';
import { Listeners } from '../../src/editor/listeners.ts';
import { LoadedVersions } from '../../src/editor/loadedVersions.ts';
import { ConnectionHarness } from './support/connectionHarness.ts';

vi.mock('vscode', async () => {
  class FileSystemError extends Error {
    readonly code = 'Unavailable';
    static readonly Unavailable = (message: string) => new FileSystemError(message);
  }
  return { ...(await import('./support/fakeEditor.ts')), FileSystemError, FileChangeType: {} };
});

const uri = Uri.from({ scheme: 'ftps', authority: 'site', path: '/page.php' });

function harness() {
  const at = new ConnectionHarness();
  const unused = (): never => {
    throw new Error('Nobody is asked about versions.');
  };
  const versions = new LoadedVersions({ ask: unused, compare: unused });
  const files = new FtpsFileSystem({
    connections: { get: () => at.connection, onDidChangeFiles: new Listeners() },
    versions,
    isOpenInEditor: () => true,
    workspaceFolderOf: () => undefined,
    announce: unused,
  });
  return { at, versions, files };
}

describe('a save without a connection', () => {
  it('asks for a password, and what VS Code asks after it has failed does not', async () => {
    const { at, versions, files } = harness();
    versions.willSave(uri.toString());
    await expect(files.stat(uri)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(at.questions).toEqual(['password']);
    await expect(files.stat(uri)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(at.questions).toEqual(['password']);
  });
});
