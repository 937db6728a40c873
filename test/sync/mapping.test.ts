import { describe, expect, it } from 'vitest';
import type { SyncMapping } from '../../src/remote/profile.ts';
import { joinPath } from '../../src/remote/remotePath.ts';
import { localFolderOf, mappedPath } from '../../src/sync/mapping.ts';
import { syncMapping } from '../support/syncMapping.ts';

function mapping(local: string, remote: string): SyncMapping {
  return syncMapping({ local, remote });
}

function mapped(
  mappings: readonly SyncMapping[],
  file: string,
  folder = '/home/anna/site',
): string | undefined {
  const found = mappedPath(mappings, folder, file);
  return found && joinPath(found.mapping.remote, found.path);
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

  it('may have a name that begins with two dots', () => {
    expect(mapped(whole, '/home/anna/site/..notes')).toBe('/www/..notes');
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
