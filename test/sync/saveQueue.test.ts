import { beforeEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../src/remote/errors.ts';
import type { SaveResult } from '../../src/remote/safeSave.ts';
import type { SaveJob } from '../../src/sync/saveJob.ts';
import { SaveQueue } from '../../src/sync/saveQueue.ts';

interface Upload {
  readonly job: SaveJob;
  readonly signal: AbortSignal;
  readonly progress: (bytes: number) => void;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;
}

let uploads: Upload[];
let told: string[];
let queue: SaveQueue;

beforeEach(() => {
  uploads = [];
  told = [];
  queue = new SaveQueue(
    (job, progress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new RemoteError('cancelled', '/', 'Cancelled.')));
        uploads.push({ job, signal, progress, succeed: () => resolve(saved(job)), fail: reject });
      }),
  );
  queue.onDidChange(({ job, state }) => {
    told.push(`${job.localFile} ${state.kind}${state.kind === 'uploading' ? ` ${state.bytes}` : ''}`);
  });
});

function saved({ remotePath }: SaveJob): SaveResult {
  const entry = {
    path: remotePath,
    name: 'a',
    type: 'file',
    size: 1,
    modifiedAt: 0,
    timeSource: 'facts',
  } as const;
  return { method: 'replaced', entry };
}

function job(localFile: string, connection = 'site'): SaveJob {
  return { connection, server: 'anna@h:21', localFile, remotePath: `/www${localFile}` };
}

function upload(number: number): Upload {
  const found = uploads[number - 1];
  if (!found) throw new Error(`Only ${uploads.length} uploads have begun.`);
  return found;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('the queue of saved files', () => {
  it('uploads a file at once, tells how far it is, and forgets it when it is done', async () => {
    const outcome = queue.upload(job('/a'));
    upload(1).progress(10);
    expect(queue.items).toEqual([{ job: job('/a'), state: { kind: 'uploading', bytes: 10 } }]);
    upload(1).succeed();
    expect(await outcome).toEqual({ kind: 'done', result: saved(job('/a')) });
    expect(told).toEqual(['/a waiting', '/a uploading 0', '/a uploading 10', '/a done']);
    expect(queue.items).toEqual([]);
  });

  it('uploads a file that is saved five times during its upload exactly once more', async () => {
    const outcomes = [1, 2, 3, 4, 5, 6].map(() => queue.upload(job('/a')));
    expect(uploads).toHaveLength(1);
    upload(1).succeed();
    await settle();
    expect(uploads).toHaveLength(2);
    upload(2).succeed();
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(Array(6).fill('done'));
    expect(uploads).toHaveLength(2);
    expect(queue.items).toEqual([]);
  });

  it('uploads different files, and one file to different servers, side by side', () => {
    void queue.upload(job('/a'));
    void queue.upload(job('/b'));
    void queue.upload(job('/a', 'other'));
    expect(uploads.map((begun) => [begun.job.connection, begun.job.localFile])).toEqual([
      ['site', '/a'],
      ['site', '/b'],
      ['other', '/a'],
    ]);
  });

  it('keeps a failure until it is tried again', async () => {
    const outcome = queue.upload(job('/a'));
    const error = new RemoteError('unavailable', '/www/a', 'Gone.', { retryable: true });
    upload(1).fail(error);
    expect(await outcome).toEqual({ kind: 'failed', error });
    expect(queue.items).toEqual([{ job: job('/a'), state: { kind: 'failed', error } }]);
    const again = queue.retry();
    upload(2).succeed();
    expect((await again).map(({ kind }) => kind)).toEqual(['done']);
    expect(queue.items).toEqual([]);
  });

  it('tries one failure again, or all of them, and nothing that did not fail', async () => {
    const failures = [queue.upload(job('/a')), queue.upload(job('/b'))];
    for (const begun of uploads) begun.fail(new Error('no'));
    await Promise.all(failures);
    void queue.upload(job('/c'));
    void queue.retry(job('/b'));
    expect(uploads.map((begun) => begun.job.localFile)).toEqual(['/a', '/b', '/c', '/b']);
    void queue.retry();
    expect(uploads.map((begun) => begun.job.localFile)).toEqual(['/a', '/b', '/c', '/b', '/a']);
  });

  it('takes a new save of a failed file for its retry', async () => {
    const failure = queue.upload(job('/a'));
    upload(1).fail(new Error('no'));
    await failure;
    const outcome = queue.upload(job('/a'));
    upload(2).succeed();
    expect((await outcome).kind).toBe('done');
    expect(queue.items).toEqual([]);
  });

  it('goes on with what waits behind a failure', async () => {
    const outcomes = [queue.upload(job('/a')), queue.upload(job('/a'))];
    upload(1).fail(new Error('no'));
    await settle();
    upload(2).succeed();
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['failed', 'done']);
    expect(queue.items).toEqual([]);
  });

  it('never has two uploads of one file under way, even when a listener saves it again', async () => {
    const outcomes = [queue.upload(job('/a')), queue.upload(job('/a'))];
    const stop = queue.onDidChange(({ state }) => {
      if (state.kind === 'done') outcomes.push(queue.upload(job('/a')));
    });
    upload(1).succeed();
    await settle();
    stop();
    expect(uploads).toHaveLength(2);
    upload(2).succeed();
    await Promise.all(outcomes);
    expect(outcomes).toHaveLength(3);
    expect(uploads).toHaveLength(2);
  });

  it('forgets a failure that is dismissed', async () => {
    const failure = queue.upload(job('/a'));
    upload(1).fail(new Error('no'));
    await failure;
    queue.dismiss(job('/a'));
    expect(queue.items).toEqual([]);
  });

  it('makes one kind of error of whatever failed', async () => {
    const outcome = queue.upload(job('/a'));
    upload(1).fail(new Error('ENOENT: no such file'));
    expect(await outcome).toMatchObject({ kind: 'failed', error: { name: 'RemoteError', path: '/www/a' } });
  });

  it('cancels what is under way when it is closed, and begins nothing new', async () => {
    const outcomes = [queue.upload(job('/a')), queue.upload(job('/a'))];
    queue.close();
    expect(upload(1).signal.aborted).toBe(true);
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['failed', 'failed']);
    expect(uploads).toHaveLength(1);
  });
});
