import { afterAll, afterEach, beforeAll, beforeEach, describe, onTestFailed } from 'vitest';
import { Bench, type Subject } from './bench.ts';
import { describeDeleting } from './deleting.ts';
import { describeListing } from './listing.ts';
import { describeNames } from './names.ts';
import { describeReading } from './reading.ts';
import { describeRenaming } from './renaming.ts';
import { describeSaving } from './saving.ts';
import { describeTransfers } from './transfers.ts';
import { describeTrees } from './trees.ts';

/** What every server must let the product do, whoever wrote it. */
export function describeContract(title: string, start: () => Promise<Subject>): void {
  describe(title, () => {
    let subject: Subject;
    let bench: Bench;
    let count = 0;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(async () => {
      await subject[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      bench = await Bench.create(subject, `test-${count++}`);
      onTestFailed(() => {
        console.error(`${title}\n${bench.account()}`);
      });
    });
    afterEach(async () => {
      await bench.close();
    });
    const current = (): Bench => bench;
    describeListing(current);
    describeNames(current);
    describeReading(current);
    describeSaving(current);
    describeRenaming(current);
    describeDeleting(current);
    describeTransfers(current);
    describeTrees(current);
  });
}
