import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uploadTarget } from '../../src/sync/uploadTarget.ts';
import { syncMapping } from '../support/syncMapping.ts';

const mapping = syncMapping({ local: 'public', remote: '/www' });
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

async function target(file: string, folder = workspace): Promise<string | undefined> {
  return (await uploadTarget([mapping], folder, join(folder, file)))?.remotePath;
}

describe('a local file that was saved', () => {
  it('is uploaded where its mapping says', async () => {
    expect(await target('public/css/a.css')).toBe('/www/css/a.css');
  });

  it('is not uploaded when a link leads it out of the mapped folder', async () => {
    await symlink(join(base, 'secret.txt'), join(workspace, 'public', 'outside.txt'));
    await symlink(join(workspace, 'notes.txt'), join(workspace, 'public', 'beside.txt'));
    await symlink(base, join(workspace, 'public', 'up'));
    expect(await target('public/outside.txt')).toBeUndefined();
    expect(await target('public/beside.txt')).toBeUndefined();
    expect(await target('public/up/secret.txt')).toBeUndefined();
  });

  it('is uploaded when a link leads to another file of the mapped folder', async () => {
    await symlink(join(workspace, 'public', 'css', 'a.css'), join(workspace, 'public', 'alias.css'));
    expect(await target('public/alias.css')).toBe('/www/alias.css');
  });

  it('is uploaded when the workspace folder itself is reached through a link', async () => {
    await symlink(workspace, join(base, 'alias'));
    expect(await target('public/css/a.css', join(base, 'alias'))).toBe('/www/css/a.css');
  });

  it('is not uploaded when it is gone', async () => {
    expect(await target('public/gone.css')).toBeUndefined();
  });
});
