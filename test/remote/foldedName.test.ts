import { describe, expect, it } from 'vitest';
import { foldedName } from '../../src/remote/foldedName.ts';

describe('two names that some disk takes for one', () => {
  it.each([
    ['Read.me', 'READ.ME'],
    ['caf\u00e9', 'cafe\u0301'],
    ['CAF\u00c9', 'cafe\u0301'],
    ['stra\u00dfe', 'STRASSE'],
    ['\u039f\u0394\u039f\u03c2', '\u03bf\u03b4\u03bf\u03c3'],
    ['\u212bngstrom', '\u00e5ngstrom'],
    ['a\u200db', 'ab'],
  ])('are the same when they are folded: %j and %j', (one, other) => {
    expect(foldedName(one)).toBe(foldedName(other));
  });

  it.each([
    ['a', 'b'],
    ['e', '\u00e9'],
    ['a/b', 'ab'],
    ['a b', 'ab'],
  ])('are not just any two: %j and %j', (one, other) => {
    expect(foldedName(one)).not.toBe(foldedName(other));
  });
});
