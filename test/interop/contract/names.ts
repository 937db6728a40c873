import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

/** Blanks, what a shell or `ls` would take for more than a name, what separates facts in a listing, and not ASCII. */
const names = [
  'with space',
  ' leading space',
  'two  spaces inside',
  '-dash',
  '-la',
  '[x]*?.txt',
  '{a,b}',
  '~tilde',
  'semi;colon=1; x',
  'quote"d "twice"',
  "it's",
  '100%25 #1',
  'Übergrößenträger €.txt',
  'decomposed u\u0308',
  '日本語',
  '.hidden',
  'a -> b',
].sort();

export function describeNames(bench: () => Bench): void {
  describe('awkward names', () => {
    it('are listed and read back', async () => {
      const { files, folder } = bench();
      for (const name of names) await bench().seedFile(name, `content of ${name}`);
      const { entries } = await files.list(folder);
      expect(entries.map((entry) => entry.name).sort()).toEqual(names);
      for (const name of names) {
        const read = Buffer.from(await files.readFile(bench().at(name))).toString();
        expect(read).toBe(`content of ${name}`);
        expect(await files.stat(bench().at(name), { fresh: true })).toMatchObject({ name, type: 'file' });
      }
    });

    it('are saved, over and over, renamed and deleted', async () => {
      const { files } = bench();
      for (const name of names) {
        const path = bench().at(name);
        await files.writeFile(path, Buffer.from('first'), { create: true, overwrite: false });
        await files.writeFile(path, Buffer.from(`content of ${name}`), { create: false, overwrite: true });
      }
      expect(await bench().names()).toEqual(names);
      for (const name of names) expect(await bench().text(name)).toBe(`content of ${name}`);
      for (const name of names)
        await files.rename(bench().at(name), bench().at(`${name} again`), { overwrite: false });
      expect(await bench().names()).toEqual(names.map((name) => `${name} again`).sort());
      for (const name of names) await files.delete(bench().at(`${name} again`), { recursive: false });
      expect(await bench().names()).toEqual([]);
    });

    it('are borne by folders', async () => {
      const { files, folder, subject } = bench();
      const refused = (name: string): boolean => subject.refusedFolderNames?.test(name) ?? false;
      const borne = names.filter((name) => !refused(name));
      for (const name of names.filter(refused)) {
        const create = files.createDirectory(bench().at(name));
        await expect(create).rejects.toMatchObject({ kind: 'noPermission', path: bench().at(name) });
      }
      for (const name of borne) {
        await files.createDirectory(bench().at(name));
        const inside = bench().at(`${name}/inside.txt`);
        await files.writeFile(inside, Buffer.from(name), { create: true, overwrite: false });
      }
      expect(await bench().names()).toEqual(borne);
      for (const name of borne) {
        const { entries } = await files.list(bench().at(name));
        expect(entries.map((entry) => entry.path)).toEqual([`${folder}/${name}/inside.txt`]);
        expect(await files.stat(bench().at(name), { fresh: true })).toMatchObject({ type: 'directory' });
      }
      for (const name of borne) await files.delete(bench().at(name), { recursive: true });
      expect(await bench().names()).toEqual([]);
    });
  });
}
