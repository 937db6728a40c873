import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { play, scenario } from './scenarios.ts';

const runs = Number(process.env['FTPS_SYNC_RUNS'] ?? '200');

describe('any sync of any trees', { timeout: 60_000 + runs * 1000 }, () => {
  it('loses no version of any file, ends with both sides equal, and is empty the second time', async () => {
    await fc.assert(fc.asyncProperty(scenario, play), { numRuns: runs, endOnFailure: false });
  });
});
