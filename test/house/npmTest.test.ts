import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { repository } from './sourceFiles.ts';

/** What `npm test` prints on a user's own machine, where nobody has asked for the servers of others. */
function testRun(...words: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/test.mjs', ...words], {
    cwd: repository,
    env: { ...process.env, CI: '' },
    encoding: 'utf8',
  });
  return { lines: `${stdout}${stderr}`.trimEnd().split('\n'), status };
}

describe('npm test without CI and --system', () => {
  it('counts the suites with the servers of others aloud as not run, and how to run them', () => {
    const named = ['interop', 'node20servers', 'node22servers'];
    const { lines, status } = testRun(...named);
    for (const name of named) {
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`^${name} +NOT RUN \\(installs .*: npm test -- --system\\)$`)),
      );
    }
    expect(lines.at(-1)).toBe('0 passed, 0 failed');
    // Nothing that was asked for has been shown.
    expect(status).toBe(1);
  });

  it('knows its suites, and runs none where one is misspelt', () => {
    const { lines, status } = testRun('format', 'unitt');
    expect(lines).toEqual([expect.stringMatching(/^No suite unitt\. There are: types, lint, .*keyring/)]);
    expect(status).toBe(2);
  });
});
