import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { Journal } from '../../src/sync/journal.ts';
import { bothWays, PairSite } from './support/pairSite.ts';

let folder: string;
let handles: FileHandle;
let looks: MockInstance<FileHandle['stat']>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-open-'));
  const handle = await open(folder);
  await handle.close();
  handles = Object.getPrototypeOf(handle);
  looks = vi.spyOn(handles, 'stat');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** What a file says of itself once it is closed. */
const closed = -1;

function descriptorOf(handle: unknown): number {
  const isFile = typeof handle === 'object' && handle !== null && 'fd' in handle;
  return isFile && typeof handle.fd === 'number' ? handle.fd : closed;
}

/** Files that were looked at, and that were not closed since. */
function left(): readonly number[] {
  return looks.mock.contexts.map(descriptorOf).filter((descriptor) => descriptor !== closed);
}

describe('what the sync has open', () => {
  it('is closed, and holds all, when it was replaced while it was read and written', async () => {
    const file = join(folder, 'journal.jsonl');
    const { journal } = await Journal.open(file);
    const { journal: other } = await Journal.open(file);
    const appended: unknown[] = [];
    for (let round = 0; round < 30; round++) {
      await other.news(() => undefined);
      await other.rewrite(appended);
      const reading = journal.news(() => undefined);
      for (let tick = 0; tick < round; tick++) await Promise.resolve();
      appended.push(round);
      await Promise.all([journal.append(round), reading]);
    }
    await Promise.all([journal.close(), other.close()]);
    const { journal: after, records } = await Journal.open(file);
    await after.close();
    expect([...new Set(records)]).toEqual(appended);
    expect(left()).toEqual([]);
  });

  it('is closed when it cannot be read', async () => {
    vi.spyOn(handles, 'read').mockRejectedValueOnce(new Error('EIO'));
    await expect(Journal.open(join(folder, 'journal.jsonl'))).rejects.toThrow('EIO');
    expect(left()).toEqual([]);
  });

  it('is used again when it could not be read once, and is closed in the end', async () => {
    await using at = await PairSite.start();
    await at.putLocal('a.txt', 'new');
    const sync = at.sync();
    await sync.review(bothWays);
    vi.spyOn(handles, 'read').mockRejectedValueOnce(new Error('EIO'));
    await expect(sync.review(bothWays)).rejects.toThrow('EIO');
    expect((await sync.review(bothWays)).steps).toHaveLength(1);
    await sync[Symbol.asyncDispose]();
    expect(left()).toEqual([]);
  });
});
