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

async function forget(store: ProfileStore, name: string): Promise<void> {
  const stored = store.find(name);
  if (stored) await store.forget(stored);
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

  it('follows its workspace when that changes it, as long as it leads to the same server', async () => {
    await openWindow(workspace).remember('site');
    const changed = { host: 'FTP.example.com', user: 'me', remotePath: '/www' };
    await openWindow({ ...nothing, workspace: { Site: changed } }, ['site']).refresh();
    expect(openWindow(nothing, ['site']).usable('site')?.remotePath).toBe('/www');
  });

  it('stays as it was while its workspace holds nothing that can be used', async () => {
    await openWindow(workspace).remember('site');
    await openWindow({ ...nothing, workspace: { Site: { host: 7 } } }, ['site']).refresh();
    expect(openWindow(nothing, ['site']).usable('site')).toMatchObject(site);
  });

  it('is forgotten when it is removed, here or in the workspace', async () => {
    for (const window of [openWindow(nothing, ['site']), openWindow(workspace)]) {
      await openWindow(workspace).remember('site');
      await forget(window, 'Site');
      expect(openWindow(nothing, ['site']).all()).toEqual([]);
    }
  });
});

describe('a workspace folder', () => {
  const customerA = { host: 'a.example', user: 'me' };
  const projectA = { ...nothing, workspace: { production: customerA } };
  const leads = (mounted = openWindow(nothing, ['production'])) => mounted.usable('production')?.host;

  it.each([
    ['host', { host: 'b.example', user: 'me' }],
    ['port', { host: 'a.example', user: 'me', port: 2121 }],
    ['user', { host: 'a.example', user: 'other' }],
    ['name in another case, and host', { host: 'b.example', user: 'me' }, 'Production'],
  ])(
    'stays on its server when another project has a connection of its name with another %s',
    async (...of) => {
      const [, other, name = 'production'] = of;
      await openWindow(projectA).remember('production');
      const projectB = { ...nothing, workspace: { [name]: other } };
      const move = await openWindow(projectB).remember('production');
      expect(move).toMatchObject({ before: customerA, now: other });
      await openWindow(projectB, ['production']).refresh();
      expect(openWindow(nothing, ['production']).usable('production')).toMatchObject({
        ...customerA,
        port: 21,
      });
    },
  );

  it('stays on its server when it was opened by another window in the meantime', async () => {
    const projectB = openWindow({
      ...nothing,
      workspace: { production: { ...customerA, host: 'b.example' } },
    });
    expect(projectB.usable('production')?.host).toBe('b.example');
    await openWindow(projectA).remember('production');
    expect(await projectB.remember('production')).toBeDefined();
    expect(leads()).toBe('a.example');
  });

  it('stays on its server when the user has another connection of its name', async () => {
    await openWindow(projectA).remember('production');
    const user = { ...nothing, user: { production: { ...customerA, host: 'mine.example' } } };
    expect(await openWindow(user).remember('production')).toMatchObject({ now: { host: 'mine.example' } });
    expect(leads(openWindow(user, ['production']))).toBe('a.example');
  });

  it('stays on its server when another project removes a connection of its name', async () => {
    await openWindow(projectA).remember('production');
    for (const production of [{ ...customerA, host: 'b.example' }, { host: 7 }]) {
      await forget(openWindow({ ...nothing, workspace: { production } }), 'production');
    }
    expect(leads()).toBe('a.example');
  });

  it('leads nowhere, and says why, in a window whose settings lead it elsewhere', async () => {
    await openWindow(projectA).remember('production');
    const moved = { ...nothing, workspace: { production: { ...customerA, host: 'b.example' } } };
    const window = openWindow(moved, ['production']);
    expect(window.usable('production')).toBeUndefined();
    expect(window.find('production')?.result).toMatchObject({
      problems: [expect.stringMatching(/lead to me@a\.example:21\. Rename one of the connections/)],
    });
    expect(leads(openWindow(moved))).toBe('b.example');
  });

  it('is told of once for each server that it would lead to', async () => {
    await openWindow(projectA).remember('production');
    const levels = { ...nothing, workspace: { production: { ...customerA, host: 'b.example' } } };
    const window = openWindow(levels, ['production']);
    const told: string[] = [];
    window.onMove.add(({ name, before, now }) => told.push(`${name}: ${before.host} ${now.host}`));
    for (const host of ['b.example', 'b.example', 'c.example', 'a.example', 'c.example']) {
      levels.workspace = { production: { ...customerA, host } };
      await window.refresh();
    }
    const toC = 'production: a.example c.example';
    expect(told).toEqual(['production: a.example b.example', toC, toC]);
  });

  it('follows to the new server of its connection when the user agrees to that very one', async () => {
    await openWindow(projectA).remember('production');
    const levels = { ...nothing, workspace: { production: { ...customerA, host: 'b.example' } } };
    const window = openWindow(levels, ['production']);
    const agreed = await window.remember('production');
    levels.workspace = { production: { ...customerA, host: 'c.example' } };
    expect(await window.remember('production', agreed)).toMatchObject({ now: { host: 'c.example' } });
    expect(leads()).toBe('a.example');
    levels.workspace = { production: { ...customerA, host: 'b.example' } };
    expect(await window.remember('production', agreed)).toBeUndefined();
    await window.refresh();
    expect([leads(), leads(window)]).toEqual(['b.example', 'b.example']);
  });
});

describe('a connection of the user', () => {
  it('is not remembered, so that a mounted folder follows the settings', async () => {
    await openWindow({ ...nothing, workspace: { site } }).remember('site');
    await openWindow({ ...nothing, user: { site } }).remember('site');
    const user = { ...nothing, user: { site: { ...site, host: 'new' } } };
    expect(openWindow(user, ['site']).usable('site')?.host).toBe('new');
  });

  it('takes over the folders of its name when the user agrees', async () => {
    await openWindow({ ...nothing, workspace: { site: { ...site, host: 'old' } } }).remember('site');
    const user = { ...nothing, user: { site } };
    const window = openWindow(user);
    await window.remember('site', await window.remember('site'));
    expect(openWindow(user, ['site']).find('site')?.source.level).toBe('user');
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

  it('holds a name once, however it is spelled', async () => {
    const memory = new MountedMemory(join(folder, 'mounted.json'));
    await memory.keep('a', site);
    await memory.keep('A', site);
    expect(Object.keys(memory.all())).toEqual(['A']);
    await memory.forget('a');
    expect(memory.all()).toEqual({});
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
