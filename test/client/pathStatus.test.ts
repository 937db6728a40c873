import { describe, expect, it } from 'vitest';
import { readPathStatus } from '../../src/client/pathStatus.ts';

const now = Date.UTC(2026, 10, 20, 14);

function told(path: string, lines: readonly string[], code = 213) {
  return readPathStatus({ code, lines: ['Status', ...lines, 'End'] }, path, now);
}

describe('what STAT tells of a path', () => {
  it.each([
    ['vsftpd', '-rw-r--r--    1 999      995             5 Nov 20 13:18 index.html'],
    ['ProFTPD', ' -rw-r--r--   1 999      995             5 Nov 20 13:18 /www/index.html'],
    ['Pure-FTPd', '-rw-r--r--    1 999      995             5 Nov 20 13:18 /www/index.html'],
    ['pyftpdlib', '-rw-r--r--   1 999      995        5 Nov 20 13:18 index.html'],
  ])('is a file with its owner and permissions, as %s writes it', (_, line) => {
    const { entry, isUnderstood } = told('/www/index.html', [line]);
    expect(entry).toMatchObject({ name: 'index.html', type: 'file', size: 5, owner: '999', mode: 0o644 });
    expect(isUnderstood).toBe(true);
  });

  it.each([
    ['vsftpd', 'lrwxrwxrwx    1 999      995            10 Nov 20 13:18 link.html -> index.html'],
    ['ProFTPD', ' lrwxrwxrwx   1 999      995            10 Nov 20 13:18 /www/link.html -> index.html'],
  ])('is a link and its target, as %s writes it', (_, line) => {
    expect(told('/www/link.html', [line]).entry).toMatchObject({
      name: 'link.html',
      type: 'link',
      target: 'index.html',
    });
  });

  it('is a link that leads to its own whole path elsewhere', () => {
    const line = 'lrwxrwxrwx    1 999      995            14 Nov 20 13:18 link.html -> /www/link.html';
    expect(told('/www/link.html', [line]).entry).toMatchObject({ type: 'link', target: '/www/link.html' });
  });

  it.each(['two  spaces.txt', ' leading', 'trailing ', 'a -> b', '-l', 'x[1].txt', 'läut.txt'])(
    'is the file %j also where its name is unusual',
    (name) => {
      const line = `-rw-r--r--   1 999      995             5 Nov 20 13:18 `;
      expect(told(`/www/${name}`, [line + name]).entry).toMatchObject({ name, type: 'file' });
      expect(told(`/www/${name}`, [` ${line}/www/${name}`]).entry).toMatchObject({ name, type: 'file' });
    },
  );

  it('is nothing where a folder was listed, also one that holds its own name', () => {
    const inside = '-rw-r--r--    1 999      995             5 Nov 20 13:18 css';
    const self = 'drwxr-xr-x    2 999      995          4096 Nov 20 13:18 .';
    expect(told('/www/css', [self, inside]).entry).toBeUndefined();
    expect(
      told('/www/css', ['-rw-r--r--    1 999      995             5 Nov 20 13:18 a.css']).entry,
    ).toBeUndefined();
  });

  it('is nothing where a wildcard met other names', () => {
    const line = '-rw-r--r--    1 999      995             5 Nov 20 13:18 x1y.txt';
    expect(told('/www/x*y.txt', [line]).entry).toBeUndefined();
  });

  it('is nothing where the server says nothing, or speaks of itself', () => {
    expect(told('/www/missing', [])).toEqual({ entry: undefined, isUnderstood: true });
    expect(told('/www/a', ['     Connected to 127.0.0.1'], 211).entry).toBeUndefined();
    expect(readPathStatus({ code: 213, lines: ['a'] }, '/a', now).entry).toBeUndefined();
  });

  it.each([
    [450, true],
    [550, true],
    [500, false],
    [502, false],
    [504, false],
  ])('is nothing after %d', (code, isUnderstood) => {
    const line = '-rw-r--r--    1 999      995             5 Nov 20 13:18 a';
    expect(told('/a', [line], code)).toEqual({ entry: undefined, isUnderstood });
  });
});
