import { describe, expect, it } from 'vitest';
import {
  baseName,
  isInside,
  joinPath,
  normalisePath,
  parentPath,
  resolveLinkTarget,
} from '../../src/remote/remotePath.ts';

describe('a path on the server', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['a/b', '/a/b'],
    ['//a///b//', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/../../b', '/b'],
    ['/a b/ ü', '/a b/ ü'],
    ['/a\\b', '/a\\b'],
  ])('reads %j as %j', (path, expected) => {
    expect(normalisePath(path)).toBe(expected);
  });

  it('is joined from a folder and names', () => {
    expect(joinPath('/', 'a')).toBe('/a');
    expect(joinPath('/www/', 'css', 'main.css')).toBe('/www/css/main.css');
  });

  it('has a parent, and the root is its own', () => {
    expect(parentPath('/a/b')).toBe('/a');
    expect(parentPath('/a')).toBe('/');
    expect(parentPath('/')).toBe('/');
  });

  it('has a base name, and the root has none', () => {
    expect(baseName('/a/b.txt')).toBe('b.txt');
    expect(baseName('/')).toBe('');
  });

  it('is inside a folder only at a whole name', () => {
    expect(isInside('/www', '/www')).toBe(true);
    expect(isInside('/www', '/www/a')).toBe(true);
    expect(isInside('/www', '/www2/a')).toBe(false);
    expect(isInside('/www', '/www/../etc')).toBe(false);
    expect(isInside('/', '/anything')).toBe(true);
  });

  it('follows a link from the folder that the link is in', () => {
    expect(resolveLinkTarget('/www/current', 'releases/7')).toBe('/www/releases/7');
    expect(resolveLinkTarget('/www/current', '../shared')).toBe('/shared');
    expect(resolveLinkTarget('/www/current', '/srv/site')).toBe('/srv/site');
  });
});
