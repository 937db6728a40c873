import { describe, expect, it } from 'vitest';
import { listFolder } from '../../src/editor/listFolder.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { entryOf } from './support/entries.ts';

function filesWith(entries: readonly RemoteEntry[], answers: Readonly<Record<string, RemoteEntry>>) {
  const asked: string[] = [];
  return {
    asked,
    list: async () => ({ entries, complete: true, dropped: [] }),
    stat: async (path: string) => {
      asked.push(path);
      const answer = answers[path];
      if (!answer) throw new Error('550 No such file');
      return answer;
    },
  };
}

describe('the entries of a folder', () => {
  it('say of links whether they lead to a folder, and ask nothing where there is no link', async () => {
    const link = entryOf('/latest', { type: 'link', linkTarget: 'v7' });
    const files = filesWith([entryOf('/a'), link], { '/latest': { ...link, targetType: 'directory' } });
    expect((await listFolder(files, '/')).map(({ targetType }) => targetType)).toEqual([
      undefined,
      'directory',
    ]);
    expect(files.asked).toEqual(['/latest']);
    const plain = filesWith([entryOf('/a')], {});
    await listFolder(plain, '/');
    expect(plain.asked).toEqual([]);
  });

  it('keep a link that leads nowhere as it was listed', async () => {
    const link = entryOf('/dead', { type: 'link', linkTarget: 'gone' });
    expect(await listFolder(filesWith([link], {}), '/')).toEqual([link]);
  });

  it('follow a bounded number of links', async () => {
    const links = Array.from({ length: 500 }, (_, index) => entryOf(`/l${index}`, { type: 'link' }));
    const files = filesWith(links, {});
    expect((await listFolder(files, '/')).length).toBe(500);
    expect(files.asked.length).toBe(100);
  });
});
