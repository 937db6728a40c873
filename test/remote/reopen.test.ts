import { utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { both, describesLinksAsFiles, tellsLinksByList } from './support/oddServers.ts';
import { anyway, bytesOf, Site } from './support/site.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What VS Code does when a file is opened. */
async function open(site: Site, path: string): Promise<string> {
  await site.files.stat(path, { fresh: true });
  return text(await site.files.readFile(path));
}

async function seedOld(site: Site, name: string, content: string, time = Date.UTC(2025, 5, 4, 3, 2, 1)) {
  await site.seed(name, content);
  await utimes(site.local(name), new Date(time), new Date(time));
}

function verbs(site: Site): string[] {
  return site.said().map((line) => line.split(' ')[0] ?? '');
}

describe('opening a file again', () => {
  it.each([
    ['MLST', [], ['MLST']],
    ['SIZE and MDTM', ['MLST'], ['SIZE', 'MDTM', 'CWD']],
  ])('costs one question by %s, in one flight, where it has not changed', async (_, hide, question) => {
    await using site = await Site.start({ clock: new FakeClock(), server: { hide } });
    await seedOld(site, 'page.html', 'the page');
    expect(await open(site, '/page.html')).toBe('the page');
    site.said();
    expect(await open(site, '/page.html')).toBe('the page');
    expect(site.flights()).toEqual([question.map((verb) => `${verb} /page.html`)]);
    site.said();
    expect(text(await site.files.readFile('/page.html'))).toBe('the page');
  });

  it('asks for itself when the last answer is some seconds old', async () => {
    const clock = new FakeClock();
    await using site = await Site.start({ clock });
    await seedOld(site, 'page.html', 'the page');
    await open(site, '/page.html');
    clock.advance(2001);
    site.said();
    expect(text(await site.files.readFile('/page.html'))).toBe('the page');
    expect(verbs(site)).toEqual(['MLST']);
  });

  it('brings what has changed on the server, also when the size is the same', async () => {
    await using site = await Site.start({ clock: new FakeClock() });
    await seedOld(site, 'page.html', 'the page');
    await open(site, '/page.html');
    await seedOld(site, 'page.html', 'new page', Date.UTC(2025, 5, 4, 3, 2, 2));
    expect(await open(site, '/page.html')).toBe('new page');
    expect(await open(site, '/page.html')).toBe('new page');
  });

  it('says that the file is gone, whatever was known of it', async () => {
    const clock = new FakeClock();
    await using site = await Site.start({ clock });
    await seedOld(site, 'page.html', 'the page');
    await open(site, '/page.html');
    await site.files.delete('/page.html', { recursive: false });
    await expect(site.files.readFile('/page.html')).rejects.toMatchObject({ kind: 'notFound' });
  });

  it.each<[string, (site: Site) => Promise<unknown> | void]>([
    ['saves it', (site) => site.files.writeFile('/www/page.html', bytesOf('the page'), anyway)],
    ['refreshes its folder', (site) => site.files.refresh('/www')],
    ['renames its folder', (site) => site.files.rename('/www', '/old', { overwrite: false })],
  ])('transfers it anew after the user %s', async (_, act) => {
    await using site = await Site.start({ clock: new FakeClock() });
    await seedOld(site, 'www/page.html', 'the page');
    await open(site, '/www/page.html');
    await act(site);
    const folder = (await site.names()).at(0);
    await seedOld(site, `${folder}/page.html`, 'the page');
    site.said();
    expect(await open(site, `/${folder}/page.html`)).toBe('the page');
    expect(verbs(site)).toContain('RETR');
  });

  it('follows a link each time, for the target may have changed', async () => {
    const oddity = both(describesLinksAsFiles, tellsLinksByList);
    await using site = await Site.start({ clock: new FakeClock(), oddity });
    await seedOld(site, 'v1', '0123');
    await site.seedLink('current', 'v1');
    expect(await open(site, '/current')).toBe('0123');
    await seedOld(site, 'v1', '4567');
    expect(await open(site, '/current')).toBe('4567');
  });

  it('keeps nothing of a file that has just been changed, and everything of it once its time is past', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 15, 12, 0, 7));
    await using site = await Site.start({ clock });
    await seedOld(site, 'page.html', 'page one', clock.now() + 400);
    await open(site, '/page.html');
    await seedOld(site, 'page.html', 'page two', clock.now() + 600);
    expect(await open(site, '/page.html')).toBe('page two');
    clock.advance(3000);
    await open(site, '/page.html');
    site.said();
    expect(await open(site, '/page.html')).toBe('page two');
    expect(verbs(site)).not.toContain('RETR');
  });
});

describe('reading a file', () => {
  it('says nothing but RETR where its size was told just before', async () => {
    await using site = await Site.start();
    await site.seed('page.html', 'the page');
    await site.files.stat('/page.html', { fresh: true });
    site.said();
    await site.files.readFile('/page.html');
    expect(verbs(site).filter((verb) => verb !== 'EPSV' && verb !== 'NOOP')).toEqual(['RETR']);
  });

  it('C-38: is refused where less arrives than the server says it has, told before and asked again', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      stat: async (path) => {
        const entry = await client.stat(path);
        return entry && { ...entry, size: 1000 };
      },
      size: async () => 1000,
    });
    await using site = await Site.start({ oddity });
    await site.seed('page.html', 'short');
    await expect(open(site, '/page.html')).rejects.toThrow('Of 1000 bytes only 5 arrived');
  });

  it('brings a file that grew since its size was told', async () => {
    await using site = await Site.start();
    await site.seed('log.txt', 'one');
    await site.files.stat('/log.txt', { fresh: true });
    await site.seed('log.txt', 'one and two');
    expect(text(await site.files.readFile('/log.txt'))).toBe('one and two');
  });

  it('is one transfer for all who ask at the same time, and one question for all who look', async () => {
    await using site = await Site.start();
    await site.seed('page.html', 'the page');
    await site.files.connect();
    site.said();
    const looks = [1, 2, 3].map(() => site.files.stat('/page.html', { fresh: true }));
    expect(new Set(await Promise.all(looks)).size).toBe(1);
    expect(verbs(site)).toEqual(['MLST']);
    const reads = await Promise.all([1, 2, 3].map(() => site.files.readFile('/page.html')));
    expect(reads.map(text)).toEqual(['the page', 'the page', 'the page']);
    expect(verbs(site).filter((verb) => verb === 'RETR')).toHaveLength(1);
  });

  it('that began before a save is not what comes after it', async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reads = 0;
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      retrieve: async (path, sink, options, signal) => {
        const isFirst = reads++ === 0;
        const bytes = await client.retrieve(path, sink, options, signal);
        if (isFirst) await released;
        return bytes;
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('page.html', 'old');
    const before = site.files.readFile('/page.html');
    await site.files.writeFile('/page.html', bytesOf('new'), anyway);
    expect(text(await site.files.readFile('/page.html'))).toBe('new');
    release();
    await before;
  });
});
