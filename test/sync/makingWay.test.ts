import { describe, expect, it } from 'vitest';
import { makingWay } from '../../src/sync/makingWay.ts';
import type { Action, PlanStep } from '../../src/sync/planStep.ts';

function step(action: Action, path: string): PlanStep {
  return { path, kind: 'file', action, reason: 'namesFold', local: undefined, remote: undefined, bytes: 0 };
}

function first(...steps: readonly PlanStep[]): string[] {
  return [...makingWay(steps)].map(({ action, path }) => `${action} ${path}`);
}

describe('a deletion', () => {
  it('comes first where a new name differs from that of the deleted file by case alone', () => {
    expect(first(step('download', 'A'), step('deleteLocal', 'a'))).toEqual(['deleteLocal a']);
    expect(first(step('upload', 'A'), step('deleteRemote', 'a'))).toEqual(['deleteRemote a']);
  });

  it('comes first where what is deleted lies in a folder whose name stands in the way', () => {
    expect(first(step('download', 'D/x'), step('deleteLocal', 'd/y'), step('deleteLocal', 'd'))).toEqual([
      'deleteLocal d/y',
      'deleteLocal d',
    ]);
  });

  it('comes last, as ever, where it stands in nothing’s way', () => {
    const others = [step('download', 'b'), step('download', 'd/x'), step('upload', 'A')];
    expect(first(...others, step('deleteLocal', 'a'), step('deleteLocal', 'd/y'))).toEqual([]);
  });
});
