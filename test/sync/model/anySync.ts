import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ServerHabits } from './diskFiles.ts';
import { play, scenario } from './scenarios.ts';

const runs = Number(process.env['FTPS_SYNC_RUNS'] ?? '200');
/** Scenarios in play at the same time: most of one is waiting for Node's threads. */
const lanes = 4;

/** Half of the scenarios, with a server of one kind: those of the other kind can be played beside them. */
export function anySync(source: ServerHabits['source'], server: string): void {
  const share = Math.ceil(runs / 2 / lanes);
  const played = scenario.map((scene) => ({ ...scene, habits: { ...scene.habits, source } }));

  describe(`any sync of any trees with a server ${server}`, { timeout: 60_000 + runs * 1000 }, () => {
    it('loses no version of any file, ends with both sides equal, and is empty the second time', async () => {
      const lane = (): Promise<void> =>
        fc.assert(fc.asyncProperty(played, play), { numRuns: share, endOnFailure: false });
      await Promise.all(Array.from({ length: lanes }, lane));
    });
  });
}
