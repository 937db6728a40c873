import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from '../../../src/editor/connections.ts';
import { Credentials } from '../../../src/editor/credentials.ts';
import { MountedMemory } from '../../../src/editor/mountedMemory.ts';
import { ProfileStore } from '../../../src/editor/profileStore.ts';
import { ConnectionHarness } from '../support/connectionHarness.ts';
import { FakeWindow } from '../support/fakeWindow.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connection-commands-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.doUnmock('vscode');
  vi.resetModules();
});

const site = { host: 'ftp.example.com', user: 'me' };

/** The commands of a window, as they are about one of its connections. */
async function commandsOf(window: FakeWindow, name: string) {
  vi.resetModules();
  vi.doMock('vscode', () => window.vscode);
  const { mountedNames, readLevels } = await import('../../../src/editor/settings.ts');
  const { connectionCommands } = await import('../../../src/editor/commands/connectionCommands.ts');
  const memory = new MountedMemory(join(folder, 'mounted.json'));
  const profiles = new ProfileStore({ readLevels, mountedNames, memory });
  const connections = new Connections(profiles, (profile) => new ConnectionHarness(profile).connection);
  const { secrets, trust } = new ConnectionHarness();
  const openKeychain = () => {
    throw new Error('There is no keychain.');
  };
  const table = connectionCommands({
    profiles,
    connections,
    trust,
    credentials: new Credentials({ openKeychain, secrets, announceFallback: () => undefined }),
    targets: {
      profile: async () => profiles.find(name),
      folder: async () => ({ connection: connections.get(name), path: '/www' }),
    },
    tree: {
      connectionNode: () => ({ kind: 'connection', connection: name, generation: 0 }),
      refresh: () => undefined,
    },
    view: { reveal: async () => undefined },
    log: { show: () => undefined },
  });
  return { profiles, run: async (id: string) => table[id]?.() };
}

describe('removing a connection', () => {
  it('takes it from every folder whose settings have it, and says so before', async () => {
    const window = new FakeWindow();
    window.folders.set('file:///home/anna/one', { site, other: site });
    window.folders.set('file:///home/anna/two', { site });
    window.buttons = ['Remove'];
    const { profiles, run } = await commandsOf(window, 'site');
    await run('ftps.removeConnection');
    expect(window.questions).toEqual([
      'Remove the connection "site"?\nIt is removed from the settings of the folder one and of the folder two. Its password is removed with it. Nothing on the server changes.',
    ]);
    expect([...window.folders.values()]).toEqual([{ other: site }, undefined]);
    expect(profiles.find('site')).toBeUndefined();
  });
});
