import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connections } from '../../src/editor/connections.ts';
import { MountedMemory } from '../../src/editor/mountedMemory.ts';
import { ProfileStore } from '../../src/editor/profileStore.ts';
import { UnknownConnection } from '../../src/editor/unknownConnection.ts';
import type { Profile } from '../../src/remote/profile.ts';
import { ConnectionHarness } from './support/connectionHarness.ts';

const site = { host: 'ftp.example.com', user: 'me' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connections-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Connections whose settings a test changes; every server takes the password. */
function setUp(profiles: Record<string, unknown>) {
  const settings = { user: profiles };
  const store = new ProfileStore({
    readLevels: () => ({ user: settings.user, workspace: undefined, folders: [] }),
    mountedNames: () => [],
    memory: new MountedMemory(join(folder, 'mounted.json')),
  });
  const connections = new Connections(store, (profile: Profile) => {
    const harness = new ConnectionHarness(profile);
    harness.passwords = ['secret', 'secret'];
    return harness.connection;
  });
  const change = (user: Record<string, unknown>) => {
    settings.user = user;
    return store.refresh();
  };
  return { connections, change };
}

describe('connections', () => {
  it('are one for each profile, whatever the case of its name', () => {
    const { connections } = setUp({ Site: site });
    expect(connections.get('site')).toBe(connections.get('SITE'));
  });

  it.each([{}, { site: { host: 7 } }])('are none where the settings hold %j', (profiles) => {
    expect(() => setUp(profiles).connections.get('site')).toThrow(UnknownConnection);
  });

  it('say why they cannot be used where the settings say so', () => {
    expect(() => setUp({ site: { host: 7 } }).connections.get('site')).toThrow(
      /"site" in this window\. host/,
    );
  });

  it('are closed when their profile changes, and opened anew with the new one', async () => {
    const { connections, change } = setUp({ site, other: site });
    const [before, other] = [connections.get('site'), connections.get('other')];
    await before.connect();
    await other.connect();
    await change({ site: { ...site, port: 2121 }, other: site });
    expect(before.state.kind).toBe('disconnected');
    expect(connections.get('site').profile.port).toBe(2121);
    expect(connections.get('other')).toBe(other);
    expect(other.state.kind).toBe('connected');
  });

  it('are closed when their profile goes away', async () => {
    const { connections, change } = setUp({ site });
    const before = connections.get('site');
    await before.connect();
    await change({});
    expect(before.state.kind).toBe('disconnected');
    expect(() => connections.get('site')).toThrow(UnknownConnection);
  });

  it('tell their states together', async () => {
    const { connections } = setUp({ site });
    const states: string[] = [];
    connections.onDidChangeState.add(({ profile, state }) => states.push(`${profile.name} ${state.kind}`));
    await connections.get('site').connect();
    await connections.disconnect('Site');
    await connections.disconnect('unknown');
    expect(states).toEqual(['site connecting', 'site connected', 'site disconnected']);
  });
});
