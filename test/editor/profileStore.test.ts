import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MountedMemory } from '../../src/editor/mountedMemory.ts';
import type { SettingLevels } from '../../src/editor/profileLevels.ts';
import { ProfileStore } from '../../src/editor/profileStore.ts';

const nothing: SettingLevels = { user: undefined, workspace: undefined, folders: [] };
const site = { host: 'ftp.example.com', user: 'me' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A window; a second one on the same folder is the same VS Code started again. */
function openWindow(levels: SettingLevels, mounted: string[] = []) {
  const memory = new MountedMemory(join(folder, 'state/mounted.json'));
  return new ProfileStore({ readLevels: () => levels, mountedNames: () => mounted, memory });
}

describe('the connections of a window', () => {
  it('are found without regard to case', () => {
    const store = openWindow({ ...nothing, user: { 'My Site': site } });
    expect(store.find('my site')?.name).toBe('My Site');
    expect(store.usable('MY SITE')?.host).toBe('ftp.example.com');
  });

  it('are invalid when only case tells them apart, also across levels', () => {
    const store = openWindow({ ...nothing, user: { Site: site }, workspace: { site } });
    expect(store.all().map(({ result }) => result.ok)).toEqual([false, false]);
  });

  it('are not stopped by one that is invalid, which is there with its reason', () => {
    const store = openWindow({ ...nothing, user: { bad: { host: 7 }, good: site } });
    expect(store.all().map(({ name, result }) => [name, result.ok])).toEqual([
      ['bad', false],
      ['good', true],
    ]);
    expect(store.usable('bad')).toBeUndefined();
  });
});

describe('a connection that only a workspace defines', () => {
  const workspace = { ...nothing, workspace: { Site: site } };

  it('is still there when its mounted folder is the only root after a reload', async () => {
    await openWindow(workspace).remember('site');
    const reloaded = openWindow(nothing, ['site']);
    expect(reloaded.usable('site')).toMatchObject(site);
    expect(reloaded.find('site')?.source).toEqual({ level: 'mounted' });
  });

  it('is remembered by any window that has it mounted', async () => {
    await openWindow(workspace, ['site']).refresh();
    expect(openWindow(nothing, ['site']).usable('site')).toMatchObject(site);
  });

  it('is unknown to windows that do not mount it', async () => {
    await openWindow(workspace).remember('site');
    expect(openWindow(nothing).all()).toEqual([]);
  });

  it('follows its workspace when that changes it', async () => {
    await openWindow(workspace).remember('site');
    await openWindow({ ...nothing, workspace: { Site: { ...site, port: 2121 } } }, ['site']).refresh();
    expect(openWindow(nothing, ['site']).usable('site')?.port).toBe(2121);
  });

  it('is forgotten when it is removed', async () => {
    await openWindow(workspace).remember('site');
    await openWindow(nothing, ['site']).forget('Site');
    expect(openWindow(nothing, ['site']).all()).toEqual([]);
  });
});

describe('a connection of the user', () => {
  it('is not remembered, so that a mounted folder follows the settings', async () => {
    await openWindow({ ...nothing, workspace: { site: { ...site, host: 'old' } } }).remember('site');
    const user = { ...nothing, user: { site } };
    const window = openWindow(user);
    await window.remember('site');
    expect(openWindow(user, ['site']).usable('site')?.host).toBe('ftp.example.com');
  });
});

describe('the memory of mounted connections', () => {
  it('keeps what another window wrote meanwhile', async () => {
    const file = join(folder, 'mounted.json');
    const [one, two] = [new MountedMemory(file), new MountedMemory(file)];
    await one.keep('a', site);
    await two.keep('b', site);
    expect(Object.keys(new MountedMemory(file).all())).toEqual(['a', 'b']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: site, b: site });
  });

  it.each(['', '{', '[1]', '"text"'])('begins anew where the file holds %j', async (text) => {
    const file = join(folder, 'mounted.json');
    writeFileSync(file, text);
    const memory = new MountedMemory(file);
    expect(memory.all()).toEqual({});
    await memory.keep('a', site);
    expect(new MountedMemory(file).all()).toEqual({ a: site });
  });
});
