import { describe, expect, it } from 'vitest';
import { nameProblem } from '../../src/editor/nameProblem.ts';

describe('the name of a new file', () => {
  it.each(['', '  ', '.', '..', 'a/b', 'taken.txt'])('cannot be %j', (name) => {
    expect(nameProblem(name, new Set(['taken.txt']))).toBeDefined();
  });

  it.each(['.htaccess', 'ü ö.txt', 'a\\b', 'Taken.txt'])('can be %j', (name) => {
    expect(nameProblem(name, new Set(['taken.txt']))).toBeUndefined();
  });
});
