import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalSide } from '../../src/sync/localSide.ts';
import type { ChangeContext, StagedContent } from '../../src/sync/side.ts';
import { SnapshotStore } from '../../src/sync/snapshotStore.ts';
import { Staging } from '../../src/sync/staging.ts';

let base: string;
let root: string;
let outside: string;
let staging: Staging;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'ftps-local-'));
  [root, outside] = [join(base, 'root'), join(base, 'outside')];
  for (const folder of [root, outside]) await mkdir(folder);
  staging = await Staging.open(join(base, 'storage'));
});

afterEach(async () => {
  await staging[Symbol.asyncDispose]();
  await rm(base, { recursive: true });
});

type Deed = (side: LocalSide, path: string, context: ChangeContext) => Promise<unknown>;

const deeds: readonly (readonly [name: string, deed: Deed])[] = [
  ['put', async (side, path, context) => side.put(path, await content(), context)],
  ['removed', (side, path, context) => side.remove(path, context)],
  ['read', (side, path, { expected }) => side.stage(path, expected)],
  ['made a folder', (side, path, context) => side.makeFolder(path, context)],
  ['removed as a folder', (side, path, context) => side.removeFolder(path, context)],
];

async function content(): Promise<StagedContent> {
  const file = staging.newFile();
  await writeFile(file, 'from the server');
  return {
    file,
    hash: 'h',
    version: { size: 15, modifiedAt: 1, precision: 'second', source: 'facts' },
  };
}

/** Where nothing is expected. */
async function failureOf(deed: Deed, side: LocalSide, path: string, before?: () => Promise<void>) {
  await using snapshot = await new SnapshotStore(join(base, 'storage'), () => 1_000_000).begin(1);
  const context = { expected: { node: undefined }, snapshot };
  await before?.();
  return await deed(side, path, context).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('what a server has below a name that is a link here', () => {
  it.each(deeds)('is not %s through the link', async (_, deed) => {
    await symlink(outside, join(root, 'up'));
    const side = new LocalSide(root, staging);
    expect(await failureOf(deed, side, 'up/deep/x.txt')).toMatchObject({ kind: 'conflict' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('is not put through a link that has taken the place of a folder since', async () => {
    const side = new LocalSide(root, staging);
    const [, put] = deeds[0] ?? [];
    if (!put) throw new Error('There is no deed.');
    expect(await failureOf(put, side, 'up/a.txt')).toBeUndefined();
    const becomesLink = async (): Promise<void> => {
      await rename(join(root, 'up'), join(root, 'old'));
      await symlink(outside, join(root, 'up'));
    };
    expect(await failureOf(put, side, 'up/b.txt', becomesLink)).toMatchObject({ kind: 'conflict' });
    expect(await readdir(outside)).toEqual([]);
  });
});

describe('a name of a server that leads out of the folder', () => {
  it.each(deeds)('is not %s', async (_, deed) => {
    const side = new LocalSide(root, staging);
    expect(await failureOf(deed, side, '../outside/x.txt')).toMatchObject({ kind: 'unsafeName' });
    expect(await readdir(outside)).toEqual([]);
  });

  it.each(deeds)('on Windows alone is not %s there', async (_, deed) => {
    for (const name of ['a\\..\\..\\evil/x.txt', '..\\evil', 'a\\b'])
      expect(await failureOf(deed, new LocalSide('C:\\site', staging), name)).toMatchObject({
        kind: 'unsafeName',
      });
  });
});
