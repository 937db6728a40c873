import { describe, expect, it } from 'vitest';
import { ignoreRules } from '../../src/sync/ignoreRules.ts';

function isIgnored(path: string, ...patterns: readonly string[]): boolean {
  return ignoreRules(patterns).ignores(path, false);
}

describe('ignore rules', () => {
  const patterns = ['node_modules/', '*.log', '!keep.log', '/secret.txt'];

  it.each(['a.log', 'deep/er/b.log', 'node_modules/x/index.js', 'deep/node_modules/y.js', 'secret.txt'])(
    'count from the local folder of the mapping and keep %s here',
    (path) => {
      expect(isIgnored(path, ...patterns)).toBe(true);
    },
  );

  it.each(['keep.log', 'deep/secret.txt', 'node_modules.txt'])('let %s through', (path) => {
    expect(isIgnored(path, ...patterns)).toBe(false);
  });

  it.each([
    '.git/config',
    '.vscode/settings.json',
    'deep/.git/HEAD',
    '.GIT/config',
    '.a.ftps-explorer-a1b2c3.txt',
  ])('cannot bring back %s, which is never uploaded', (path) => {
    expect(isIgnored(path, `!${path}`)).toBe(true);
  });

  it('do not take .gitignore for .git', () => {
    expect(isIgnored('.gitignore')).toBe(false);
  });
});
