import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { no, type Oddity } from './support/oddServers.ts';
import { Site, type SiteOptions } from './support/site.ts';

const content = Buffer.alloc(50 * 1024 * 1024 + 7);
for (let index = 0; index < content.length; index += 4)
  content.writeUInt32LE(index, Math.min(index, content.length - 4));

async function start(options: SiteOptions = {}): Promise<Site> {
  const site = await Site.start({ segmentedTransfers: true, ...options });
  await site.seed('large.bin', content);
  await mkdir(site.outside('down'));
  return site;
}

/** Where transfers began, in bytes. */
function starts(site: Site): number[] {
  const markers = site.said().flatMap((line) => /^REST (\d+)$/.exec(line)?.[1] ?? []);
  return markers.map(Number).sort((one, other) => one - other);
}

async function expectWhole(site: Site): Promise<void> {
  expect(content.equals(await readFile(site.outside('down/large.bin')))).toBe(true);
  expect(await readdir(site.outside('down'))).toEqual(['large.bin']);
}

describe('downloading a large file in segments', () => {
  it('brings every byte, from several places at the same time, and tells progress', async () => {
    await using site = await start();
    const progress: number[] = [];
    const onProgress = (bytes: number): void => void progress.push(bytes);
    const bytes = await site.files.download('/large.bin', site.outside('down/large.bin'), { onProgress });
    expect(bytes).toBe(content.length);
    await expectWhole(site);
    expect(starts(site)).toHaveLength(2);
    expect(Math.max(...progress)).toBe(content.length);
  });

  it('does so for the large files of a folder', async () => {
    await using site = await start();
    await site.files.downloadDirectory('/', site.outside('down'));
    await expectWhole(site);
    expect(starts(site)).toHaveLength(2);
  });

  it('happens only where it is asked for', async () => {
    await using site = await start({ segmentedTransfers: false });
    await site.files.download('/large.bin', site.outside('down/large.bin'));
    await expectWhole(site);
    expect(starts(site)).toEqual([]);
  });

  it('makes do with one session', async () => {
    await using site = await start({ sessions: 1 });
    await site.files.download('/large.bin', site.outside('down/large.bin'));
    await expectWhole(site);
  });

  it.each([
    ['offers no start in the middle', { server: { hide: ['REST'] } }],
    ['tells no times, by which a changed file would be found out', { server: { hide: ['MDTM'] } }],
    ['refuses after all to start in the middle', { oddity: refusesToContinue }],
  ])('is left where the server %s', async (_, options) => {
    await using site = await start(options);
    await site.files.download('/large.bin', site.outside('down/large.bin'));
    await expectWhole(site);
  });

  it('begins anew, as a whole, when the file changes meanwhile', async () => {
    let isChanged = false;
    const oddity: Oddity = (client) => ({
      retrieve: async (path, sink, options, signal) => {
        try {
          return await client.retrieve(path, sink, options, signal);
        } finally {
          if (!isChanged) await utimes(site.local('large.bin'), 0, 1_000_000_000);
          isChanged = true;
        }
      },
    });
    await using site = await start({ oddity });
    await site.files.download('/large.bin', site.outside('down/large.bin'));
    await expectWhole(site);
    expect(site.said().filter((line) => line === 'RETR /large.bin')).toHaveLength(4);
  });

  it('leaves nothing when it is cancelled', async () => {
    await using site = await start();
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const download = site.files.download(
      '/large.bin',
      site.outside('down/large.bin'),
      { onProgress },
      controller.signal,
    );
    await expect(download).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await readdir(site.outside('down'))).toEqual([]);
  });
});

function refusesToContinue(client: RemoteClient): Partial<RemoteClient> {
  return {
    retrieve: async (path, sink, options, signal) => {
      if (options?.offset) throw no(502);
      return client.retrieve(path, sink, options, signal);
    },
  };
}
