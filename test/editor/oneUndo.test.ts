import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Deletions } from '../../src/editor/deletions.ts';
import { LocalChanges } from '../../src/editor/outbox/localChanges.ts';
import { openDeliveries } from '../../src/editor/outbox/openDeliveries.ts';
import type { ConflictAnswer } from '../../src/editor/saveConflictText.ts';
import { SaveConflicts } from '../../src/editor/saveConflicts.ts';
import type { Deliveries } from '../../src/sync/deliveries.ts';
import { PairSite } from '../sync/support/pairSite.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { SitePairs } from './support/sitePairs.ts';

const names = Array.from({ length: 12 }, (_, file) => `${String(file).padStart(2, '0')}.txt`);

function openAt(at: PairSite, pairs: SitePairs): Promise<Deliveries> {
  const onProblem = (error: unknown): never => {
    throw error;
  };
  return openDeliveries({ pairs, folder: join(at.storage, 'outbox'), clock: new FakeClock(), onProblem });
}

function jobOf(at: PairSite, name: string) {
  const server = 'anna@ftp.example.com:21';
  return { connection: 'site', server, localFile: join(at.local, name), remotePath: `/${name}` };
}

/** Saves the files; the questions that come up are given the answers. @returns the questions */
async function saved(
  deliveries: Deliveries,
  jobs: readonly ReturnType<typeof jobOf>[],
  answers: readonly (() => Promise<ConflictAnswer | undefined>)[],
): Promise<string[]> {
  const asked: string[] = [];
  const conflicts = new SaveConflicts({
    items: () => deliveries.items,
    ask: async ({ message }) => {
      asked.push(message);
      return answers[asked.length - 1]?.();
    },
    settle: (...decided) => deliveries.settle(...decided),
    compare: async () => undefined,
    show: async () => undefined,
  });
  await Promise.all(jobs.map((job) => deliveries.send(job)));
  await conflicts.tell();
  return asked;
}

describe('one undo takes back', () => {
  it.each(['mine', 'theirs'] as const)(
    'all that one answer to a question has settled (%s)',
    async (answer) => {
      await using at = await PairSite.inStep(names);
      await using pairs = new SitePairs(at, { site: { remote: '/' } });
      await using deliveries = await openAt(at, pairs);
      for (const name of names) {
        await at.putLocal(name, `mine of ${name}`);
        await at.putRemote(name, `theirs of ${name}`);
      }
      const before = [await at.localContents(), await at.remoteContents()];
      const asked = await saved(
        deliveries,
        names.map((name) => jobOf(at, name)),
        [async () => answer],
      );
      expect(asked).toHaveLength(1);
      expect(await at.localContents()).toEqual(await at.remoteContents());
      const outcomes = await pairs.sync().undoLast();
      expect(outcomes.map(({ error }) => error)).toEqual(names.map(() => undefined));
      expect([await at.localContents(), await at.remoteContents()]).toEqual(before);
    },
  );

  it('all that was deleted here at once', async () => {
    await using at = await PairSite.inStep(names);
    await using pairs = new SitePairs(at, { site: { remote: '/', deleteOnServer: true } });
    await using deliveries = await openAt(at, pairs);
    const deletions = new Deletions({
      pairs,
      log: { info: () => undefined, warn: () => undefined },
      onMany: () => undefined,
    });
    const changes = new LocalChanges({
      pairs,
      deliveries,
      deletions,
      jobsIn: async () => [],
      savedByHand: () => undefined,
    });
    const before = await at.remoteContents();
    const files = names.map((name) => join(at.local, name));
    for (const file of files) await rm(file);
    await changes.deleted(files);
    expect(await at.remoteContents()).toEqual({});
    await pairs.sync().undoLast();
    expect(await at.remoteContents()).toEqual(before);
  });
});

describe('a file that goes on the server while a question about it stands', () => {
  it('is not deleted here by "Take Theirs", but asked about again, and then goes by "Delete Here"', async () => {
    await using at = await PairSite.inStep(['a.txt']);
    await using pairs = new SitePairs(at, { site: { remote: '/' } });
    await using deliveries = await openAt(at, pairs);
    await at.putLocal('a.txt', 'mine');
    await at.putRemote('a.txt', 'theirs, longer');
    let present: unknown;
    const asked = await saved(
      deliveries,
      [jobOf(at, 'a.txt')],
      [
        async () => {
          await rm(at.site.local('a.txt'));
          return 'theirs';
        },
        async () => {
          present = await at.localContents();
          return 'theirs';
        },
      ],
    );
    expect(asked).toEqual([expect.stringContaining('was changed'), expect.stringContaining('was deleted')]);
    expect(present).toEqual({ 'a.txt': 'mine' });
    expect(await at.localContents()).toEqual({});
  });
});

describe('a file that goes here while a question about it stands', () => {
  it('is not deleted on the server by "Overwrite"', async () => {
    await using at = await PairSite.inStep(['a.txt']);
    await using pairs = new SitePairs(at, { site: { remote: '/' } });
    await using deliveries = await openAt(at, pairs);
    await at.putLocal('a.txt', 'mine');
    await at.putRemote('a.txt', 'theirs, longer');
    await saved(
      deliveries,
      [jobOf(at, 'a.txt')],
      [
        async () => {
          await rm(join(at.local, 'a.txt'));
          return 'mine';
        },
      ],
    );
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'theirs, longer' });
    expect(deliveries.items).toMatchObject([
      { state: { error: { message: expect.stringContaining('is no longer on this computer') } } },
    ]);
  });
});
