import { describe, expect, it } from 'vitest';
import { isWithin } from '../../src/sync/placeIn.ts';

describe('a local place', () => {
  it.each([
    ['/home/anna', '/home/anna'],
    ['/home/anna', '/home/anna/site/a.txt'],
    ['/home/anna', '/home/anna/..a'],
    ['/home/anna/', '/home/anna/a'],
    ['/', '/home'],
    ['C:\\Site', 'c:\\site'],
    ['C:\\Site', 'c:\\SITE\\blog'],
    ['C:\\', 'C:\\site'],
    ['\\\\server\\share', '\\\\SERVER\\share\\a'],
  ])('is or lies in %s: %s', (folder, place) => {
    expect(isWithin(folder, place)).toBe(true);
  });

  it.each([
    ['/home/anna', '/home/anna2'],
    ['/home/anna', '/home'],
    ['/home/anna', '/home/Anna/a'],
    ['C:\\Site', 'C:\\Site2'],
    ['C:\\Site', 'D:\\Site\\a'],
    ['\\\\server\\share', '\\\\other\\share\\a'],
  ])('lies outside of %s: %s', (folder, place) => {
    expect(isWithin(folder, place)).toBe(false);
  });
});
