import { rmSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { FileWatch, type FileWatchOptions } from '../../src/editor/fileWatch.ts';
import { stormText } from '../../src/editor/stormText.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import type { WatchedChange } from '../../src/sync/watchBatch.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { PairSite } from '../sync/support/pairSite.ts';
import { SitePairs } from './support/sitePairs.ts';

/** A watched folder whose changes a test tells. */
class WatchedSite implements AsyncDisposable {
  readonly at: PairSite;
  readonly pairs: SitePairs;
  readonly watch: FileWatch;
  readonly deeds: string[] = [];
  /** Folders that are watched. */
  readonly folders = new Set<string>();
  readonly #clock = new FakeClock();
  #tell: (file: string, change: WatchedChange) => void = () => undefined;

  private constructor(
    at: PairSite,
    syncs: Readonly<Record<string, unknown>>,
    ports: Partial<FileWatchOptions>,
  ) {
    this.at = at;
    this.pairs = new SitePairs(at, syncs);
    this.watch = new FileWatch({
      pairs: this.pairs,
      clock: this.#clock,
      watchFolder: (folder, tell) => {
        this.#tell = tell;
        this.folders.add(folder);
        return { dispose: () => this.folders.delete(folder) };
      },
      isTrusted: () => true,
      deletions: {
        carry: async (files) => {
          if (files.length > 0) this.deeds.push(`delete ${files.map((file) => this.#name(file)).join(', ')}`);
        },
      },
      send: async ({ remotePath, connection }) => {
        this.deeds.push(`send ${remotePath} ${connection}`);
        return { kind: 'done', result: undefined };
      },
      isSavedHere: () => false,
      ask: async (counts) => {
        this.deeds.push(stormText(counts));
        return 'upload';
      },
      review: async () => void this.deeds.push('review'),
      onProblem: (error) => this.deeds.push(String(error)),
      ...ports,
    });
  }

  static async start(sync: unknown, ports: Partial<FileWatchOptions> = {}): Promise<WatchedSite> {
    return WatchedSite.mapped({ site: sync }, ports);
  }

  /** @param syncs what each connection says of the folders, by its name */
  static async mapped(
    syncs: Readonly<Record<string, unknown>>,
    ports: Partial<FileWatchOptions> = {},
  ): Promise<WatchedSite> {
    return new WatchedSite(await PairSite.start(), syncs, ports);
  }

  /** Tells of these, as a watcher would, and lets them settle. */
  changed(...names: readonly string[]): void {
    for (const name of names) this.#tell(join(this.at.local, name), 'changed');
    this.#clock.advance(750);
  }

  #name(file: string): string {
    return file.slice(this.at.local.length + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.watch.dispose();
    await this.pairs[Symbol.asyncDispose]();
    await this.at[Symbol.asyncDispose]();
  }
}

const everything = { remote: '/', watch: true };

describe('a folder that is watched', () => {
  it('has what changes in it uploaded, but for what is ignored, in step, or saved by the editor', async () => {
    const saved: unknown[] = [];
    await using site = await WatchedSite.start(
      { ...everything, ignore: ['*.log'] },
      { isSavedHere: (file, ...version) => file.endsWith('saved.txt') && saved.push(version) > 0 },
    );
    await site.at.putLocal('same.txt', 'in step');
    await site.at.run();
    for (const name of ['built.txt', 'a.log', 'saved.txt']) await site.at.putLocal(name, name);
    site.changed('a.log', 'same.txt', 'saved.txt', 'built.txt');
    await expect.poll(() => site.deeds).toEqual(['send /built.txt site']);
    const { mtimeMs, size } = await stat(join(site.at.local, 'saved.txt'));
    expect(saved).toEqual([[mtimeMs, size]]);
  });

  it('has only those files uploaded that the mapping names', async () => {
    await using site = await WatchedSite.start({ remote: '/', watch: ['dist/**', '!*.map'] });
    const names = ['src/a.ts', 'dist/a.js.map', 'dist/deep/a.js'];
    for (const name of names) await site.at.putLocal(name, name);
    site.changed(...names);
    await expect.poll(() => site.deeds).toEqual(['send /dist/deep/a.js site']);
  });

  it('has all that is in a folder uploaded that was moved there', async () => {
    await using site = await WatchedSite.start({ ...everything, ignore: ['cache/'] });
    for (const name of ['new/a.txt', 'new/deep/b.txt', 'new/cache/c.txt']) await site.at.putLocal(name, name);
    site.changed('new');
    await expect
      .poll(() => site.deeds.toSorted())
      .toEqual(['send /new/a.txt site', 'send /new/deep/b.txt site']);
  });

  it('has all else uploaded when a folder goes while it is looked at, or cannot be read', async () => {
    await using site = await WatchedSite.start(everything);
    const folder = join(site.at.local, 'temporary');
    await mkdir(folder);
    await site.at.putLocal('built.txt', 'built');
    const pairs = site.pairs;
    vi.spyOn(pairs, 'of').mockImplementationOnce((file) => {
      rmSync(folder, { recursive: true });
      return SitePairs.prototype.of.call(pairs, file);
    });
    site.changed('temporary', 'built.txt');
    await expect.poll(() => site.deeds).toEqual(['send /built.txt site']);
    vi.spyOn(pairs, 'meant').mockImplementationOnce(() => {
      throw new Error('EACCES: permission denied');
    });
    await site.at.putLocal('a.txt', 'not read');
    site.changed('a.txt', 'built.txt');
    await expect
      .poll(() => site.deeds.slice(1))
      .toEqual(['Error: EACCES: permission denied', 'send /built.txt site']);
  });

  it('leaves on the server what is deleted here, unless the mapping says otherwise', async () => {
    for (const [mapping, deeds] of [
      [everything, ['send /last.txt site']],
      [{ ...everything, deleteOnServer: true }, ['send /last.txt site', 'delete gone.txt']],
      [{ ...everything, watch: ['last.txt'], deleteOnServer: true }, ['send /last.txt site']],
    ] as const) {
      await using site = await WatchedSite.start(mapping);
      await site.at.putLocal('last.txt', 'last');
      site.changed('gone.txt', 'last.txt');
      await expect.poll(() => site.deeds).toEqual(deeds);
    }
  });

  it('leaves on the server what a mapping has there of a whole folder that is gone, and goes on', async () => {
    const mapping = { ...everything, deleteOnServer: true };
    for (const watch of [true, ['dist/**']]) {
      const inner = { ...mapping, local: 'inner', remote: '/inner', watch };
      await using site = await WatchedSite.start([mapping, inner]);
      await site.at.putLocal('last.txt', 'last');
      site.changed('inner', 'last.txt');
      await expect.poll(() => site.deeds).toEqual(['send /last.txt site']);
    }
  });

  it('has what is deleted at once counted together', async () => {
    await using site = await WatchedSite.start({ ...everything, deleteOnServer: true });
    site.changed('css', 'img', 'a.txt');
    await expect.poll(() => site.deeds).toEqual(['delete css, img, a.txt']);
  });

  it('is told of no deletion that the active connection ignores', async () => {
    const mapping = { ...everything, deleteOnServer: true };
    const syncs = { staging: { ...mapping, ignore: ['*.map'] }, production: mapping };
    await using site = await WatchedSite.mapped(syncs);
    await site.pairs.active.choose('staging');
    site.changed('a.map', 'a.js');
    await expect.poll(() => site.deeds).toEqual(['delete a.js']);
  });

  it('keeps the old name of a renamed file on the server while the new one has not arrived', async () => {
    const error = new RemoteError('unavailable', '/new.txt', 'away');
    const sent: string[] = [];
    await using site = await WatchedSite.start(
      { ...everything, deleteOnServer: true },
      {
        send: async ({ remotePath }) => {
          sent.push(remotePath);
          return remotePath === '/new.txt' ? { kind: 'failed', error } : { kind: 'done', result: undefined };
        },
      },
    );
    await site.at.putLocal('old.txt', 'kept');
    await rename(join(site.at.local, 'old.txt'), join(site.at.local, 'new.txt'));
    site.changed('old.txt', 'new.txt');
    await site.at.putLocal('next.txt', 'next');
    await expect.poll(() => sent).toEqual(['/new.txt']);
    site.changed('also-gone.txt', 'next.txt');
    await expect.poll(() => site.deeds).toEqual(['delete also-gone.txt']);
  });

  it('turns a checkout into one question that says what is deleted, and deletes nothing unseen', async () => {
    await using site = await WatchedSite.start({ ...everything, deleteOnServer: true });
    const changed = Array.from({ length: 15 }, (_, file) => `c${file}.txt`);
    const gone = Array.from({ length: 10 }, (_, file) => `g${file}.txt`);
    for (const name of changed) await site.at.putLocal(name, name);
    site.changed(...changed, ...gone);
    await expect.poll(() => site.deeds).toHaveLength(16);
    expect(site.deeds[0]).toBe(
      '15 files changed outside the editor; 10 files and folders were deleted outside the editor, and left on the server. Upload what has changed to ftp.example.com in /?',
    );
    await rm(join(site.at.local, 'c0.txt'));
    site.changed('c0.txt');
    await expect.poll(() => site.deeds.slice(16)).toEqual(['delete c0.txt']);
  });

  it('is watched as long as a mapping says so in a workspace that is trusted', async () => {
    let isTrusted = false;
    await using site = await WatchedSite.start(everything, { isTrusted: () => isTrusted });
    expect([...site.folders]).toEqual([]);
    isTrusted = true;
    site.watch.refresh();
    site.watch.refresh();
    expect([...site.folders]).toEqual([site.at.local]);
    isTrusted = false;
    site.watch.refresh();
    expect([...site.folders]).toEqual([]);
  });
});

describe('what was renamed', () => {
  it('is all that is in a folder, once, watched or not, but for what is ignored', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, {
      site: { remote: '/', ignore: ['*.log'] },
      staging: { remote: '/staging', ignore: ['*.log'], watch: true },
    });
    await pairs.active.choose('site');
    await using site = await WatchedSite.start(everything, { pairs });
    for (const name of ['new/a.txt', 'new/deep/b.txt', 'new/c.log']) await at.putLocal(name, name);
    const jobs = await site.watch.jobsIn(join(at.local, 'new'));
    expect(jobs.map(({ remotePath }) => remotePath).toSorted()).toEqual(['/new/a.txt', '/new/deep/b.txt']);
    const [job] = await site.watch.jobsIn(join(at.local, 'new', 'a.txt'));
    expect(job).toMatchObject({ connection: 'site', remotePath: '/new/a.txt' });
  });
});

describe('the question about many changes', () => {
  it.each([
    [
      { changed: 30, places: 'h in /www', deleted: 0 },
      '30 files changed outside the editor. Upload what has changed to h in /www?',
    ],
    [
      { changed: 0, places: '', deleted: 21 },
      '21 files and folders were deleted outside the editor, and left on the server.',
    ],
    [
      { changed: 1, places: 'h in /www', deleted: 20 },
      '1 file changed outside the editor; 20 files and folders were deleted outside the editor, and left on the server. Upload what has changed to h in /www?',
    ],
  ])('says of %j what it is', (counts, text) => {
    expect(stormText(counts)).toBe(text);
  });
});
