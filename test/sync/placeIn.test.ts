import { describe, expect, it } from 'vitest';
import { isWithin, placeIn } from '../../src/sync/placeIn.ts';

describe('a local folder', () => {
  it.each([
    ['/home/anna', 'holds', '/home/anna'],
    ['/home/anna', 'holds', '/home/anna/site/a.txt'],
    ['/home/anna', 'holds', '/home/anna/..a'],
    ['/home/anna/', 'holds', '/home/anna/a'],
    ['/', 'holds', '/home'],
    ['C:\\Site', 'holds', 'c:\\site'],
    ['C:\\Site', 'holds', 'c:\\SITE\\blog'],
    ['C:\\', 'holds', 'C:\\site'],
    ['\\\\server\\share', 'holds', '\\\\SERVER\\share\\a'],
    ['/home/anna', 'does not hold', '/home/anna2'],
    ['/home/anna', 'does not hold', '/home'],
    ['/home/anna', 'does not hold', '/home/Anna/a'],
    ['C:\\Site', 'does not hold', 'C:\\Site2'],
    ['C:\\Site', 'does not hold', 'D:\\Site\\a'],
    ['\\\\server\\share', 'does not hold', '\\\\other\\share\\a'],
  ])('such as %s %s %s', (folder, answer, place) => {
    expect(isWithin(folder, place)).toBe(answer === 'holds');
  });
});

describe('the place of a path', () => {
  it.each([
    ['/site', 'a/b.txt', '/site/a/b.txt'],
    ['/site', '..a/b\\c', '/site/..a/b\\c'],
    ['C:\\Site', 'a/b.txt', 'C:\\Site\\a\\b.txt'],
  ])('lies in %s: %s', (folder, path, place) => {
    expect(placeIn(folder, path)).toBe(place);
  });

  it.each([
    ['/site', '../a'],
    ['/site', 'a/../../b'],
    ['/site', 'a/..'],
    ['/site', 'a/./b'],
    ['/site', 'a//b'],
    ['/site', '/etc/passwd'],
    ['C:\\Site', '..\\a'],
    ['C:\\Site', 'a\\b'],
    ['C:\\Site', 'a/..\\..\\b'],
    ['C:\\Site', '\\\\server\\share'],
  ])('C-46: is none in %s where the path leads elsewhere: %s', (folder, path) => {
    expect(() => placeIn(folder, path)).toThrow('leads to another place');
  });
});
