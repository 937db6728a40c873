import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWindow } from './support/fakeWindow.ts';

const [mine, theirs] = [{ mine: { host: 'mine.example' } }, { theirs: { host: 'theirs.example' } }];

beforeEach(() => vi.resetModules());
afterEach(() => vi.doUnmock('vscode'));

/** Where the connections of a window are read from. */
async function levelsOf(window: FakeWindow) {
  vi.doMock('vscode', () => window.vscode);
  const { readLevels } = await import('../../src/editor/settings.ts');
  const { user, workspace, folders } = readLevels();
  return [user, workspace, ...folders.map(({ value }) => value)];
}

describe('the settings that lie on a server', () => {
  it('define no connections in a workspace that has other folders too', async () => {
    const window = new FakeWindow();
    window.user = mine;
    window.folders.set('file:///home/anna/project', mine);
    window.folders.set('ftps://site/www', theirs);
    expect(await levelsOf(window)).toEqual([mine, undefined, mine]);
  });

  it('define none where they are those of the window', async () => {
    const window = new FakeWindow();
    window.user = mine;
    // VS Code has them at both levels where a folder is the only root.
    window.workspace = theirs;
    window.folders.set('ftps://site/www', theirs);
    expect(await levelsOf(window)).toEqual([mine, undefined]);
  });
});

describe('the settings of a workspace on this computer', () => {
  it('define connections', async () => {
    const window = new FakeWindow();
    window.workspace = mine;
    window.folders.set('file:///home/anna/project', mine);
    expect(await levelsOf(window)).toEqual([undefined, mine, mine]);
  });
});
