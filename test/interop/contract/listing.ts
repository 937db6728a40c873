import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

const day = 86_400_000;

export function describeListing(bench: () => Bench): void {
  describe('listing', () => {
    it('shows files, folders and links with their sizes, hidden ones included', async () => {
      const { files, folder } = bench();
      await bench().seedFile('page.html', 'x'.repeat(1234));
      await bench().seedFile('.htaccess', 'deny');
      await bench().seedFolder('images');
      await bench().seedLink('current', 'page.html');
      const { entries, complete, dropped } = await files.list(folder);
      const seen = entries.map(({ name, type, size }) => [name, type === 'file' ? `file of ${size}` : type]);
      expect(Object.fromEntries(seen)).toEqual({
        '.htaccess': 'file of 4',
        current: bench().subject.listsLinks ? 'link' : 'file of 1234',
        images: 'directory',
        'page.html': 'file of 1234',
      });
      expect(complete).toBe(true);
      expect(dropped).toEqual([]);
      expect(entries.map((entry) => entry.path).sort()).toContain(`${folder}/.htaccess`);
    });

    it('shows an empty folder as empty, and complete', async () => {
      const { files, folder } = bench();
      expect(await files.list(folder)).toMatchObject({ entries: [], complete: true });
    });

    it('shows a folder of a thousand files whole', async () => {
      const { files, folder } = bench();
      const names = Array.from({ length: 1000 }, (_, index) => `file-${String(index).padStart(4, '0')}.txt`);
      await Promise.all(names.map((name) => bench().seedFile(name, name)));
      const { entries, complete } = await files.list(folder);
      expect(entries.map((entry) => entry.name).sort()).toEqual(names);
      expect(complete).toBe(true);
    });

    it('says that a missing folder is missing, and that a file is no folder', async () => {
      const { files } = bench();
      await bench().seedFile('page.html', 'x');
      await expect(files.list(bench().at('missing'))).rejects.toMatchObject({ kind: 'notFound' });
      await expect(files.list(bench().at('page.html'))).rejects.toMatchObject({ kind: 'notADirectory' });
    });

    it('looks at a file, a folder and links to both', async () => {
      const { files } = bench();
      await bench().seedFile('page.html', 'x'.repeat(77));
      await bench().seedFolder('images');
      await bench().seedLink('to-page', 'page.html');
      await bench().seedLink('to-images', 'images');
      // Some servers answer with what a link leads to, and then nobody needs to be told that it is one.
      const look = async (name: string) => {
        const { targetType, ...entry } = await files.stat(bench().at(name));
        return { ...entry, type: targetType ?? entry.type };
      };
      expect(await look('page.html')).toMatchObject({ name: 'page.html', type: 'file', size: 77 });
      expect(await look('images')).toMatchObject({ name: 'images', type: 'directory' });
      expect(await look('to-page')).toMatchObject({ type: 'file', size: 77 });
      expect(await look('to-images')).toMatchObject({ type: 'directory' });
      expect(await files.stat('/')).toMatchObject({ type: 'directory' });
    });

    it('says that what does not exist is missing, also below a folder that does not', async () => {
      const { files } = bench();
      await expect(files.stat(bench().at('missing'))).rejects.toMatchObject({ kind: 'notFound' });
      await expect(files.stat(bench().at('no/such/file'))).rejects.toMatchObject({ kind: 'notFound' });
    });

    it('reports the time a file was changed, and never the present for an old one', async () => {
      const { files, folder } = bench();
      const times = {
        ancient: Date.UTC(2001, 1, 3, 4, 5, 6),
        lastYear: Math.floor((Date.now() - 300 * day) / 1000) * 1000,
        today: Math.floor((Date.now() - 3 * 3_600_000) / 1000) * 1000,
      };
      for (const [name, time] of Object.entries(times)) {
        await bench().seedFile(name, name, { modifiedAt: new Date(time) });
      }
      const listed = new Map(
        (await files.list(folder)).entries.map((entry) => [entry.name, entry.modifiedAt]),
      );
      for (const [name, time] of Object.entries(times)) {
        // A line of LIST has minutes at best, and only the day of what is older than half a year.
        expect(Math.abs((listed.get(name) ?? 0) - time), `${name} in the listing`).toBeLessThan(day);
        const { modifiedAt } = await files.stat(bench().at(name), { fresh: true });
        expect(new Date(modifiedAt).toISOString(), name).toBe(new Date(time).toISOString());
      }
    });
  });
}
