import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FolderListing, ListingCache } from '../../src/remote/listingCache.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { baseName } from '../../src/remote/remotePath.ts';
import { FakeClock } from '../support/fakeClock.ts';

let clock: FakeClock;
let cache: ListingCache;
let questions: string[];

beforeEach(() => {
  clock = new FakeClock();
  cache = new ListingCache({ clock, lifetime: 30_000 });
  questions = [];
});

function entry(path: string): RemoteEntry {
  return { path, name: baseName(path), type: 'file', size: 1, modifiedAt: 0, timeSource: 'facts' };
}

function listing(folder: string, names: readonly string[], how: Partial<FolderListing> = {}): FolderListing {
  const entries = names.map((name) => entry(`${folder === '/' ? '' : folder}/${name}`));
  const byName = new Map(entries.map((each) => [each.name, each]));
  return { entries, byName, complete: true, dropped: [], showsHidden: true, ...how };
}

function load(folder: string, names: readonly string[], how?: Partial<FolderListing>, signal?: AbortSignal) {
  const ask = async () => {
    questions.push(folder);
    return listing(folder, names, how);
  };
  return cache.load(folder, ask, signal);
}

/** A question whose answer comes when the test says so. */
function slowly(folder: string) {
  let answer: (listing: FolderListing) => void = () => {};
  let asked: AbortSignal | undefined;
  const ask = (signal: AbortSignal) => {
    questions.push(folder);
    asked = signal;
    return new Promise<FolderListing>((resolve) => {
      answer = resolve;
    });
  };
  return { ask, answer: (given: FolderListing) => answer(given), isCancelled: () => asked?.aborted };
}

