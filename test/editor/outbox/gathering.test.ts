import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gathering } from '../../../src/editor/outbox/gathering.ts';
import { Deliveries } from '../../../src/sync/deliveries.ts';
import { Outbox } from '../../../src/sync/outbox.ts';
import type { SaveItem } from '../../../src/sync/saveQueue.ts';
import { FakeClock } from '../../support/fakeClock.ts';

let clock: FakeClock;
let told: (readonly string[])[];
let gathering: Gathering<string>;

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  gathering = new Gathering(clock, (values) => told.push(values));
});

describe('what comes within a moment', () => {
  it('is told once, in its order, and what comes later once more', () => {
    for (const value of ['a', 'b', 'c']) gathering.add(value);
    expect(told).toEqual([]);
    clock.advance(100);
    gathering.add('d');
    clock.advance(100);
    expect(told).toEqual([['a', 'b', 'c'], ['d']]);
    expect(clock.pending()).toEqual([]);
  });

  it('is told though more of it comes all the time', () => {
    for (let time = 0; time < 300; time += 50) {
      gathering.add(`${time}`);
      clock.advance(50);
    }
    expect(told).toEqual([
      ['0', '50'],
      ['100', '150'],
      ['200', '250'],
    ]);
  });

  it('is told what comes while it is told', () => {
    gathering = new Gathering(clock, (values) => {
      told.push(values);
      if (told.length === 1) gathering.add('b');
    });
    gathering.add('a');
    clock.advance(200);
    expect(told).toEqual([['a'], ['b']]);
  });

  it('is not told once nobody wants to know', () => {
    gathering.add('a');
    gathering.dispose();
    clock.advance(100);
    expect(told).toEqual([]);
  });
});

describe('deliveries of many files at once', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ftps-gathering-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are shown once, with how all of them stand then', async () => {
    await using deliveries = new Deliveries({
      outbox: await Outbox.open(folder),
      save: async ({ localFile }) => (localFile === '/here/0' ? { kind: 'gone' } : { kind: 'same' }),
      take: () => Promise.reject(new Error('There is nothing to decide.')),
      clock,
      onProblem: (error) => {
        throw error;
      },
    });
    const shown: { readonly changes: number; readonly left: number }[] = [];
    const all = new Gathering<SaveItem>(clock, ({ length: changes }) =>
      shown.push({ changes, left: deliveries.items.length }),
    );
    deliveries.onDidChange((changed) => all.add(changed));
    const names = Array.from({ length: 100 }, (_, index) => `${index}`);
    const server = 'anna@h:21';
    await Promise.all(
      names.map((name) =>
        deliveries.send({ connection: 'site', server, localFile: `/here/${name}`, remotePath: `/${name}` }),
      ),
    );
    clock.advance(100);
    // Of each: it waits, it is under way, it has ended.
    expect(shown).toEqual([{ changes: 300, left: 1 }]);
  });
});
