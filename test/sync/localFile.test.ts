import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liesInside } from '../../src/sync/localFile.ts';

let base: string;
let workspace: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'ftps-sync-'));
  workspace = join(base, 'workspace');
  await mkdir(join(workspace, 'public', 'css'), { recursive: true });
  await writeFile(join(workspace, 'public', 'css', 'a.css'), 'a');
  await writeFile(join(workspace, 'notes.txt'), 'notes');
  await writeFile(join(base, 'secret.txt'), 'secret');
});

afterEach(() => rm(base, { recursive: true }));

function isInside(file: string, folder = workspace): Promise<boolean> {
  return liesInside(join(folder, 'public'), join(folder, file));
}

describe('a local file', () => {
  it('lies in the mapped folder that it is in', async () => {
    expect(await isInside('public/css/a.css')).toBe(true);
  });

  it('lies outside when a link leads out of the mapped folder', async () => {
    await symlink(join(base, 'secret.txt'), join(workspace, 'public', 'outside.txt'));
    await symlink(join(workspace, 'notes.txt'), join(workspace, 'public', 'beside.txt'));
    await symlink(base, join(workspace, 'public', 'up'));
    expect(await isInside('public/outside.txt')).toBe(false);
    expect(await isInside('public/beside.txt')).toBe(false);
    expect(await isInside('public/up/secret.txt')).toBe(false);
  });

  it('lies inside when a link leads to another file of the mapped folder', async () => {
    await symlink(join(workspace, 'public', 'css', 'a.css'), join(workspace, 'public', 'alias.css'));
    expect(await isInside('public/alias.css')).toBe(true);
  });

  it('lies inside when the workspace folder itself is reached through a link', async () => {
    await symlink(workspace, join(base, 'alias'));
    expect(await isInside('public/css/a.css', join(base, 'alias'))).toBe(true);
  });

  it('lies nowhere when it is gone', async () => {
    expect(await isInside('public/gone.css')).toBe(false);
  });
});
