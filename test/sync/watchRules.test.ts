import { describe, expect, it } from 'vitest';
import { isWatched } from '../../src/sync/watchRules.ts';
import { syncMapping } from '../support/syncMapping.ts';

describe('what something else than the editor changes', () => {
  it.each<[string, readonly string[] | undefined, string, boolean]>([
    ['all of it where nothing is said', undefined, 'src/a.ts', true],
    ['what a pattern names', ['*.css'], 'deep/a.css', true],
    ['not what no pattern names', ['*.css'], 'deep/a.js', false],
    ['what is in a folder that a pattern names', ['dist/'], 'dist/deep/a.js', true],
    ['that folder, too', ['dist/'], 'dist', true],
    ['not a folder of that name elsewhere', ['/dist/'], 'src/dist/a.js', false],
    ['not what a later pattern takes back', ['dist/**', '!*.map'], 'dist/a.js.map', false],
  ])('is carried over: %s', (_what, watchOnly, path, expected) => {
    const mapping = syncMapping({ watch: true, ...(watchOnly && { watchOnly }) });
    expect(isWatched(mapping, path)).toBe(expected);
    expect(isWatched({ ...mapping, watch: false }, path)).toBe(false);
  });
});
