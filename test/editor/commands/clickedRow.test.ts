import { describe, expect, it, vi } from 'vitest';
import { fileCommands } from '../../../src/editor/commands/fileCommands.ts';
import { localCommands } from '../../../src/editor/commands/localCommands.ts';
import { outboxCommands } from '../../../src/editor/outbox/outboxCommands.ts';
import { syncCommands } from '../../../src/editor/sync/syncCommands.ts';
import { SyncReview } from '../../../src/editor/sync/syncReview.ts';
import type { StepRow } from '../../../src/editor/sync/syncRow.ts';
import { PairSite } from '../../sync/support/pairSite.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { Uri, user } from '../support/fakeEditor.ts';
import { SitePairs } from '../support/sitePairs.ts';
import { rowOf, TwoConnections } from '../support/twoConnections.ts';

vi.mock('vscode', () => import('../support/fakeEditor.ts'));

const unused = (): never => {
  throw new Error('Nobody is to do this.');
};

describe('the row that was clicked, where another one was selected before it,', () => {
  it('is the folder that a new file goes into', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('a/old.txt');
    await at.staging.seed('b/old.txt');
    const [a, b] = [rowOf('staging', '/a', 'directory'), rowOf('staging', '/b', 'directory')];
    user.names = ['new.txt'];
    await fileCommands(at.targets)['ftps.newFile']?.(b, [a, b]);
    expect([await at.staging.names('a'), await at.staging.names('b')]).toEqual([
      ['old.txt'],
      ['new.txt', 'old.txt'],
    ]);
  });

  it('is the file that is renamed', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('a.txt');
    await at.staging.seed('b.txt');
    const [a, b] = [rowOf('staging', '/a.txt'), rowOf('staging', '/b.txt')];
    user.names = ['c.txt'];
    await fileCommands(at.targets)['ftps.rename']?.(b, [a, b]);
    expect(user.asked).toEqual(['Rename b.txt']);
    expect(await at.staging.names()).toEqual(['a.txt', 'c.txt']);
  });

  it('is the connection that is disconnected, removed, or gets a password', async () => {
    await using at = await TwoConnections.start();
    const [production, staging] = ['production', 'staging'].map(
      (connection) => ({ kind: 'connection', connection, generation: 0 }) as const,
    );
    const stored = await at.targets.profile([staging, [production, staging]], 'Disconnect');
    expect(stored?.name).toBe('staging');
  });

  it('is the folder that files go into in the Explorer, which has addresses', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('a/old.txt');
    await at.staging.seed('b/old.txt');
    const address = (path: string) => Uri.from({ scheme: 'ftps', authority: 'staging', path });
    const values = [address('/b'), [address('/a'), address('/b')]];
    expect((await at.targets.folder(values, 'Upload Here'))?.path).toBe('/b');
    const all = await at.targets.several(values, 'Download');
    expect(all.map(({ path }) => path)).toEqual(['/b', '/a']);
  });

  it('is the local folder that is compared', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: { remote: '/' } });
    await using two = await TwoConnections.start();
    const [a, b] = [Uri.file(`${at.local}/a`), Uri.file(`${at.local}/b`)];
    const { profiles, connections, targets } = two;
    const table = localCommands({
      pairs,
      active: pairs.active,
      profiles,
      connections,
      targets,
      storage: at.storage,
      clock: new FakeClock(),
      log: { info: unused, error: unused },
      report: unused,
    });
    await table['ftps.compareFolders'](b, [a, Uri.file(b.fsPath)]);
    expect(user.shown).toEqual([expect.stringMatching(/^ftps\.sync .* b$/)]);
  });

  it('is the file whose changes, or whose merge, the Sync view opens', async () => {
    const review: SyncReview = Object.create(SyncReview.prototype);
    const opened = vi.spyOn(review, 'openChanges').mockResolvedValue();
    const merged = vi.spyOn(review, 'merge').mockResolvedValue();
    const row = (path: string): StepRow => ({ kind: 'step', group: 'conflict', path });
    const [a, b] = [row('a.txt'), row('b.txt')];
    await syncCommands(review)['ftps.syncOpen'](b, [a, b]);
    await syncCommands(review)['ftps.syncMerge'](b, [a, b]);
    expect([opened.mock.calls, merged.mock.calls]).toEqual([[['b.txt']], [['b.txt']]]);
  });

  it('is the file that opens of those that wait to be sent', async () => {
    const items = ['/here/a.txt', '/here/b.txt'].map((localFile) => ({
      job: { connection: 'site', server: 'anna@h:21', localFile, remotePath: localFile },
      state: { kind: 'waiting' } as const,
      isHeldUp: true,
      nextAttemptAt: undefined,
    }));
    const table = outboxCommands({
      deliveries: {
        items,
        find: ({ localFile }) => items.find(({ job }) => job.localFile === localFile),
        retry: unused,
        settle: unused,
        discard: unused,
      },
      connect: unused,
    });
    const [a, b] = items.map(({ job }) => job);
    await table['ftps.outboxOpen'](b, [a, b]);
    expect(user.shown).toEqual(['vscode.open file:///here/b.txt']);
  });
});
