import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

export function describeRenaming(bench: () => Bench): void {
  describe('creating folders and renaming', () => {
    it('creates a folder once, and only where its parent is', async () => {
      const { files } = bench();
      await files.createDirectory(bench().at('images'));
      expect(await bench().names()).toEqual(['images']);
      await expect(files.createDirectory(bench().at('images'))).rejects.toMatchObject({ kind: 'exists' });
      await expect(files.createDirectory(bench().at('no/images'))).rejects.toMatchObject({
        kind: 'notFound',
      });
    });

    it('renames a file and a folder, also into another folder', async () => {
      const { files } = bench();
      await bench().seedFile('a.txt', 'a');
      await bench().seedFolder('old');
      await bench().seedFile('old/b.txt', 'b');
      await files.rename(bench().at('old'), bench().at('new'), { overwrite: false });
      await files.rename(bench().at('a.txt'), bench().at('new/c.txt'), { overwrite: false });
      expect(await bench().names()).toEqual(['new']);
      expect(await bench().names('new')).toEqual(['b.txt', 'c.txt']);
      const { entries } = await files.list(bench().at('new'));
      expect(entries.map((entry) => entry.name).sort()).toEqual(['b.txt', 'c.txt']);
    });

    it('does not rename over an existing file unless told to', async () => {
      const { files } = bench();
      await bench().seedFile('a.txt', 'a');
      await bench().seedFile('b.txt', 'b');
      const rename = (overwrite: boolean) =>
        files.rename(bench().at('a.txt'), bench().at('b.txt'), { overwrite });
      await expect(rename(false)).rejects.toMatchObject({ kind: 'exists' });
      expect([await bench().text('a.txt'), await bench().text('b.txt')]).toEqual(['a', 'b']);
      await rename(true);
      expect(await bench().names()).toEqual(['b.txt']);
      expect(await bench().text('b.txt')).toBe('a');
    });

    it('says that what should be renamed is missing', async () => {
      const { files } = bench();
      const rename = files.rename(bench().at('missing'), bench().at('b.txt'), { overwrite: true });
      await expect(rename).rejects.toMatchObject({ kind: 'notFound' });
    });
  });
}
