import { describe, expect, it } from 'vitest';
import { gatherProfiles, type SettingLevels, writeLevels } from '../../src/editor/profileLevels.ts';

const nothing: SettingLevels = { user: undefined, workspace: undefined, folders: [] };

describe('gathering profiles from the levels of the settings', () => {
  it('takes a profile whole from its highest level, so that a workspace cannot bend one field of it', () => {
    const found = gatherProfiles(
      {
        user: { site: { host: 'mine', user: 'me', port: 2121 } },
        workspace: { site: { host: 'theirs', user: 'them' } },
        folders: [],
      },
      {},
    );
    expect(found).toEqual([
      { name: 'site', value: { host: 'theirs', user: 'them' }, source: { level: 'workspace' } },
    ]);
  });

  it('lets a folder win over its workspace', () => {
    const folders = [{ folder: 'file:///a', value: { site: { host: 'folder' } } }];
    const found = gatherProfiles({ ...nothing, workspace: { site: { host: 'workspace' } }, folders }, {});
    expect(found.map(({ value, source }) => [value, source])).toEqual([
      [{ host: 'folder' }, { level: 'folder', folders: ['file:///a'] }],
    ]);
  });

  it('keeps a mounted profile on its server although the user has another one of that name', () => {
    const found = gatherProfiles(
      { ...nothing, user: { site: { host: 'other' } } },
      { site: { host: 'mounted' } },
    );
    expect(found).toEqual([{ name: 'site', value: { host: 'mounted' }, source: { level: 'mounted' } }]);
  });

  it('lets the workspace that is open win over what is remembered of a mounted profile', () => {
    const found = gatherProfiles(
      { ...nothing, workspace: { site: { host: 'now' } } },
      { site: { host: 'before' } },
    );
    expect(found[0]?.value).toEqual({ host: 'now' });
  });

  it('refuses to choose between two folders that define a profile differently', () => {
    const folders = [
      { folder: 'file:///a', value: { site: { host: 'a' } } },
      { folder: 'file:///b', value: { site: { host: 'b' } } },
    ];
    expect(gatherProfiles({ ...nothing, folders }, {})[0]?.problem).toMatch(/Two folders/);
  });

  it('refuses too where a third folder agrees with one of them', () => {
    const folders = ['a', 'b', 'b'].map((host, index) => ({
      folder: `file:///${index}`,
      value: { site: { host } },
    }));
    expect(gatherProfiles({ ...nothing, folders }, {})[0]?.problem).toMatch(/Two folders/);
  });

  it('bears several folders that define a profile alike, and keeps where each of them does', () => {
    const addresses = ['file:///a', 'file:///b'];
    const folders = addresses.map((folder) => ({ folder, value: { site: { host: 'a' } } }));
    const found = gatherProfiles({ ...nothing, workspace: { site: { host: 'w' } }, folders }, {});
    const source = { level: 'folder', folders: addresses } as const;
    expect(found).toEqual([{ name: 'site', value: { host: 'a' }, source }]);
    expect(writeLevels(source)).toEqual(addresses.map((folder) => ({ level: 'folder', folder })));
  });

  it.each([[null], ['text'], [[{ host: 'a' }]], [7]])('finds nothing in a setting that is %j', (user) => {
    expect(gatherProfiles({ ...nothing, user }, {})).toEqual([]);
  });
});
