import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

export function describeDeleting(bench: () => Bench): void {
  describe('deleting', () => {
    it('deletes a file and an empty folder', async () => {
      const { files } = bench();
      await bench().seedFile('a.txt', 'a');
      await bench().seedFolder('empty');
      await files.delete(bench().at('a.txt'), { recursive: false });
      await files.delete(bench().at('empty'), { recursive: false });
      expect(await bench().names()).toEqual([]);
      await expect(files.stat(bench().at('a.txt'))).rejects.toMatchObject({ kind: 'notFound' });
    });

    it('says that what should be deleted is missing', async () => {
      const { files } = bench();
      const remove = files.delete(bench().at('missing'), { recursive: true });
      await expect(remove).rejects.toMatchObject({ kind: 'notFound' });
    });

    it('does not delete a folder with something in it unless told to, a hidden file included', async () => {
      const { files } = bench();
      await bench().seedFolder('full');
      await bench().seedFile('full/.hidden', 'precious');
      await expect(files.delete(bench().at('full'), { recursive: false })).rejects.toThrow();
      expect(await bench().text('full/.hidden')).toBe('precious');
      await files.delete(bench().at('full'), { recursive: true });
      expect(await bench().names()).toEqual([]);
    });

    it('deletes a folder with folders in it', async () => {
      const { files } = bench();
      for (const folder of ['top', 'top/left', 'top/right', 'top/right/deep'])
        await bench().seedFolder(folder);
      for (const file of ['top/a', 'top/left/b', 'top/right/.c', 'top/right/deep/d']) {
        await bench().seedFile(file, file);
      }
      await files.delete(bench().at('top'), { recursive: true });
      expect(await bench().names()).toEqual([]);
    });

    it('goes on in the folder around one that it has just deleted', async () => {
      const { files } = bench();
      await bench().seedFolder('full');
      await bench().seedFile('full/a', 'a');
      await files.list(bench().at('full'));
      await files.delete(bench().at('full'), { recursive: true });
      await files.createDirectory(bench().at('next'));
      expect((await files.list(bench().folder, { fresh: true })).entries).toMatchObject([{ name: 'next' }]);
      expect(bench().clients).toHaveLength(1);
    });

    it('removes symbolic links inside a folder, and never what they point to', async () => {
      const { files } = bench();
      await seedPrecious(bench());
      await bench().seedFolder('doomed');
      await bench().seedLink('doomed/to-folder', '../precious');
      await bench().seedLink('doomed/to-file', '../precious/inner/file.txt');
      await bench().seedLink('doomed/to-self', '.');
      await bench().seedLink('doomed/to-nowhere', 'gone');
      await files.delete(bench().at('doomed'), { recursive: true });
      await expectPreciousAlone(bench());
    });

    it('removes a link that leads out of the server, or says that the server refuses to and leaves all as it was', async () => {
      const { files, subject } = bench();
      await seedPrecious(bench());
      await bench().seedFolder('doomed');
      await bench().seedFile('doomed/file.txt', 'kept or gone');
      await bench().seedLink('doomed/to-folder-absolute', bench().at('precious'));
      const remove = files.delete(bench().at('doomed'), { recursive: true });
      if (subject.refusesLinksOutside) {
        await expect(remove).rejects.toMatchObject({
          message: expect.stringMatching(/refused to delete .*to-folder-absolute \(DELE\): 550/),
        });
        await files.delete(bench().at('doomed/file.txt'), { recursive: false }).catch(() => {});
        expect(await bench().names('doomed')).toEqual(['to-folder-absolute']);
        expect(await bench().text('precious/inner/file.txt')).toBe('precious');
      } else {
        await remove;
        await expectPreciousAlone(bench());
      }
    });

    it('removes a symbolic link itself, and never what it points to', async () => {
      const { files } = bench();
      await seedPrecious(bench());
      await bench().seedLink('to-folder', 'precious');
      await bench().seedLink('to-file', 'precious/inner/file.txt');
      await files.delete(bench().at('to-folder'), { recursive: true });
      await files.delete(bench().at('to-file'), { recursive: true });
      await expectPreciousAlone(bench());
    });
  });
}

async function seedPrecious(bench: Bench): Promise<void> {
  await bench.seedFolder('precious');
  await bench.seedFolder('precious/inner');
  await bench.seedFile('precious/inner/file.txt', 'precious');
}

async function expectPreciousAlone(bench: Bench): Promise<void> {
  expect(await bench.names()).toEqual(['precious']);
  expect(await bench.names('precious')).toEqual(['inner']);
  expect(await bench.text('precious/inner/file.txt')).toBe('precious');
}
