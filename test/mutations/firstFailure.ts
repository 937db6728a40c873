import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** Where the failure is written, in the shape of Vitest's own JSON report; below the folder that the tests run in. */
const report = 'out-mutations.json';

/**
 * Ends the run at the first test that fails, and reports that one. `--bail` does not serve: it may end the process that
 * runs a test before that has told how it went.
 */
export default class FirstFailure implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (state !== 'failed') return;
    const failureMessages = errors.map(({ name, message }) => `${name}: ${message}`);
    const failure = { fullName: test.fullName, status: 'failed', failureMessages };
    const file = { name: test.module.moduleId, status: 'failed', assertionResults: [failure] };
    writeFileSync(report, JSON.stringify({ testResults: [file] }));
    process.exit(1);
  }
}
