import { describe, expect, it } from 'vitest';
import { ActiveProfile } from '../../../src/editor/activeProfile.ts';
import { localPlaces } from '../../../src/editor/commands/localPlaces.ts';
import type { ProfileSource } from '../../../src/editor/profileLevels.ts';
import { SyncMarks } from '../../../src/editor/sync/syncMarks.ts';
import { SyncPairs } from '../../../src/editor/sync/syncPairs.ts';
import { systemClock } from '../../../src/client/clock.ts';
import { readProfile } from '../../../src/remote/profile.ts';
import { WorkspaceMemory } from '../support/workspaceMemory.ts';

const source: ProfileSource = { level: 'workspace' };

function pairsOf(profiles: Readonly<Record<string, unknown>>, active: ActiveProfile): SyncPairs {
  return new SyncPairs({
    profiles: {
      all: () =>
        Object.entries(profiles).map(([name, sync]) => {
          const value = { host: 'h', user: 'u', sync };
          return { name, value, source, result: readProfile(name, value) };
        }),
    },
    connections: {
      get: () => {
        throw new Error('Nobody is to connect.');
      },
    },
    active,
    marks: new SyncMarks(),
    folders: () => [{ address: 'file:///home/anna', path: '/home/anna' }],
    storage: '/nowhere',
    clock: systemClock,
    limits: () => ({ snapshotLimit: 0, compareLimit: 0 }),
  });
}

function found(profiles: Readonly<Record<string, unknown>>, files: readonly string[], chosen?: string) {
  const memory = new WorkspaceMemory();
  if (chosen !== undefined) void memory.update('ftps.activeConnections', [chosen]);
  const active = new ActiveProfile(memory);
  const { places, outside, undecided } = localPlaces(files, pairsOf(profiles, active));
  return {
    places: places.map(({ pair, path }) => `${pair.profile.name}:${pair.mapping.remote} ${path}`),
    outside,
    undecided: undecided.map(({ profile }) => profile.name),
  };
}

const nothing = { places: [], outside: [], undecided: [] };

describe('what is selected', () => {
  const site = { local: 'site', remote: '/www', ignore: ['*.log'] };

  it('belongs to the mapping that covers it, the mapped folder itself too', () => {
    const files = ['/home/anna/site/css/a.css', '/home/anna/site'];
    expect(found({ live: site }, files.slice(0, 1))).toEqual({ ...nothing, places: ['live:/www css/a.css'] });
    expect(found({ live: site }, files)).toEqual({ ...nothing, places: ['live:/www '] });
  });

  it('is told apart from what no mapping covers, and from what is ignored', () => {
    const files = [
      '/home/anna/readme.md',
      '/home/anna/site2/a',
      '/elsewhere/a',
      '/home/anna/site/a.log',
      '/home/anna/site/a',
    ];
    expect(found({ live: site }, files)).toEqual({
      ...nothing,
      places: ['live:/www a'],
      outside: ['/home/anna/readme.md', '/home/anna/site2/a', '/elsewhere/a', '/home/anna/site/a.log'],
    });
  });

  it('is named once, as part of the folder around it that is selected too', () => {
    const files = ['/home/anna/site/d/a', '/home/anna/site/d', '/home/anna/site/d2', '/home/anna/site/d'];
    expect(found({ live: site }, files).places).toEqual(['live:/www d', 'live:/www d2']);
  });

  it('belongs to the active one of several connections, and to none while nobody has chosen', () => {
    const profiles = { production: site, staging: site };
    expect(found(profiles, ['/home/anna/site/a'], 'staging').places).toEqual(['staging:/www a']);
    expect(found(profiles, ['/home/anna/site/a'])).toEqual({
      ...nothing,
      undecided: ['production', 'staging'],
    });
  });

  it('belongs to no other connection because the active one ignores it, and is a question while none is', () => {
    const profiles = { production: { local: 'site', remote: '/www' }, staging: site };
    const files = ['/home/anna/site/a.log'];
    expect(found(profiles, files, 'staging')).toEqual({ ...nothing, outside: files });
    expect(found(profiles, files, 'production').places).toEqual(['production:/www a.log']);
    expect(found(profiles, files)).toEqual({ ...nothing, undecided: ['production', 'staging'] });
    expect(found({ production: site, staging: site }, files)).toEqual({ ...nothing, outside: files });
  });

  it('belongs to the mapping of its own where a folder inside a mapped one is mapped elsewhere', () => {
    const profiles = { live: [{ local: '', remote: '/all' }, site] };
    expect(found(profiles, ['/home/anna/site'])).toEqual({ ...nothing, places: ['live:/www '] });
    expect(found(profiles, ['/home/anna/a'])).toEqual({ ...nothing, places: ['live:/all a'] });
  });
});
