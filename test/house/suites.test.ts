import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../scripts/test.mjs');

/** Makes the machine one where nothing may be installed. */
const withoutRoot = '--import "data:text/javascript,process.getuid = () => 1000;"';

describe('the servers of others, where they cannot be had', () => {
  let cache: string;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'suites-'));
  });

  afterEach(() => rmSync(cache, { recursive: true }));

  /** The last lines of `npm test`, and how it ended. */
  function run(environment: NodeJS.ProcessEnv, ...words: string[]) {
    const { CI: _, ...inherited } = process.env;
    const { status, stdout } = spawnSync(process.execPath, [program, ...words], {
      env: { ...inherited, XDG_CACHE_HOME: cache, NODE_OPTIONS: withoutRoot, ...environment },
      encoding: 'utf8',
    });
    return { status, output: stdout.trimEnd() };
  }

  const suites = ['interop', 'node20servers', 'node22servers'];

  it.each([
    ['under CI', { CI: 'true' }, []],
    ['where they are asked for', {}, ['--system']],
  ])('are failures %s', (_, environment, words) => {
    const { status, output } = run(environment, ...suites, ...words);
    expect(status).toBe(1);
    expect(output).toMatch(/foreign servers (come as Debian packages|need root)/);
    for (const suite of suites) expect(output).toMatch(new RegExp(`^${suite} .* 0 passed +1 failed`, 'm'));
    expect(output).toMatch(/\n0 passed, 3 failed$/);
  });

  it('are said aloud not to have run on the machine of a user', () => {
    const { output } = run({}, ...suites);
    for (const suite of suites) {
      expect(output).toMatch(new RegExp(`^${suite} +NOT RUN \\(.*npm test -- --system\\)`, 'm'));
    }
    expect(output).toMatch(/\n0 passed, 0 failed$/);
  });
});
