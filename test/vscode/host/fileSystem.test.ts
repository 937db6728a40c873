import { describe, expect, it } from 'vitest';
import { hostParameters, runInExtensionHost } from '../harness/hostRun.ts';
import { TestSite } from '../harness/testSite.ts';
import { VsCode } from '../harness/vsCode.ts';

async function runSuite() {
  await using site = await TestSite.start();
  await using code = await VsCode.start({
    parameters: hostParameters,
    environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() },
    settings: { 'ftps.profiles': { demo: site.profile() } },
  });
  return await runInExtensionHost(code, 'test/vscode/host/fileSystemSuite.ts', code.windowOn());
}

// The tests have run in the extension host before they are named here, each with its outcome.
const tests = await runSuite();

describe('in the extension host', () => {
  it('runs the suite', () => {
    expect(tests.length).toBeGreaterThan(0);
  });

  it.each(tests)('$title', ({ failure }) => {
    expect(failure).toBeUndefined();
  });
});
