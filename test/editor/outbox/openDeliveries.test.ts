import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotConnected } from '../../../src/editor/notConnected.ts';
import { openDeliveries } from '../../../src/editor/outbox/openDeliveries.ts';
import { FolderSync } from '../../../src/sync/folderSync.ts';
import { failureReason } from '../../../src/sync/saveFailure.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { profileOf } from '../support/connectionHarness.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-desk-'));
});
afterEach(() => rm(folder, { recursive: true }));

const job = {
  connection: 'site',
  server: 'me@ftp.example.com:21',
  localFile: '/here/a.php',
  remotePath: '/www/a.php',
};

/** What becomes of the file while the connection is as given. */
async function outcomeWith(
  profile: ReturnType<typeof profileOf>,
  fails = new Error('unexpected'),
  apart: readonly string[] = [],
) {
  const sync = new FolderSync({
    pair: { host: 'h', port: 21, user: 'u', remoteFolder: '/', localFolder: folder },
    files: { ...notToBeUsed },
    ignore: [],
    storage: folder,
    now: () => 0,
    snapshotLimit: 0,
    compareLimit: 0,
  });
  sync.save = () => Promise.reject(fails);
  const [mapping] = profile.sync;
  const pairs = mapping
    ? [{ pair: { profile, mapping, localFolder: '/here', workspaceFolder: '/here', apart }, path: 'a.php' }]
    : [];
  await using deliveries = await openDeliveries({
    pairs: { of: () => pairs, sync: () => sync },
    folder,
    clock: new FakeClock(),
    onProblem: (error) => {
      throw error;
    },
  });
  const outcome = await deliveries.send(job);
  if (outcome.kind !== 'failed') throw new Error('It cannot have arrived.');
  return { reason: failureReason(outcome.error), message: outcome.error.message };
}

const unused = (): never => {
  throw new Error('Nobody is to talk to the server.');
};
const notToBeUsed = {
  stat: unused,
  upload: unused,
  download: unused,
  delete: unused,
  createDirectory: unused,
  hash: unused,
  crawl: unused,
};

const mapped = { sync: { remote: '/www' } };
const notMapped =
  'The settings no longer map /here/a.php to /www/a.php on "site" (me@ftp.example.com:21), so it is not sent.';

describe('a file in the outbox', () => {
  it('waits for the connection that the user has ended', async () => {
    const { reason } = await outcomeWith(profileOf(mapped), new NotConnected('site'));
    expect(reason).toBe('away');
  });

  it.each([
    ['its connection leads to another server now (branch switched)', { ...mapped, host: 'live.example.com' }],
    ['its folder belongs elsewhere now', { sync: { remote: '/live' } }],
    ['its folder is not mapped any more', {}],
  ])('is not sent when %s', async (_why, value) => {
    const { reason, message } = await outcomeWith(profileOf(value));
    expect(reason).toBe('refused');
    expect(message).toBe(notMapped);
  });

  it('is not sent when another mapping covers its place by now', async () => {
    const { reason, message } = await outcomeWith(profileOf(mapped), undefined, ['a.php']);
    expect(reason).toBe('refused');
    expect(message).toBe(notMapped);
  });
});
