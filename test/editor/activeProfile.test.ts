import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ActiveProfile } from '../../src/editor/activeProfile.ts';
import { activeProfileText } from '../../src/editor/activeProfileText.ts';
import type { StoredProfile } from '../../src/editor/profileStore.ts';
import { SyncMarks } from '../../src/editor/sync/syncMarks.ts';
import { type SyncPair, SyncPairs } from '../../src/editor/sync/syncPairs.ts';
import { uploadTargets } from '../../src/editor/uploadTargets.ts';
import { systemClock } from '../../src/client/clock.ts';
import { readProfile, type SyncMapping } from '../../src/remote/profile.ts';
import { syncMapping } from '../support/syncMapping.ts';
import { WorkspaceMemory } from './support/workspaceMemory.ts';

function pair(name: string, changes: Partial<SyncMapping> = {}, host = `${name}.example.com`): SyncPair {
  const mapping = syncMapping({ local: 'site', remote: '/www', ...changes });
  const result = readProfile(name, { host, user: 'anna' });
  if (!result.ok) throw new Error(result.problems.join('; '));
  const workspaceFolder = '/home/anna/shop';
  return {
    profile: result.profile,
    mapping,
    workspaceFolder,
    localFolder: `/home/anna/shop/${mapping.local}`,
    apart: [],
  };
}

const [staging, production] = [pair('staging'), pair('production')];

describe('the active connection', () => {
  it('is the only one that maps a file, without a choice', () => {
    const active = new ActiveProfile(new WorkspaceMemory());
    expect(active.among([staging])).toBe('staging');
    expect(active.among([])).toBeUndefined();
  });

  it('is nobody’s guess where two upload the same file', () => {
    const active = new ActiveProfile(new WorkspaceMemory());
    expect(active.among([production, staging])).toBeUndefined();
  });

  it('is the one that uploads by itself, where the other does not', () => {
    const active = new ActiveProfile(new WorkspaceMemory());
    const quiet = pair('production', { onSave: false });
    expect(active.among([quiet, staging])).toBe('staging');
    expect(active.among([quiet, pair('staging', { onSave: false })])).toBeUndefined();
  });

  it('is the one that was chosen, though it does not upload by itself', async () => {
    const active = new ActiveProfile(new WorkspaceMemory());
    const quiet = pair('production', { onSave: false });
    await active.choose('production');
    expect(active.among([quiet, staging])).toBe('production');
  });

  it('stays the chosen one when a connection is chosen for other files', async () => {
    const memory = new WorkspaceMemory();
    await new ActiveProfile(memory).choose('staging');
    await new ActiveProfile(memory).choose('docs');
    const active = new ActiveProfile(memory);
    expect(active.among([production, staging])).toBe('staging');
    expect(active.among([pair('docs'), pair('manual')])).toBe('docs');
  });

  it('is none that the settings no longer have, whatever was chosen', async () => {
    const active = new ActiveProfile(new WorkspaceMemory());
    await active.choose('staging');
    expect(active.among([production, pair('test')])).toBeUndefined();
    expect(active.among([production])).toBe('production');
  });

  it('tells when it changes', async () => {
    const active = new ActiveProfile(new WorkspaceMemory());
    const told: string[] = [];
    active.onDidChange.add(() => told.push(active.among([production, staging]) ?? 'none'));
    await active.choose('staging');
    await active.choose('production');
    expect(told).toEqual(['staging', 'production']);
  });
});

describe('the status bar', () => {
  const active = new ActiveProfile(new WorkspaceMemory());

  it('names the connection, and behind it the host and the folder that files go to', () => {
    expect(activeProfileText([staging], [staging], active)).toEqual({
      text: 'FTPS: staging',
      tooltip: 'staging: anna@staging.example.com:21\nsite → staging:/www, on save',
      isUndecided: false,
    });
  });

  it('shows the host that the settings have now, after a change of branch as before', () => {
    const moved = pair('staging', {}, 'other.example.com');
    expect(activeProfileText([moved], [moved], active)?.tooltip).toContain('other.example.com');
  });

  it('follows the file in the editor', () => {
    const docs = pair('docs', { local: 'docs' });
    expect(activeProfileText([docs, staging], [docs], active)?.text).toBe('FTPS: docs');
    expect(activeProfileText([docs, staging], [staging], active)?.text).toBe('FTPS: staging');
  });

  it('asks for a choice where two connections map the same files', () => {
    expect(activeProfileText([production, staging], [], active)?.isUndecided).toBe(true);
    expect(activeProfileText([production, staging], [production, staging], active)?.tooltip).toContain(
      'production, staging',
    );
    const nested = pair('docs', { local: 'site/docs' });
    expect(activeProfileText([nested, staging], [], active)?.isUndecided).toBe(true);
  });

  it('asks for it too where Windows spells the same folder in two ways', () => {
    const other = { ...pair('docs'), localFolder: 'c:\\Site' };
    expect(activeProfileText([{ ...staging, localFolder: 'C:\\site' }, other], [], active)?.isUndecided).toBe(
      true,
    );
  });

  it('says nothing where nothing is mapped, or where nothing is to be chosen', () => {
    expect(activeProfileText([], [], active)).toBeUndefined();
    expect(activeProfileText([pair('docs', { local: 'docs' }), staging], [], active)).toBeUndefined();
    expect(activeProfileText([pair('a', { local: 'site' }), pair('b', { local: 'site2' })], [], active)).toBe(
      undefined,
    );
  });

  it.each([
    [{ watch: true }, 'site → site:/www, on every change'],
    [{ onSave: false }, 'site → site:/www, not on save'],
    [{ direction: 'both' } as const, 'site ↔ site:/www, on save'],
  ])('says when files go: %j', (changes, line) => {
    const site = pair('site', changes);
    expect(activeProfileText([site], [], active)?.tooltip).toContain(line);
  });
});

// Natizyskunk/vscode-sftp#185: after a change of branch files went to the old branch's server.
describe('a change of branch', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'active-branch-')));
  const file = join(folder, 'index.html');
  writeFileSync(file, 'saved');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('sends what is saved to the server of the new branch, which is the one that is shown', async () => {
    const sync = { local: '', remote: '/www' };
    let host = 'old.example.com';
    const all = (): readonly StoredProfile[] => {
      const value = { host, user: 'anna', sync };
      return [{ name: 'site', value, source: { level: 'workspace' }, result: readProfile('site', value) }];
    };
    const active = new ActiveProfile(new WorkspaceMemory());
    const pairs = new SyncPairs({
      profiles: { all },
      connections: {
        get: () => {
          throw new Error('Nobody is to connect.');
        },
      },
      active,
      marks: new SyncMarks(),
      folders: () => [{ address: 'file:///home/anna', path: folder }],
      storage: folder,
      clock: systemClock,
      limits: () => ({ snapshotLimit: 0, compareLimit: 0 }),
    });
    for (const branch of ['old.example.com', 'new.example.com']) {
      host = branch;
      const [job] = await uploadTargets(pairs, file, ({ onSave }) => onSave);
      const shown = activeProfileText(
        pairs.all(),
        pairs.of(file).map((found) => found.pair),
        active,
      );
      expect(job?.server).toBe(`anna@${branch}:21`);
      expect(shown?.tooltip).toContain(job?.server);
    }
  });
});
