import { describe, expect, it } from 'vitest';
import { mappingPlace, settingsWith, withMapping } from '../../../src/editor/commands/localCopyPlace.ts';

const first = { address: 'file:///home/anna/first', path: '/home/anna/first' };
const second = { address: 'file:///home/anna/second', path: '/home/anna/second' };
const folders = [first, second];
const own = { kind: 'own' };

describe('the mapping of a local copy', () => {
  it('belongs to the workspace that the copy lies in', () => {
    const level = { level: 'workspace' } as const;
    expect(mappingPlace(level, folders, '/home/anna/first/copy/www')).toEqual({
      kind: 'workspace',
      level,
      local: 'copy/www',
    });
    expect(mappingPlace(level, folders, '/home/anna/first')).toEqual({ kind: 'workspace', level, local: '' });
  });

  it('makes a connection of the user’s own one of the workspace, since it would count nowhere else', () => {
    expect(mappingPlace({ level: 'user' }, folders, '/home/anna/first/copy')).toMatchObject({
      kind: 'workspace',
      level: { level: 'workspace' },
    });
  });

  it('belongs to the folder whose settings have the connection', () => {
    const source = { level: 'folder', folders: [second.address] } as const;
    expect(mappingPlace(source, folders, '/home/anna/second/copy')).toEqual({
      kind: 'workspace',
      level: { level: 'folder', folder: second.address },
      local: 'copy',
    });
    expect(mappingPlace(source, folders, '/home/anna/first/copy')).toEqual(own);
  });

  it('is the copy’s own where several folders have the connection, which must not differ', () => {
    const source = { level: 'folder', folders: [first.address, second.address] } as const;
    expect(mappingPlace(source, folders, '/home/anna/first/copy')).toEqual(own);
    expect(mappingPlace(source, folders, '/home/anna/second/copy')).toEqual(own);
  });

  it('is the copy’s own where this workspace cannot map it', () => {
    expect(mappingPlace({ level: 'workspace' }, folders, '/elsewhere/copy')).toEqual(own);
    expect(mappingPlace({ level: 'workspace' }, folders, '/home/anna/first2')).toEqual(own);
    expect(mappingPlace({ level: 'workspace' }, [], '/elsewhere/copy')).toEqual(own);
    expect(mappingPlace({ level: 'mounted' }, folders, '/home/anna/first/copy')).toEqual(own);
  });

  it('stands beside those that the connection has already', () => {
    const site = { host: 'h', user: 'u' };
    const [one, two] = [
      { local: 'a', remote: '/a' },
      { local: 'b', remote: '/b' },
    ];
    expect(withMapping(site, two, true)).toEqual({ ...site, sync: two });
    expect(withMapping({ ...site, sync: one }, two, true)).toEqual({ ...site, sync: [one, two] });
    expect(withMapping({ ...site, sync: [one] }, two, true)).toEqual({ ...site, sync: [one, two] });
    expect(withMapping({ ...site, sync: one }, two, false)).toEqual({ ...site, sync: two });
  });
});

describe('the settings of a local copy', () => {
  it('are made where there are none', () => {
    expect(JSON.parse(settingsWith('', 'site', { host: 'h' }))).toEqual({
      'ftps.profiles': { site: { host: 'h' } },
    });
  });

  it('keep what stands there, comments too', () => {
    const text = '{\n  // mine\n  "editor.tabSize": 2,\n  "ftps.profiles": { "other": { "host": "o" } }\n}\n';
    const changed = settingsWith(text, 'site', { host: 'h' });
    expect(changed).toContain('// mine');
    expect(JSON.parse(changed.replace('// mine', ''))).toEqual({
      'editor.tabSize': 2,
      'ftps.profiles': { other: { host: 'o' }, site: { host: 'h' } },
    });
  });
});
