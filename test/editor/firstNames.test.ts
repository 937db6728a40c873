import { describe, expect, it } from 'vitest';
import { firstNames } from '../../src/editor/firstNames.ts';

describe('the names in a question', () => {
  it('are ten at most, and say how many more there are', () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index}.txt`);
    expect(firstNames(names.slice(0, 10))).toEqual(names.slice(0, 10));
    expect(firstNames(names)).toEqual([...names.slice(0, 10), 'and 2 more']);
  });
});