describe('the listing cache', () => {
  it('asks the server once and believes the answer for its lifetime', async () => {
    await load('/www', ['a']);
    clock.advance(29_999);
    await load('/www', ['a']);
    expect(questions).toEqual(['/www']);
    clock.advance(1);
    await load('/www', ['a']);
    expect(questions).toEqual(['/www', '/www']);
  });

  it('asks again where the answer is older than the caller may have it', async () => {
    await load('/www', ['a']);
    clock.advance(2000);
    await cache.load('/www', slowly('/www').ask, undefined, 2000);
    expect(questions).toEqual(['/www']);
    clock.advance(1);
    const request = slowly('/www');
    const asked = cache.load('/www', request.ask, undefined, 2000);
    request.answer(listing('/www', ['a', 'b']));
    expect((await asked).entries).toHaveLength(2);
    expect(questions).toEqual(['/www', '/www']);
  });

  it('keeps the answer to the later question, though that to the earlier one comes last', async () => {
    const [early, late] = [slowly('/www'), slowly('/www')];
    const first = cache.reload('/www', () => early.ask(new AbortController().signal));
    const second = cache.reload('/www', () => late.ask(new AbortController().signal));
    late.answer(listing('/www', ['a', 'b']));
    await second;
    early.answer(listing('/www', ['a']));
    await first;
    expect(cache.lookUp('/www/b')).toMatchObject({ path: '/www/b' });
  });

  it('lets callers at the same time share one request', async () => {
    const request = slowly('/www');
    const both = [cache.load('/www', request.ask), cache.load('/www', request.ask)];
    request.answer(listing('/www', ['a']));
    const [one, two] = await Promise.all(both);
    expect(one).toBe(two);
    expect(questions).toEqual(['/www']);
  });

  it('lets one of several callers leave, and cancels the request when the last one has left', async () => {
    const request = slowly('/www');
    const [first, second] = [new AbortController(), new AbortController()];
    const one = cache.load('/www', request.ask, first.signal);
    const two = cache.load('/www', request.ask, second.signal);
    first.abort();
    await expect(one).rejects.toMatchObject({ kind: 'cancelled' });
    expect(request.isCancelled()).toBe(false);
    second.abort();
    await expect(two).rejects.toMatchObject({ kind: 'cancelled' });
    expect(request.isCancelled()).toBe(true);
  });

  it('does not remember a failure', async () => {
    await expect(cache.load('/www', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await load('/www', ['a']);
    expect(questions).toEqual(['/www']);
  });

  it('answers for a path from the listing of its folder', async () => {
    await load('/www', ['a', 'b']);
    expect(cache.lookUp('/www/a')?.path).toBe('/www/a');
    expect(cache.lookUp('/other/a')).toBeUndefined();
  });

  it('knows that a name is missing, and everything below it', async () => {
    await load('/www', ['a']);
    expect(cache.lookUp('/www/.vscode')).toBeNull();
    expect(cache.lookUp('/www/.vscode/settings.json')).toBeNull();
  });

  it('never concludes that a name is missing from a listing that is not complete', async () => {
    await load('/www', ['a'], { complete: false });
    expect(cache.lookUp('/www/b')).toBeUndefined();
    expect(cache.lookUp('/www/a')?.name).toBe('a');
  });

  it('never concludes that a hidden name is missing where hidden names are not shown', async () => {
    await load('/www', ['a'], { showsHidden: false });
    expect(cache.lookUp('/www/.git')).toBeUndefined();
    expect(cache.lookUp('/www/b')).toBeNull();
  });

  it('remembers the answer about one path, also that there is nothing', async () => {
    await cache.remember('/www/.git', async () => undefined);
    await cache.remember('/www/a', async () => entry('/www/a'));
    expect(cache.lookUp('/www/.git')).toBeNull();
    expect(cache.lookUp('/www/a')?.name).toBe('a');
    clock.advance(30_000);
    expect(cache.lookUp('/www/.git')).toBeUndefined();
  });

  it('takes back the folder of a change and all that is below it, and nothing else', async () => {
    for (const folder of ['/', '/www', '/www/css', '/www/css/old', '/www2']) await load(folder, ['x']);
    cache.invalidate('/www/css');
    const known = ['/', '/www', '/www/css', '/www/css/old', '/www2'].filter((folder) =>
      cache.listing(folder),
    );
    expect(known).toEqual(['/', '/www2']);
  });

  it('does not keep an answer that was under way while its folder changed', async () => {
    const request = slowly('/www');
    const before = cache.load('/www', request.ask);
    cache.invalidate('/www/a');
    request.answer(listing('/www', ['a']));
    await before;
    expect(cache.listing('/www')).toBeUndefined();
  });

  it('starts a new request after a change instead of joining the one under way', async () => {
    const request = slowly('/www');
    const before = cache.load('/www', request.ask);
    cache.invalidate('/www/a');
    const after = await load('/www', ['b']);
    request.answer(listing('/www', ['a']));
    expect(after.entries.map(({ name }) => name)).toEqual(['b']);
    expect((await before).entries.map(({ name }) => name)).toEqual(['a']);
  });

  it('stays within its bounds, and forgets the oldest first', async () => {
    cache = new ListingCache({ clock, items: 2 });
    for (const folder of ['/a', '/b', '/c']) await load(folder, ['x']);
    expect(['/a', '/b', '/c'].filter((folder) => cache.listing(folder))).toEqual(['/b', '/c']);
  });

  it('stays within its bounds also where folders are large', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `file${index}`);
    cache = new ListingCache({ clock, bytes: 60_000 });
    for (const folder of ['/a', '/b', '/c']) await load(folder, names);
    expect(['/a', '/b', '/c'].filter((folder) => cache.listing(folder))).toEqual(['/b', '/c']);
  });

  it('takes a change back without reading anew each path that it knows', async () => {
    for (let number = 0; number < 100; number++) await load(`/www/${number}`, ['a']);
    const split = vi.spyOn(String.prototype, 'split');
    cache.invalidate('/www/7/a');
    const paths = split.mock.calls.length;
    split.mockRestore();
    expect(paths).toBeLessThan(10);
    expect([cache.listing('/www/7'), cache.listing('/www/8')?.entries.length]).toEqual([undefined, 1]);
  });
});
