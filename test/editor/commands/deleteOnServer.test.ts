import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteOnServer } from '../../../src/editor/commands/deleteOnServer.ts';
import { deletionQuestion } from '../../../src/editor/commands/deletionText.ts';
import { PairSite } from '../../sync/support/pairSite.ts';
import { ConnectionHarness } from '../support/connectionHarness.ts';
import { SitePairs } from '../support/sitePairs.ts';

/** Deletes here, and then asks to have it deleted there. */
async function deleted(at: PairSite, paths: readonly string[], answer: boolean) {
  await using pairs = new SitePairs(at, { site: { remote: '/' } });
  const told: string[] = [];
  const places = paths.flatMap((path) => {
    const localPath = join(at.local, path);
    return pairs.of(localPath).map(({ pair }) => ({ localPath, pair, path }));
  });
  for (const { localPath } of places) await rm(localPath, { force: true });
  const harness = new ConnectionHarness();
  harness.passwords = ['secret'];
  await deleteOnServer(
    {
      pairs,
      connections: { get: () => harness.connection },
      log: { info: (message) => told.push(message), error: (message) => told.push(message) },
      mayDelete: async ({ message }) => {
        told.push(message);
        return answer;
      },
      tellOfLeft: (message) => told.push(message),
    },
    places,
  );
  return { told, isConnected: harness.attempts.length > 0 };
}

describe('files that git has deleted here', () => {
  it('are deleted on the server after a question that names host and folder', async () => {
    await using at = await PairSite.inStep(['a.txt', 'b.txt', 'stays.txt']);
    const { told } = await deleted(at, ['a.txt', 'b.txt'], true);
    expect(told).toEqual([
      'Delete 2 files on ftp.example.com in /?',
      'Deleted a.txt on site',
      'Deleted b.txt on site',
    ]);
    expect(await at.remoteContents()).toEqual({ 'stays.txt': 'stays.txt' });
  });

  it('stay, and nobody connects, where the answer is no', async () => {
    await using at = await PairSite.inStep(['a.txt']);
    const { told, isConnected } = await deleted(at, ['a.txt'], false);
    expect(told).toEqual(['Delete "a.txt" on ftp.example.com in /?']);
    expect(isConnected).toBe(false);
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'a.txt' });
  });

  it('stay where somebody else has changed them, or they were never in step, and that is told once', async () => {
    await using at = await PairSite.inStep(['a.txt', 'b.txt']);
    await at.putRemote('a.txt', 'of a colleague');
    await at.putRemote('never.txt', 'only there');
    const { told } = await deleted(at, ['a.txt', 'never.txt', 'b.txt'], true);
    expect(told).toContain('Deleted b.txt on site');
    expect(told.at(-1)).toBe(
      'Left 2 files on site: changed there, still here in another case, or never in step with this computer.',
    );
    expect(await at.remoteContents()).toEqual({ 'a.txt': 'of a colleague', 'never.txt': 'only there' });
  });

  it('are kept, so that one undo brings all of them back', async () => {
    const files = ['a.txt', 'b.txt', 'c.txt'];
    await using at = await PairSite.inStep(files);
    await deleted(at, files, true);
    await using sync = at.sync();
    const outcomes = await sync.undoLast();
    expect(outcomes.map(({ entry, error }) => [entry.path, error])).toEqual(
      files.toReversed().map((file) => [file, undefined]),
    );
    expect(Object.keys(await at.remoteContents()).toSorted()).toEqual(files);
  });

  it('are named in the question as far as there is room', () => {
    const paths = Array.from({ length: 12 }, (_, file) => `${file}.txt`);
    const lines = deletionQuestion(paths, 'h', '/www').detail.split('\n');
    expect(lines).toEqual([...paths.slice(0, 10), 'and 2 more', expect.stringContaining('Undo Last Sync')]);
  });
});
