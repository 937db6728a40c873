import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, sampleBytes } from './bench.ts';

const folderNames = ['', 'css', 'css/deep', 'empty', 'img'];

function filesOf(folder: string): string[] {
  if (folder === 'empty') return [];
  const names = Array.from({ length: 12 }, (_, index) => `file ${index}.txt`);
  return [...names, '.hidden', 'ä.bin'].map((name) => join(folder, name));
}

const fileNames = folderNames.flatMap(filesOf);

function contentOf(name: string): Uint8Array {
  return name.endsWith('.bin') ? sampleBytes(300_001) : sampleBytes(name.length * 50);
}

export function describeTrees(bench: () => Bench): void {
  describe('whole folders', () => {
    let local: string;
    beforeEach(async () => {
      local = await mkdtemp(join(tmpdir(), 'ftps-trees-'));
    });
    afterEach(async () => {
      await rm(local, { recursive: true, force: true });
    });

    async function makeLocal(): Promise<string> {
      for (const folder of folderNames) await mkdir(join(local, 'up', folder), { recursive: true });
      for (const name of fileNames) await writeFile(join(local, 'up', name), contentOf(name));
      return join(local, 'up');
    }

    it('go up and come back byte for byte, over all sessions, with nothing left beside', async () => {
      const { files } = bench();
      const up = await files.uploadDirectory(await makeLocal(), bench().at('tree'));
      expect(up).toMatchObject({ files: fileNames.length, skipped: [] });
      for (const name of fileNames) {
        expect(Buffer.compare(await bench().read(join('tree', name)), contentOf(name))).toBe(0);
      }
      const onServer = await readdir(bench().local('tree'), { recursive: true });
      const down = await files.downloadDirectory(bench().at('tree'), join(local, 'down'));
      expect(down).toMatchObject({ files: fileNames.length, skipped: [] });
      for (const name of fileNames) {
        expect(Buffer.compare(await readFile(join(local, 'down', name)), contentOf(name))).toBe(0);
      }
      const expected = [...folderNames.filter(Boolean), ...fileNames].sort();
      expect(onServer.sort()).toEqual(expected);
      expect((await readdir(join(local, 'down'), { recursive: true })).sort()).toEqual(expected);
      expect(bench().clients.length).toBeGreaterThan(1);
    });

    it('replace the files that are there, and keep what else is', async () => {
      const { files } = bench();
      const up = await makeLocal();
      await files.uploadDirectory(up, bench().at('tree'));
      await bench().seedFile('tree/css/other.css', 'stays');
      await writeFile(join(up, 'css', 'file 3.txt'), 'new');
      await writeFile(join(up, 'img', 'new.txt'), 'new');
      await files.uploadDirectory(up, bench().at('tree'));
      expect(await bench().text('tree/css/file 3.txt')).toBe('new');
      expect(await bench().text('tree/img/new.txt')).toBe('new');
      expect(await bench().text('tree/css/other.css')).toBe('stays');
      expect((await bench().names('tree')).length).toBe(filesOf('').length + 3);
    });

    it('are crawled with every entry, and no link is followed where the server tells links', async () => {
      const { files, subject } = bench();
      await files.uploadDirectory(await makeLocal(), bench().at('tree'));
      await bench().seedLink('tree/css/file-link', 'file 1.txt');
      await bench().seedLink('tree/round', '.');
      const found: string[] = [];
      const links: string[] = [];
      for await (const folder of files.crawl(bench().at('tree'))) {
        if (folder.failure) throw folder.failure;
        for (const { path, type } of folder.entries) (type === 'link' ? links : found).push(path);
      }
      const prefix = bench().at('tree').length + 1;
      const expected = [...folderNames.filter(Boolean), ...fileNames];
      expect(links.map((path) => path.slice(prefix))).toContain('round');
      expect(
        found
          .map((path) => path.slice(prefix))
          .filter((path) => path !== 'css/file-link')
          .sort(),
      ).toEqual(expected.sort());
      if (subject.listsLinks)
        expect(links.map((path) => path.slice(prefix)).sort()).toEqual(['css/file-link', 'round']);
    });

    it('are deleted with all that is in them, over all sessions, and no link is followed', async () => {
      const { files } = bench();
      await bench().seedFolder('precious');
      await bench().seedFile('precious/file.txt', 'precious');
      await files.uploadDirectory(await makeLocal(), bench().at('tree'));
      await bench().seedLink('tree/css/link', '../../precious');
      await symlink('nowhere', bench().local('tree/img/dangling'));
      await files.delete(bench().at('tree'), { recursive: true });
      expect(await bench().names()).toEqual(['precious']);
      expect(await bench().text('precious/file.txt')).toBe('precious');
      expect(await files.list(bench().folder, { fresh: true })).toMatchObject({
        entries: [{ name: 'precious' }],
      });
    });
  });
}
