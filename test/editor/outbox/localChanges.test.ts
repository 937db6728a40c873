import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalChanges, type LocalChangesOptions } from '../../../src/editor/outbox/localChanges.ts';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { Delivery } from '../../../src/sync/deliveries.ts';
import { LocalFileGone, SaveConflict } from '../../../src/sync/saveFailure.ts';
import type { SaveJob } from '../../../src/sync/saveJob.ts';
import type { SaveOutcome } from '../../../src/sync/saveQueue.ts';
import { PairSite } from '../../sync/support/pairSite.ts';
import { SitePairs } from '../support/sitePairs.ts';

interface Played {
  readonly outcome?: SaveOutcome;
  readonly items?: readonly Delivery[];
  readonly jobsIn?: LocalChangesOptions['jobsIn'];
}

function played(
  pairs: SitePairs,
  { outcome = done, items = [], jobsIn = async (file) => [jobOf(file)] }: Played = {},
) {
  const deeds: string[] = [];
  const changes = new LocalChanges({
    pairs,
    deliveries: {
      items,
      send: async ({ remotePath, connection, previousHash }) => {
        deeds.push(['send', remotePath, connection, previousHash].filter(Boolean).join(' '));
        return outcome;
      },
      retry: async (job) => {
        deeds.push(`retry ${job?.remotePath}`);
        return [done];
      },
      discard: async (job) => void deeds.push(`discard ${job.remotePath}`),
    },
    deletions: {
      carry: async (files) => {
        if (files.length > 0) deeds.push(`delete ${files.map((file) => basename(file)).join(', ')}`);
      },
    },
    jobsIn,
    savedByHand: ({ remotePath }) => deeds.push(`by hand ${remotePath}`),
  });
  return { changes, deeds };
}

const done: SaveOutcome = { kind: 'done', result: undefined };

function jobOf(localFile: string, connection = 'site'): SaveJob {
  const remotePath = localFile.slice(localFile.lastIndexOf('/'));
  return { connection, server: 'anna@ftp.example.com:21', localFile, remotePath };
}

function failed(localFile: string, error: RemoteError, connection?: string): Delivery {
  const job = jobOf(localFile, connection);
  return { job, state: { kind: 'failed', error }, isHeldUp: true, nextAttemptAt: undefined };
}

describe('a file that the editor saves', () => {
  it('is sent with what it was before, and is known as what the editor has saved', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: { remote: '/' } });
    const { changes, deeds } = played(pairs);
    await at.putLocal('a.txt', 'saved');
    const localFile = join(at.local, 'a.txt');
    await changes.saved({ localFile, previousHash: 'before', isManual: true });
    expect(deeds).toEqual(['by hand /a.txt', 'send /a.txt site before']);
    const { mtimeMs, size } = await stat(localFile);
    expect(changes.isSavedHere(localFile, mtimeMs, size)).toBe(true);
    await writeFile(localFile, 'built over it');
    const after = await stat(localFile);
    expect(changes.isSavedHere(localFile, after.mtimeMs, after.size)).toBe(false);
  });

  it('is not sent by a mapping that waits for a sync, and brings no question back when saved by itself', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, {
      site: [
        { remote: '/', onSave: false },
        { local: 'sub', remote: '/s' },
      ],
    });
    const { changes, deeds } = played(pairs);
    for (const path of ['a.txt', 'sub/b.txt']) {
      await at.putLocal(path, 'saved');
      const localFile = join(at.local, path);
      await changes.saved({ localFile, previousHash: undefined, isManual: false });
    }
    expect(deeds).toEqual(['send /s/b.txt site']);
  });
});

describe('a file that is renamed in the editor', () => {
  async function renamed(mapping: object, outcome?: SaveOutcome): Promise<string[]> {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: mapping });
    const { changes, deeds } = played(pairs, outcome && { outcome });
    await at.putLocal('old.txt', 'kept');
    const [from, to] = [join(at.local, 'old.txt'), join(at.local, 'new.txt')];
    await rename(from, to);
    await changes.renamed([{ from, to }]);
    return deeds;
  }
  const carries = { remote: '/', deleteOnServer: true };

  it('goes by its old name from the server when that has it by the new one', async () => {
    expect(await renamed(carries)).toEqual(['send /new.txt site', 'delete old.txt']);
  });

  it('is counted together with all that is renamed at once', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: carries });
    const { changes, deeds } = played(pairs);
    const names = ['a', 'b'];
    await changes.renamed(
      names.map((name) => ({ from: join(at.local, name), to: join(at.local, 'moved', name) })),
    );
    expect(deeds).toEqual(['send /a site', 'send /b site', 'delete a, b']);
  });

  it('keeps its old name there while the server has not got the new one', async () => {
    const error = new RemoteError('unavailable', '/new.txt', 'away');
    expect(await renamed(carries, { kind: 'failed', error })).toEqual(['send /new.txt site']);
  });

  it('keeps its old name there where the mapping does not say otherwise', async () => {
    expect(await renamed({ remote: '/' })).toEqual([]);
  });

  it('keeps its old name there when no server gets the new one, though one maps it', async () => {
    await using at = await PairSite.start();
    const sync = [carries, { local: 'still', remote: '/still' }];
    await using pairs = new SitePairs(at, { site: sync });
    const { changes, deeds } = played(pairs);
    await changes.renamed([{ from: join(at.local, 'a.txt'), to: join(at.local, 'still', 'a.txt') }]);
    const ignored = played(pairs, { jobsIn: async () => [] });
    await ignored.changes.renamed([{ from: join(at.local, 'a.txt'), to: join(at.local, 'a.log') }]);
    expect([...deeds, ...ignored.deeds]).toEqual([]);
  });

  it('goes from the server when it is moved to where no mapping is', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: carries });
    const { changes, deeds } = played(pairs, { jobsIn: async () => [] });
    await changes.renamed([{ from: join(at.local, 'a.txt'), to: '/home/anna/elsewhere/a.txt' }]);
    expect(deeds).toEqual(['delete a.txt']);
  });

  it('takes what is deleted in the editor along in the same way', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: carries });
    const { changes, deeds } = played(pairs);
    await mkdir(join(at.local, 'css'));
    await rm(join(at.local, 'css'), { recursive: true });
    await changes.deleted([join(at.local, 'css'), join(at.local, 'a.txt')]);
    expect(deeds).toEqual(['delete css, a.txt']);
  });
});

describe('a conflict of a save that a sync has settled', () => {
  const file = '/home/anna/a.txt';
  const conflict = new SaveConflict('/a.txt', 'changed');

  async function after(items: readonly Delivery[], isGone = false): Promise<string[]> {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, {});
    const { changes, deeds } = played(pairs, { items });
    await changes.carried({ connection: 'site', localFile: file, isGone });
    return deeds;
  }

  it('is looked at once more, so that it leaves the outbox', async () => {
    expect(await after([failed(file, conflict)])).toEqual(['retry /a.txt']);
  });

  it('is dropped where neither side has the file any more', async () => {
    const gone = new LocalFileGone(jobOf(file));
    expect(await after([failed(file, gone)], true)).toEqual(['discard /a.txt']);
  });

  it.each<[string, Delivery]>([
    ['another file', failed('/home/anna/b.txt', conflict)],
    ['another connection', failed(file, conflict, 'staging')],
    ['the server that is away', failed(file, new RemoteError('unavailable', '/a.txt', 'away'))],
    ['one that is under way', { ...failed(file, conflict), state: { kind: 'uploading', bytes: 1 } }],
  ])('is not confused with the wait for %s', async (_what, item) => {
    expect(await after([item])).toEqual([]);
  });
});
