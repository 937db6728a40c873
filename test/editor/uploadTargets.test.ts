import { describe, expect, it } from 'vitest';
import type { ProfileSource } from '../../src/editor/profileLevels.ts';
import type { StoredProfile } from '../../src/editor/profileStore.ts';
import { uploadTargets } from '../../src/editor/uploadTargets.ts';
import { readProfile } from '../../src/remote/profile.ts';

const first = { address: 'file:///work/first', path: '/work/first' };
const second = { address: 'file:///work/second', path: '/work/second' };
const folders = [first, second];

function stored(name: string, source: ProfileSource, sync: unknown): StoredProfile {
  const value = { host: 'h', user: 'u', sync };
  return { name, value, source, result: readProfile(name, value) };
}

const workspace: ProfileSource = { level: 'workspace' };
const everything = { local: '', remote: '/www' };

describe('a saved file', () => {
  it('goes where the mapping of the workspace says', () => {
    const site = stored('site', workspace, { local: 'dist', remote: '/www' });
    expect(uploadTargets([site], folders, '/work/first/dist/css/a.css')).toEqual([
      { connection: 'site', remotePath: '/www/css/a.css' },
    ]);
  });

  it('goes to each connection that maps it', () => {
    const both = [
      stored('staging', workspace, everything),
      stored('live', workspace, { local: '', remote: '/' }),
    ];
    expect(uploadTargets(both, folders, '/work/first/a.txt')).toEqual([
      { connection: 'staging', remotePath: '/www/a.txt' },
      { connection: 'live', remotePath: '/a.txt' },
    ]);
  });

  it.each<[string, ProfileSource, unknown, string]>([
    ['is not mapped', workspace, { local: 'dist', remote: '/' }, '/work/first/src/a.ts'],
    ['is ignored', workspace, { ...everything, ignore: ['*.log'] }, '/work/first/a.log'],
    ['is mapped, but not on save', workspace, { ...everything, onSave: false }, '/work/first/a.txt'],
    ['lies outside of the workspace', workspace, everything, '/etc/passwd'],
    ['is in another folder than the one that a workspace maps', workspace, everything, '/work/second/a.txt'],
    [
      'is in another folder than the one whose settings map it',
      { level: 'folder', folder: second.address },
      everything,
      '/work/first/a.txt',
    ],
    ['is mapped by the user for every project', { level: 'user' }, everything, '/work/first/a.txt'],
    ['belongs to a connection that is mounted', { level: 'mounted' }, everything, '/work/first/a.txt'],
    ['belongs to a connection that is invalid', workspace, [{ local: '../up' }], '/work/first/a.txt'],
  ])('goes nowhere when it %s', (_why, source, sync, file) => {
    expect(uploadTargets([stored('site', source, sync)], folders, file)).toEqual([]);
  });

  it('counts in the folder whose settings map it', () => {
    const site = stored('site', { level: 'folder', folder: second.address }, everything);
    expect(uploadTargets([site], folders, '/work/second/a.txt')).toEqual([
      { connection: 'site', remotePath: '/www/a.txt' },
    ]);
  });
});
