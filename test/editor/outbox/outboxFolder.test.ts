import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outboxFolder } from '../../../src/editor/outbox/outboxFolder.ts';

function at(file: string | undefined, ...folders: string[]): string {
  return outboxFolder('/storage', {
    workspaceFile: file,
    workspaceFolders: folders.map((uri) => ({ uri })),
  });
}

describe('the place of the outbox', () => {
  it('is the same for every window on a workspace', () => {
    expect(at(undefined, 'file:///home/anna/site')).toBe(at(undefined, 'file:///home/anna/site'));
    expect(at(undefined, 'file:///home/anna/site').startsWith(join('/storage', 'outbox'))).toBe(true);
    // Folders come and go while such a workspace stays what it is.
    expect(at('file:///a.code-workspace', 'file:///a')).toBe(at('file:///a.code-workspace', 'file:///b'));
  });

  it('is another one for another workspace, and for none', () => {
    const places = [
      at('file:///a.code-workspace'),
      at('file:///b.code-workspace'),
      at(undefined, 'file:///a'),
      at(undefined, 'file:///a', 'file:///b'),
      at(undefined),
      outboxFolder('/storage', { workspaceFile: undefined, workspaceFolders: undefined }),
    ];
    expect(new Set(places).size).toBe(5);
  });
});
