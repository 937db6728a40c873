import { describe, expect, it } from 'vitest';
import type { SyncMapping } from '../../src/remote/profile.ts';
import { localFolderOf, remotePathFor } from '../../src/sync/mapping.ts';
import { syncMapping } from '../support/syncMapping.ts';

function mapping(local: string, remote: string, rules: readonly string[] = []): SyncMapping {
  return syncMapping({ local, remote, ignore: rules });
}

function mapped(
  mappings: readonly SyncMapping[],
  file: string,
  folder = '/home/anna/site',
): string | undefined {
  return remotePathFor(mappings, folder, file)?.remotePath;
}

describe('a local file', () => {
  const whole = [mapping('', '/www')];

  it('belongs below the remote folder of its mapping', () => {
    expect(mapped(whole, '/home/anna/site/index.html')).toBe('/www/index.html');
    expect(mapped(whole, '/home/anna/site/css/main.css')).toBe('/www/css/main.css');
    expect(mapped([mapping('public', '/')], '/home/anna/site/public/a')).toBe('/a');
  });

  it('belongs nowhere when it lies outside of every mapping', () => {
    expect(mapped([mapping('public', '/www')], '/home/anna/site/src/a')).toBeUndefined();
    expect(mapped([mapping('public', '/www')], '/home/anna/site/public2/a')).toBeUndefined();
    expect(mapped([], '/home/anna/site/a')).toBeUndefined();
  });

  it.each([
    '/home/anna/other/a',
    '/home/anna/site/../a',
    '/home/anna/site2/a',
    '/home/anna/site',
    '/home/anna',
  ])('belongs nowhere when it lies outside of the workspace folder: %s', (file) => {
    expect(mapped(whole, file)).toBeUndefined();
  });

  it('belongs to the mapping with the deepest local folder', () => {
    const mappings = [mapping('', '/www'), mapping('public/admin', '/admin'), mapping('public', '/pub')];
    expect(mapped(mappings, '/home/anna/site/public/admin/a')).toBe('/admin/a');
    expect(mapped(mappings, '/home/anna/site/public/b')).toBe('/pub/b');
    expect(mapped(mappings, '/home/anna/site/c')).toBe('/www/c');
  });

  it('that the deepest mapping ignores does not fall back to a wider one', () => {
    const mappings = [mapping('', '/www'), mapping('public', '/pub', ['*.map'])];
    expect(mapped(mappings, '/home/anna/site/public/a.map')).toBeUndefined();
    expect(mapped(mappings, '/home/anna/site/a.map')).toBe('/www/a.map');
  });

  it('may have a name that begins with two dots', () => {
    expect(mapped(whole, '/home/anna/site/..notes')).toBe('/www/..notes');
  });
});

describe('ignore rules', () => {
  const site = [mapping('public', '/www', ['node_modules/', '*.log', '!keep.log', '/secret.txt'])];

  it.each(['a.log', 'deep/er/b.log', 'node_modules/x/index.js', 'deep/node_modules/y.js', 'secret.txt'])(
    'count from the local folder of the mapping and keep %s here',
    (path) => {
      expect(mapped(site, `/home/anna/site/public/${path}`)).toBeUndefined();
    },
  );

  it.each(['keep.log', 'deep/secret.txt', 'node_modules.txt'])('let %s through', (path) => {
    expect(mapped(site, `/home/anna/site/public/${path}`)).toBe(`/www/${path}`);
  });

  it.each([
    '.git/config',
    '.vscode/settings.json',
    'deep/.git/HEAD',
    '.GIT/config',
    '.a.ftps-explorer-a1b2c3.txt',
  ])('cannot bring back %s, which is never uploaded', (path) => {
    expect(mapped([mapping('', '/www', [`!${path}`])], `/home/anna/site/${path}`)).toBeUndefined();
  });

  it('do not take .gitignore for .git', () => {
    expect(mapped([mapping('', '/www')], '/home/anna/site/.gitignore')).toBe('/www/.gitignore');
  });
});

describe('a local file on Windows', () => {
  const folder = 'C:\\Users\\Anna\\site';

  it('is found with its own separators, and whatever the case of the drive', () => {
    const mappings = [mapping('public', '/www')];
    expect(mapped(mappings, 'c:\\Users\\Anna\\site\\public\\css\\a.css', folder)).toBe('/www/css/a.css');
    expect(mapped(mappings, 'D:\\Users\\Anna\\site\\public\\a.css', folder)).toBeUndefined();
    expect(mapped(mappings, 'C:\\Users\\Anna\\public\\a.css', folder)).toBeUndefined();
  });

  it('is found on a network share', () => {
    expect(mapped([mapping('', '/www')], '\\\\nas\\web\\site\\a', '\\\\nas\\web\\site')).toBe('/www/a');
  });

  it('keeps a backslash in its name where it is not on Windows', () => {
    expect(mapped([mapping('', '/www')], '/home/anna/site/a\\b')).toBe('/www/a\\b');
  });
});

describe('the local folder of a mapping', () => {
  it('is written as the computer writes it', () => {
    expect(localFolderOf(mapping('a/b', '/'), '/home/anna')).toBe('/home/anna/a/b');
    expect(localFolderOf(mapping('', '/'), '/home/anna')).toBe('/home/anna');
    expect(localFolderOf(mapping('a/b', '/'), 'C:\\site')).toBe('C:\\site\\a\\b');
  });
});
