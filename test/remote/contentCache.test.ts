import { beforeEach, describe, expect, it } from 'vitest';
import { ContentCache } from '../../src/remote/contentCache.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { baseName } from '../../src/remote/remotePath.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { bytesOf } from './support/site.ts';

const hour = 3_600_000;

let clock: FakeClock;
let cache: ContentCache;

beforeEach(() => {
  clock = new FakeClock();
  cache = new ContentCache({ clock });
});

/** A file whose time is so many milliseconds before the present, and seven seconds past a minute. */
function file(path: string, age: number, facts: Partial<RemoteEntry> = {}): RemoteEntry {
  const modifiedAt = Math.floor((clock.now() - age) / 60_000) * 60_000 + 7000;
  return { path, name: baseName(path), type: 'file', size: 3, modifiedAt, timeSource: 'facts', ...facts };
}

const old = (path: string, facts?: Partial<RemoteEntry>): RemoteEntry => file(path, 48 * hour, facts);

function keepNow(entry: RemoteEntry, text = 'old'): void {
  cache.keep(entry, bytesOf(text), clock.now());
}

function known(entry: RemoteEntry): string | undefined {
  const bytes = cache.match(entry);
  return bytes && new TextDecoder().decode(bytes);
}

/** Which of the files are kept, asked in this order. */
function kept(...entries: RemoteEntry[]): string[] {
  return entries.filter((entry) => known(entry) !== undefined).map(({ path }) => path);
}

describe('the content of a file', () => {
  it('is known as long as the server tells the same of it', () => {
    const entry = old('/a');
    keepNow(entry);
    clock.advance(24 * hour);
    expect(known(entry)).toBe('old');
    expect(known(entry)).toBe('old');
  });

  it.each([
    ['size', { size: 4 }],
    ['time', { modifiedAt: 1 }],
    ['permissions', { mode: 0o600 }],
    ['owner', { owner: 'anna' }],
    ['identity', { unique: 'fe00g2' }],
  ] satisfies [string, Partial<RemoteEntry>][])('is not known any more once its %s differs', (_, change) => {
    const entry = old('/a', { mode: 0o644, owner: 'root', unique: 'fe00g1' });
    keepNow(entry);
    expect(known({ ...entry, ...change })).toBeUndefined();
    expect(known(entry)).toBeUndefined();
  });

  it.each([
    ['tells no time', { modifiedAt: 0 }],
    ['tells its time by LIST, which has no seconds', { timeSource: 'list' }],
    ['may have told of a link', { type: 'link' }],
    ['does not say what it is', { type: 'unknown' }],
  ] satisfies [string, Partial<RemoteEntry>][])('is not kept where the server %s', (_, facts) => {
    const entry = old('/a', facts);
    keepNow(entry);
    expect(known(entry)).toBeUndefined();
  });

  it('is nobody else’s to change', () => {
    const entry = old('/a');
    const content = bytesOf('old');
    cache.keep(entry, content, clock.now());
    content[0] = 0;
    cache.match(entry)?.fill(0);
    expect(known(entry)).toBe('old');
  });

  it('is forgotten with its folder', () => {
    for (const path of ['/www/a', '/www/css/b', '/www2']) keepNow(old(path));
    cache.drop('/www');
    expect(kept(old('/www/a'), old('/www/css/b'), old('/www2'))).toEqual(['/www2']);
  });

  it('stays within its bounds, and goes first where it was not used for the longest time', () => {
    cache = new ContentCache({ clock, bytes: 9, fileBytes: 4 });
    for (const path of ['/a', '/b', '/c']) keepNow(old(path));
    known(old('/a'));
    keepNow(old('/d'));
    keepNow(old('/large'), 'large');
    expect(kept(...['/a', '/b', '/c', '/d', '/large'].map((path) => old(path)))).toEqual(['/a', '/c', '/d']);
    keepNow(old('/d'), 'more');
    expect(kept(...['/a', '/c', '/d'].map((path) => old(path)))).toEqual(['/c', '/d']);
  });
});

describe('the content of a file that may have changed within the tick of its time', () => {
  it('is not kept, for a change right after it was read would not show', () => {
    const entry = file('/a', 0);
    cache.see(entry);
    keepNow(entry);
    expect(kept(entry)).toEqual([]);
  });

  it('is not kept where only a clock far off makes it look old', () => {
    const [recent, settled] = [file('/a', 25 * hour), file('/b', 27 * hour)];
    for (const entry of [recent, settled]) keepNow(entry);
    expect(kept(recent, settled)).toEqual(['/b']);
  });

  it('is kept once the same version was seen three seconds ago', () => {
    const entry = file('/a', 0);
    cache.see(entry);
    clock.advance(2999);
    cache.see(entry);
    keepNow(entry);
    expect(kept(entry)).toEqual([]);
    clock.advance(1);
    keepNow(entry);
    expect(kept(entry)).toEqual(['/a']);
  });

  it('is not kept by the sight of another version', () => {
    cache.see(file('/a', 60_000));
    clock.advance(5000);
    const entry = file('/a', 0);
    cache.see(entry);
    keepNow(entry);
    expect(kept(entry)).toEqual([]);
  });

  it('is not kept when it was read before the tick had passed, although that has passed since', () => {
    const entry = file('/a', 0);
    cache.see(entry);
    const readAt = clock.now();
    clock.advance(10_000);
    cache.keep(entry, bytesOf('old'), readAt);
    expect(kept(entry)).toEqual([]);
  });

  it('waits for a minute where the time has no seconds', () => {
    const entry = file('/a', 0, { modifiedAt: Math.floor(clock.now() / 60_000) * 60_000 });
    cache.see(entry);
    clock.advance(60_000);
    keepNow(entry);
    expect(kept(entry)).toEqual([]);
    clock.advance(1000);
    keepNow(entry);
    expect(kept(entry)).toEqual(['/a']);
  });

  it('is kept by the server’s own clock, once that was seen to write', () => {
    const serverNow = clock.now() + 5 * hour;
    cache.seeWritten(file('/saved', 0, { modifiedAt: serverNow }));
    const fresh = file('/fresh', 0, { modifiedAt: serverNow - 2999 });
    const settled = file('/settled', 0, { modifiedAt: serverNow - 3001 });
    for (const entry of [fresh, settled]) keepNow(entry);
    cache.seeWritten(file('/saved', 0, { modifiedAt: clock.now() - 72 * hour + 1 }));
    keepNow(old('/ahead'));
    expect(kept(fresh, settled, old('/ahead'))).toEqual(['/settled']);
  });
});
