import { describe, expect, it } from 'vitest';
import { chosenRows } from '../../../src/editor/commands/chosenRows.ts';

interface Row {
  readonly path: string;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'path' in value;
}

const [a, b, c]: readonly [Row, Row, Row] = [{ path: 'a' }, { path: 'b' }, { path: 'c' }];

describe('what a menu’s command is about', () => {
  it('is first what was clicked, and then the rest of the selection', () => {
    expect(chosenRows([b, [a, b, c]], isRow)).toEqual([b, a, c]);
  });

  it('is what was clicked alone where nothing is selected with it', () => {
    expect(chosenRows([b], isRow)).toEqual([b]);
    expect(chosenRows([b, []], isRow)).toEqual([b]);
    // What a menu of an editor's tab says of itself.
    expect(chosenRows([b, { groupId: 0 }], isRow)).toEqual([b]);
  });

  it('is nothing in the palette', () => {
    expect(chosenRows([], isRow)).toEqual([]);
  });

  it('leaves out what the command is not about', () => {
    expect(chosenRows(['b', ['a', c, undefined, b]], isRow)).toEqual([c, b]);
  });

  it('counts once what stands for the same thing', () => {
    const again = { path: 'b' };
    expect(chosenRows([b, [a, again]], isRow, ({ path }) => path)).toHaveLength(2);
    expect(chosenRows([b, [a, again]], isRow)).toHaveLength(3);
  });
});
