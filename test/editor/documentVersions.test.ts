import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLoadedVersions } from '../../src/editor/documentVersions.ts';
import { entryOf } from './support/entries.ts';
import { Uri, user } from './support/fakeEditor.ts';

/** What VS Code is to do where a save meets another version: for one language, or for those that are not named. */
const resolutions = new Map<string, string>();

vi.mock('vscode', async () => {
  const { workspace, ...editor } = await import('./support/fakeEditor.ts');
  const uri = editor.Uri.from({ scheme: 'ftps', authority: 'site', path: '/page.php' });
  const textDocuments = [{ uri, languageId: 'php' }];
  const getConfiguration = (_section: string, document?: { readonly languageId: string }) => ({
    get: () => resolutions.get(document?.languageId ?? '') ?? resolutions.get('others') ?? 'askUser',
  });
  return { ...editor, workspace: { ...workspace, textDocuments, getConfiguration } };
});

beforeEach(() => resolutions.clear());

const place = { profile: 'site', path: '/page.php' };

/** Saves what was opened before somebody else has changed it. */
async function save(): Promise<unknown> {
  const address = Uri.from({ scheme: 'ftps', authority: 'site', path: '/page.php' }).toString();
  const versions = createLoadedVersions();
  const opened = entryOf('/page.php', { size: 10, modifiedAt: 1000 });
  const found = { ...opened, modifiedAt: 2000 };
  versions.read(address, { content: Buffer.from('price = 10'), entry: opened });
  versions.opened({ address, isDirty: false });
  versions.willSave(address);
  return versions.agree(address, place, {
    stat: async () => found,
    read: async () => ({ content: Buffer.from('price = 99'), entry: found }),
  });
}

describe('a save that would replace what somebody else has stored', () => {
  it('is asked about', async () => {
    await expect(save()).rejects.toMatchObject({ kind: 'conflict' });
    expect(user.asked[0]).toBe('page.php has changed on site since it was opened here.');
  });

  it.each(['others', 'php'])(
    'is not asked about where VS Code is to overwrite files of %s',
    async (which) => {
      resolutions.set(which, 'overwriteFileOnDisk');
      expect(await save()).toHaveProperty('approve');
      expect(user.asked).toEqual([]);
    },
  );

  it('is asked about where VS Code is to ask for files of its language alone', async () => {
    resolutions.set('others', 'overwriteFileOnDisk').set('php', 'askUser');
    await expect(save()).rejects.toMatchObject({ kind: 'conflict' });
  });
});
