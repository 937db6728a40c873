import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { downloadPlaces } from '../../../src/editor/commands/downloadPlaces.ts';
import { transferCommands } from '../../../src/editor/commands/transferCommands.ts';
import type { EntryNode } from '../../../src/editor/tree/treeNode.ts';
import { user } from '../support/fakeEditor.ts';
import { rowOf, TwoConnections } from '../support/twoConnections.ts';

vi.mock('vscode', () => import('../support/fakeEditor.ts'));

function placesOf(...sources: readonly (readonly [connection: string, path: string])[]): readonly string[] {
  const named = sources.map(([name, path]) => ({ connection: { profile: { name } }, path }));
  return downloadPlaces('/here', named).downloads.map(({ place }) => place);
}

describe('the places of downloads', () => {
  it('are beside each other while their names differ', () => {
    expect(placesOf(['staging', '/a/one.txt'], ['staging', '/b/two.txt'], ['production', '/'])).toEqual([
      '/here/one.txt',
      '/here/two.txt',
      '/here/production',
    ]);
  });

  it.each([
    ['of two folders', ['staging', '/a/x.php'], ['staging', '/b/x.php']],
    ['of two connections', ['staging', '/x.php'], ['production', '/x.php']],
    ['that some disks take for one', ['staging', '/a/x.php'], ['staging', '/b/X.PHP']],
    ['of a connection and of a folder', ['staging', '/'], ['production', '/staging']],
  ] as const)('are those of the server where one has the name of another: %s', (_, one, other) => {
    const places = [one, other].map(([connection, path]) => join('/here', connection, path, '.'));
    expect(placesOf(one, other)).toEqual(places);
  });

  it.each(['/..\\a', '/www/a\nb'])('never lie outside of the folder: %j', (path) => {
    expect(() => placesOf(['staging', path])).toThrow('Rename it first.');
    expect(() => placesOf(['staging', path], ['production', path])).toThrow('Rename it first.');
  });
});

/** Downloads them into the folder `here`. */
async function downloaded(at: TwoConnections, ...rows: readonly EntryNode[]): Promise<void> {
  await mkdir(at.local('here'), { recursive: true });
  user.places = [at.local('here')];
  await transferCommands(at.targets)['ftps.download']?.(rows[0], rows);
}

async function contents(at: TwoConnections): Promise<Readonly<Record<string, string>>> {
  const files = await readdir(at.local('here'), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const read = paths.map(async (path) => [
    path.slice(at.local('here/').length),
    await readFile(path, 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

describe('the download of several files', () => {
  it('puts them into the folder that was chosen', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('a/one.txt');
    await at.staging.seed('b/two.txt');
    await downloaded(at, rowOf('staging', '/a/one.txt'), rowOf('staging', '/b/two.txt'));
    expect(await contents(at)).toEqual({ 'one.txt': 'a/one.txt', 'two.txt': 'b/two.txt' });
    expect(user.told).toEqual([]);
  });

  it('loses none that has the name of another one, and says where they are', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('a/index.php', 'a on staging');
    await at.staging.seed('b/index.php', 'b on staging');
    await at.production.seed('a/index.php', 'a on production');
    const [a, b] = [rowOf('staging', '/a/index.php'), rowOf('staging', '/b/index.php')];
    await downloaded(at, a, b, rowOf('production', '/a/index.php'));
    expect(await contents(at)).toEqual({
      'staging/a/index.php': 'a on staging',
      'staging/b/index.php': 'b on staging',
      'production/a/index.php': 'a on production',
    });
    expect(user.told).toEqual([expect.stringMatching(/^Some of these have the same name: in .*here each/)]);
  });

  it('loses no file of folders that have one name', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('a/img/logo.svg');
    await at.staging.seed('b/img/logo.svg');
    await downloaded(at, rowOf('staging', '/a/img', 'directory'), rowOf('staging', '/b/img', 'directory'));
    expect(await contents(at)).toEqual({
      'staging/a/img/logo.svg': 'a/img/logo.svg',
      'staging/b/img/logo.svg': 'b/img/logo.svg',
    });
  });

  it('asks before it replaces what is there already, by its place', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('index.php', 'on staging');
    await at.production.seed('index.php', 'on production');
    await mkdir(at.local('here/staging'), { recursive: true });
    await writeFile(at.local('here/staging/index.php'), 'kept');
    const rows = [rowOf('staging', '/index.php'), rowOf('production', '/index.php')];
    await downloaded(at, ...rows);
    expect(user.asked[0]).toBe(`"staging/index.php" is already in ${at.local('here')}. Replace it?`);
    expect(await contents(at)).toEqual({ 'staging/index.php': 'kept' });
    user.buttons = ['Replace'];
    await downloaded(at, ...rows);
    expect(await contents(at)).toEqual({
      'staging/index.php': 'on staging',
      'production/index.php': 'on production',
    });
  });

  it('overwrites nothing of its own on a disk that takes two names for one', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('www/Makefile');
    await at.staging.seed('www/makefile');
    vi.spyOn(at.staging.files, 'download').mockImplementation(async (path) => {
      for (const name of ['Makefile', 'makefile'])
        await writeFile(at.local(`here/staging/www/${name}`), path);
      return path.length;
    });
    const rows = [rowOf('staging', '/www/Makefile'), rowOf('staging', '/www/makefile')];
    await expect(downloaded(at, ...rows)).rejects.toThrow('Download it to another folder.');
    expect(await contents(at)).toMatchObject({ 'staging/www/Makefile': '/www/Makefile' });
  });
});
