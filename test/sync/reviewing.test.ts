import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BaselineStore } from '../../src/sync/baselineStore.ts';
import type { PlanStep } from '../../src/sync/planStep.ts';
import { noteUnchanged, takeNotes } from '../../src/sync/reviewing.ts';
import { agreed, file, longAgo, seen, tree } from './support/trees.ts';

const count = 5000;
const paths = Array.from({ length: count }, (_, index) => `d/f${index}`);
const adoptions = paths.map(
  (path): PlanStep => ({
    path,
    kind: 'file',
    action: 'adopt',
    reason: 'identical',
    local: file(5),
    remote: file(5),
    bytes: 0,
    hash: 'h',
  }),
);
const young = { ...agreed(5), local: seen(5, { firstSeen: longAgo, lastSeen: longAgo }) };
const contents = new Map(paths.map((path) => [path, { local: 'h' }]));
const local = tree(Object.fromEntries(paths.map((path) => [path, file(5)])));
const compared = {
  local,
  remote: tree({}),
  baseline: new Map(),
  options: { direction: 'both', deleteExtra: true, onlyNewer: false, existingOnly: false },
} as const;

/** How often the baseline was written to: each time it begins a new line. */
async function writesIn(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'baseline.jsonl'), 'utf8');
  return text.split('\n').filter((line) => line === '').length;
}

describe.each([
  [
    'found equal',
    (baseline: BaselineStore, signal?: AbortSignal) => takeNotes(baseline, adoptions, 9, signal),
  ],
  [
    'read and found unchanged',
    (baseline: BaselineStore, signal?: AbortSignal) => noteUnchanged(baseline, compared, contents, 9, signal),
  ],
] as const)('a comparison in which thousands of files are %s', (_, note) => {
  async function noted(cancel = new AbortController(), isCancelled = false) {
    const folder = await mkdtemp(join(tmpdir(), 'ftps-reviewing-'));
    try {
      await using baseline = await BaselineStore.open(folder);
      await Promise.all(paths.map((path) => baseline.set(path, young)));
      const before = await writesIn(folder);
      const noting = note(baseline, cancel.signal);
      if (isCancelled) cancel.abort();
      const failure: unknown = await noting.catch((error: unknown) => error);
      const writes = (await writesIn(folder)) - before;
      await using again = await BaselineStore.open(folder);
      const known = [...again.entries.values()].filter(
        (entry) => entry.kind === 'file' && entry.local.lastSeen === 9,
      );
      return { failure, writes, known: known.length };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('does not wait for the disk once for each', async () => {
    const { failure, writes, known } = await noted();
    expect([failure, known]).toEqual([undefined, count]);
    expect(writes).toBeLessThan(20);
  });

  it('ends while they are noted, when it is cancelled', async () => {
    const cancel = new AbortController();
    const { failure, known } = await noted(cancel, true);
    expect(failure).toBe(cancel.signal.reason);
    expect(known).toBeLessThan(count / 2);
  });
});
