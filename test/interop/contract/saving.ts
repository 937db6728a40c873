import { chmod, chown, mkdtemp, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Bench, sampleBytes } from './bench.ts';

const sizes = [0, 1, 300_001, 5 * 1024 * 1024];
/** The number of a user, and of a group, whom the servers do not serve: `www-data` of Debian. */
const other = 33;
const anyhow = { create: true, overwrite: true };

export function describeSaving(bench: () => Bench): void {
  describe('saving', () => {
    it.each(sizes)('creates a file of %d bytes byte for byte', async (size) => {
      const { files } = bench();
      const content = sampleBytes(size);
      const { entry } = await files.writeFile(bench().at('data.bin'), content, {
        create: true,
        overwrite: false,
      });
      expect(entry).toMatchObject({ name: 'data.bin', type: 'file', size });
      expect(await bench().names()).toEqual(['data.bin']);
      expect(Buffer.compare(await bench().read('data.bin'), content)).toBe(0);
    });

    it.each(sizes)(
      'overwrites a file with %d bytes byte for byte, and leaves nothing beside it',
      async (size) => {
        const { files } = bench();
        const content = sampleBytes(size);
        await bench().seedFile('data.bin', 'what was there before');
        const { entry, method } = await files.writeFile(bench().at('data.bin'), content, anyhow);
        expect(method).toBe('replaced');
        expect(entry.size).toBe(size);
        expect(await bench().names()).toEqual(['data.bin']);
        expect(Buffer.compare(await bench().read('data.bin'), content)).toBe(0);
      },
    );

    it('reports the time of the saved file as the server has it', async () => {
      const { files } = bench();
      const { entry } = await files.writeFile(bench().at('data.bin'), sampleBytes(10), anyhow);
      const { mtimeMs } = await stat(bench().local('data.bin'));
      expect(Math.abs(entry.modifiedAt - mtimeMs)).toBeLessThan(1000);
    });

    it('does not create a file that should exist, nor overwrite one that should not', async () => {
      const { files } = bench();
      await bench().seedFile('page.html', 'old');
      const content = Buffer.from('new');
      const update = files.writeFile(bench().at('missing'), content, { create: false, overwrite: true });
      await expect(update).rejects.toMatchObject({ kind: 'notFound' });
      const create = files.writeFile(bench().at('page.html'), content, { create: true, overwrite: false });
      await expect(create).rejects.toMatchObject({ kind: 'exists' });
      expect(await bench().names()).toEqual(['page.html']);
      expect(await bench().text('page.html')).toBe('old');
    });

    it('does not save into a folder that is missing, nor over a folder', async () => {
      const { files } = bench();
      await bench().seedFolder('images');
      const content = Buffer.from('new');
      const lost = files.writeFile(bench().at('no/page.html'), content, anyhow);
      await expect(lost).rejects.toMatchObject({ kind: 'notFound' });
      const folder = files.writeFile(bench().at('images'), content, anyhow);
      await expect(folder).rejects.toMatchObject({ kind: 'isADirectory' });
      expect(await bench().names()).toEqual(['images']);
    });

    it.each([0o600, 0o640, 0o755])('keeps the permissions %o of the file it replaces', async (mode) => {
      const { files } = bench();
      await bench().seedFile('run.cgi', 'old', { mode });
      await files.writeFile(bench().at('run.cgi'), Buffer.from('new'), anyhow);
      expect(await bench().text('run.cgi')).toBe('new');
      expect((await stat(bench().local('run.cgi'))).mode & 0o777).toBe(mode);
    });

    it('keeps permissions that somebody has tightened since the last save', async () => {
      const { files } = bench();
      await bench().seedFile('.env', 'old');
      await files.writeFile(bench().at('.env'), Buffer.from('one'), anyhow);
      await chmod(bench().local('.env'), 0o600);
      await files.writeFile(bench().at('.env'), Buffer.from('two'), anyhow);
      expect((await stat(bench().local('.env'))).mode & 0o777).toBe(0o600);
    });

    it('goes through a link that somebody has put in the place of the file since the last save', async () => {
      const { files } = bench();
      await bench().seedFile('page.html', 'old');
      await bench().seedFile('other.html', 'other');
      await files.writeFile(bench().at('page.html'), Buffer.from('one'), anyhow);
      await rm(bench().local('page.html'));
      await bench().seedLink('page.html', 'other.html');
      await files.writeFile(bench().at('page.html'), Buffer.from('two'), anyhow);
      expect(await readlink(bench().local('page.html'))).toBe('other.html');
      expect(await bench().text('other.html')).toBe('two');
    });

    it.each(['user', 'group'] as const)('keeps the %s of a file that belongs to another', async (which) => {
      const { files, subject } = bench();
      const { uid: own, gid: ownGroup } = subject.owner;
      const owner = which === 'user' ? { uid: other, gid: ownGroup } : { uid: own, gid: other };
      await bench().seedFile('page.html', 'old', { mode: 0o666 });
      await chown(bench().local('page.html'), owner.uid, owner.gid);
      const { method, note } = await files.writeFile(bench().at('page.html'), Buffer.from('new'), anyhow);
      expect([method, note]).toEqual(['direct', expect.stringContaining(`another ${which}`)]);
      const { uid, gid, mode } = await stat(bench().local('page.html'));
      expect({ uid, gid, mode: mode & 0o777 }).toEqual({ ...owner, mode: 0o666 });
      expect(await bench().text('page.html')).toBe('new');
      expect(await bench().names()).toEqual(['page.html']);
    });

    it('replaces a file in a folder that gives its own group to new files', async () => {
      const { files, subject } = bench();
      await bench().seedFolder('shared');
      await bench().seedFile('shared/page.html', 'old');
      for (const name of ['shared', 'shared/page.html']) {
        await chown(bench().local(name), subject.owner.uid, other);
      }
      await chmod(bench().local('shared'), 0o2775);
      const { method } = await files.writeFile(bench().at('shared/page.html'), Buffer.from('new'), anyhow);
      expect(method).toBe('replaced');
      expect((await stat(bench().local('shared/page.html'))).gid).toBe(other);
    });

    it('writes through a link and leaves it a link', async () => {
      const { files } = bench();
      await bench().seedFolder('releases');
      await bench().seedFile('releases/v2.html', 'old', { mode: 0o640 });
      await bench().seedLink('current.html', 'releases/v2.html');
      await files.writeFile(bench().at('current.html'), Buffer.from('new'), anyhow);
      expect(await readlink(bench().local('current.html'))).toBe('releases/v2.html');
      expect(await bench().text('releases/v2.html')).toBe('new');
      expect((await stat(bench().local('releases/v2.html'))).mode & 0o777).toBe(0o640);
      expect(await bench().names()).toEqual(['current.html', 'releases']);
      expect(await bench().names('releases')).toEqual(['v2.html']);
    });

    it.each([
      'with space.html',
      'x[1].html',
      'x?y.html',
      '{a,b}.html',
      'läuft.html',
      ' -> .html',
      '.hidden.html',
    ])(
      'writes through a link with the name %j, which STAT or LIST may take for something else',
      async (name) => {
        const { files } = bench();
        await bench().seedFile('target.html', 'old');
        await bench().seedFile('x1.html', 'other');
        await bench().seedLink(name, 'target.html');
        await files.writeFile(bench().at(name), Buffer.from('new'), anyhow);
        expect(await readlink(bench().local(name))).toBe('target.html');
        expect(await bench().text('target.html')).toBe('new');
        expect(await bench().names()).toEqual([name, 'target.html', 'x1.html'].sort());
      },
    );

    it('replaces a file behind a link to its folder', async () => {
      const { files } = bench();
      await bench().seedFolder('releases');
      await bench().seedFile('releases/page.html', 'old');
      await bench().seedLink('current', 'releases');
      await files.writeFile(bench().at('current/page.html'), Buffer.from('new'), anyhow);
      expect(await readlink(bench().local('current'))).toBe('releases');
      expect(await bench().text('releases/page.html')).toBe('new');
    });

    it('writes through a link in a linked folder to the file that the server means', async () => {
      const { files } = bench();
      for (const folder of ['app', 'app/releases', 'app/releases/5', 'app/shared', 'shared']) {
        await bench().seedFolder(folder);
      }
      await bench().seedFile('app/shared/config.php', 'old');
      await bench().seedFile('shared/config.php', 'of another site');
      await bench().seedLink('app/releases/5/config.php', '../../shared/config.php');
      await bench().seedLink('app/current', 'releases/5');
      const path = bench().at('app/current/config.php');
      expect(Buffer.from(await files.readFile(path)).toString()).toBe('old');
      const save = files.writeFile(path, Buffer.from('new'), anyhow);
      const { storesThroughLinks } = bench().subject;
      if (storesThroughLinks) expect(await save).toMatchObject({ method: 'direct' });
      else await expect(save).rejects.toThrow('symbolic links');
      expect(await bench().text('app/shared/config.php')).toBe(storesThroughLinks ? 'new' : 'old');
      expect(await bench().text('shared/config.php')).toBe('of another site');
      expect(await readlink(bench().local('app/releases/5/config.php'))).toBe('../../shared/config.php');
    });

    it('uploads a local file byte for byte', async () => {
      const { files } = bench();
      const folder = await mkdtemp(join(tmpdir(), 'ftps-foreign-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const source = join(folder, 'data.bin');
      const content = sampleBytes(300_001);
      await writeFile(source, content);
      await bench().seedFile('data.bin', 'old');
      await files.upload(source, bench().at('data.bin'));
      expect(Buffer.compare(await bench().read('data.bin'), content)).toBe(0);
      expect(await bench().names()).toEqual(['data.bin']);
    });
  });
}
