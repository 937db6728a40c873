import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from '../../../src/editor/connections.ts';
import { Credentials } from '../../../src/editor/credentials.ts';
import { MountedMemory } from '../../../src/editor/mountedMemory.ts';
import { ProfileStore } from '../../../src/editor/profileStore.ts';
import { credentialAccount, passphraseAccount } from '../../../src/remote/profile.ts';
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

/** A window that is opened, and its commands, as they are about one of its connections. */
async function commandsOf(window: FakeWindow, name: string) {
  vi.resetModules();
  vi.doMock('vscode', () => window.vscode);
  const { mountedNames, readLevels } = await import('../../../src/editor/settings.ts');
  const { registerFolderMoves } = await import('../../../src/editor/folderMove.ts');
  const { connectionCommands } = await import('../../../src/editor/commands/connectionCommands.ts');
  const memory = new MountedMemory(join(folder, 'mounted.json'));
  const profiles = new ProfileStore({ readLevels, mountedNames, memory });
  const connections = new Connections(profiles, (profile) => new ConnectionHarness(profile).connection);
  const { secrets: store, memory: trusted, trust } = new ConnectionHarness();
  const failures: unknown[] = [];
  registerFolderMoves(profiles, async (error) => void failures.push(error));
  await profiles.refresh();
  const openKeychain = () => {
    throw new Error('There is no keychain.');
  };
  const table = connectionCommands({
    profiles,
    connections,
    trust,
    credentials: new Credentials({ openKeychain, secrets: store, announceFallback: () => undefined }),
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
  const { secrets } = store;
  return { profiles, failures, secrets, trusted, trust, run: async (id: string) => table[id]?.() };
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

  const clientCertificate = { cert: '/home/anna/me.pem', key: '/home/anna/me.key' };
  const address = { host: 'ftp.example.com', port: 21 };

  /** Removes "site" from a window that has it and others, with all their secrets kept and their server trusted. */
  async function remove(removed: object, ...others: object[]) {
    const window = new FakeWindow();
    const named = others.map((other, index) => [`other ${index}`, { ...site, ...other }]);
    window.user = { ...Object.fromEntries(named), site: { ...site, ...removed } };
    window.buttons = ['Remove'];
    const { profiles, secrets, trusted, trust, run } = await commandsOf(window, 'site');
    for (const { result } of profiles.all()) {
      if (!result.ok) throw new Error(result.problems.join());
      secrets.set(credentialAccount(result.profile), 'password');
      if (result.profile.tls.clientCertificate) secrets.set(passphraseAccount(result.profile), 'passphrase');
    }
    await trust.trust(address, 'AA:BB');
    await trust.allowClearText(address);
    await run('ftps.removeConnection');
    return {
      secrets: [...secrets.keys()],
      trusted: [...trusted.values()].filter((kept) => kept !== undefined),
    };
  }

  it('takes its password, its passphrase and all trust in its server with it', async () => {
    expect(await remove({ tls: { clientCertificate } })).toEqual({ secrets: [], trusted: [] });
  });

  it('leaves what another connection to the same server uses', async () => {
    const password = 'explicit://me@ftp.example.com:21';
    const passphrase = `/home/anna/me.key#${password}`;
    const trusted = ['AA:BB', true];
    const tls = { clientCertificate };
    expect(await remove({ tls }, { remotePath: '/www', tls })).toEqual({
      secrets: [password, passphrase],
      trusted,
    });
    expect(await remove({ tls }, { remotePath: '/www' })).toEqual({ secrets: [password], trusted });
    expect(await remove({ tls }, { user: 'you' })).toEqual({
      secrets: ['explicit://you@ftp.example.com:21'],
      trusted,
    });
    expect(await remove({ tls }, { port: 2121 })).toEqual({
      secrets: ['explicit://me@ftp.example.com:2121'],
      trusted: [],
    });
  });
});

describe('opening a workspace folder', () => {
  const customerA = { host: 'a.example', user: 'me' };
  const customerB = { host: 'b.example', user: 'me' };

  /** A project that has a connection "production", and some workspace folders of servers. */
  function projectOf(production: unknown, ...roots: string[]): FakeWindow {
    const window = new FakeWindow();
    window.workspace = { production };
    for (const root of ['file:///home/anna/project', ...roots]) window.folders.set(root, undefined);
    return window;
  }

  /** Where a window leads that has nothing but the workspace folder. */
  async function leads(): Promise<string | undefined> {
    const window = new FakeWindow();
    window.folders.set('ftps://production/www', undefined);
    return (await commandsOf(window, 'production')).profiles.usable('production')?.host;
  }

  async function openAs(window: FakeWindow): Promise<readonly string[]> {
    await (await commandsOf(window, 'production')).run('ftps.openAsWorkspaceFolder');
    return window.executed;
  }

  const opened = ['vscode.openFolder ftps://production/www'];

  it('needs no question where its name leads nowhere yet, or to the same server', async () => {
    for (const window of [projectOf(customerA), projectOf({ ...customerA, remotePath: '/www' })]) {
      expect(await openAs(window)).toEqual(opened);
      expect(window.questions).toEqual([]);
    }
    expect(await leads()).toBe('a.example');
  });

  it('leaves that of another project on its server, unless the user wants it to move', async () => {
    await openAs(projectOf(customerA));
    const window = projectOf(customerB);
    for (const button of ['Leave Them', undefined]) {
      window.buttons = button === undefined ? [] : [button];
      expect(await openAs(window)).toEqual([]);
    }
    expect(window.questions[0]).toMatch(
      /^Lead the workspace folders of "production" to me@b\.example:21\?\n/,
    );
    expect(window.questions[0]).toMatch(/lead to me@a\.example:21\..*\n.*rename one of the connections/s);
    expect(await leads()).toBe('a.example');
    window.buttons = ['Lead Them There'];
    expect(await openAs(window)).toEqual(opened);
    expect(await leads()).toBe('b.example');
  });

  it('is not enough to move it: a window that has both asks once, and can use it when the user agrees', async () => {
    await openAs(projectOf(customerA));
    const window = projectOf(customerB, 'ftps://production/www');
    const { profiles, failures } = await commandsOf(window, 'production');
    await profiles.refresh();
    expect(window.questions).toEqual([
      expect.stringMatching(/"production" cannot be used.*me@a\.example:21.*me@b\.example:21.*Rename/),
    ]);
    expect(profiles.usable('production')).toBeUndefined();
    window.buttons = ['Lead to New Server…', 'Lead Them There'];
    const again = await commandsOf(window, 'production');
    await expect.poll(() => again.profiles.usable('production')?.host).toBe('b.example');
    expect(await leads()).toBe('b.example');
    expect([...failures, ...again.failures]).toEqual([]);
  });
});
