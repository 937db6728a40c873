import { describe, expect, it } from 'vitest';
import { hostParameters, runInExtensionHost } from '../harness/hostRun.ts';
import { VsCode } from '../harness/vsCode.ts';

async function runSuite() {
  await using code = await VsCode.start({
    parameters: hostParameters,
    settings: { 'ftps.profiles': { site: { host: '127.0.0.1', user: 'somebody' } } },
  });
  return await runInExtensionHost(code, 'test/vscode/host/activationSuite.ts', code.windowOn());
}

const tests = await runSuite();

describe('the activated extension in its host', () => {
  it('runs the suite', () => {
    expect(tests.length).toBeGreaterThan(0);
  });

  it.each(tests)('$title', ({ failure }) => {
    expect(failure).toBeUndefined();
  });
});
