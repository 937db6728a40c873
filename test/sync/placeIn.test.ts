import { describe, expect, it } from 'vitest';
import { isWithin } from '../../src/sync/placeIn.ts';

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
