import { describe, expect, it } from 'vitest';
import { type GitChange, gitFiles } from '../../../src/editor/commands/gitChanges.ts';

function change(path: string, before = path): GitChange {
  return { uri: { fsPath: path }, originalUri: { fsPath: before } };
}

function files(changes: readonly GitChange[], present: readonly string[]) {
  return gitFiles(changes, async (path) => present.includes(path));
}

describe('the files that git calls changed', () => {
  it('are those that are there, each once, and those that are gone', async () => {
    const changes = [change('/w/b'), change('/w/a'), change('/w/gone'), change('/w/a')];
    expect(await files(changes, ['/w/a', '/w/b'])).toEqual({ present: ['/w/a', '/w/b'], gone: ['/w/gone'] });
  });

  it('are gone under their old name when they were renamed', async () => {
    expect(await files([change('/w/new', '/w/old')], ['/w/new'])).toEqual({
      present: ['/w/new'],
      gone: ['/w/old'],
    });
  });

  it('are there when they were deleted and made anew', async () => {
    expect(await files([change('/w/a'), change('/w/a', '/w/b')], ['/w/a', '/w/b'])).toEqual({
      present: ['/w/a', '/w/b'],
      gone: [],
    });
  });
});
