import { describe, expect, it } from 'vitest';
import { WatchBatch } from '../../src/sync/watchBatch.ts';
import { FakeClock } from '../support/fakeClock.ts';

function setUp() {
  const clock = new FakeClock();
  const told: string[][] = [];
  const batch = new WatchBatch({
    clock,
    onSettled: (changes) => told.push([...changes].map((change) => change.join(' '))),
  });
  return { clock, told, batch };
}

describe('changes that a watcher tells', () => {
  it('come together, each file once, when nothing has changed for a moment', () => {
    const { clock, told, batch } = setUp();
    batch.add('/a', 'changed');
    clock.advance(700);
    batch.add('/b', 'changed');
    batch.add('/a', 'changed');
    clock.advance(700);
    expect(told).toEqual([]);
    clock.advance(50);
    expect(told).toEqual([['/a changed', '/b changed']]);
  });

  it('take a file that is written anew for changed, not for deleted', () => {
    const { clock, told, batch } = setUp();
    batch.add('/a', 'deleted');
    batch.add('/a', 'changed');
    batch.add('/b', 'changed');
    batch.add('/b', 'deleted');
    clock.advance(1000);
    expect(told).toEqual([['/a changed', '/b deleted']]);
  });

  it('are told after 10 seconds though they go on', () => {
    const { clock, told, batch } = setUp();
    for (let change = 0; change < 21; change++) {
      batch.add('/log', 'changed');
      clock.advance(500);
    }
    expect(told).toEqual([['/log changed']]);
    clock.advance(1000);
    expect(told).toEqual([['/log changed'], ['/log changed']]);
    expect(clock.pending()).toEqual([]);
  });

  it('are forgotten when nobody watches any more', () => {
    const { clock, told, batch } = setUp();
    batch.add('/a', 'changed');
    batch.dispose();
    clock.advance(20_000);
    expect(told).toEqual([]);
  });
});
