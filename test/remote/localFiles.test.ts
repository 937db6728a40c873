import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { readRemoteFile } from '../../src/remote/localFiles.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { Site } from './support/site.ts';

const mebibyte = 1024 * 1024;

/** Sends until nobody listens, and counts what was taken. */
function endlessFile(): Pick<RemoteClient, 'retrieve'> & { taken: number } {
  const chunk = new Uint8Array(mebibyte);
  return {
    taken: 0,
    async retrieve(_path, sink) {
      const endless = new Readable({
        read: () => {
          this.taken += chunk.length;
          endless.push(chunk);
        },
      });
      await pipeline(endless, sink);
      return this.taken;
    },
  };
}

describe('a file that never ends', () => {
  it.each([
    ['no size', {}, 256],
    ['a size of 10 bytes', { expectedSize: 10 }, 256],
    ['a size of 314572800 bytes', { expectedSize: 300 * mebibyte }, 364],
  ])('is not taken into memory beyond what %s lets expect', async (told, options, most) => {
    const file = endlessFile();
    await using site = await Site.start({
      oddity: () => ({ retrieve: (path, sink) => file.retrieve(path, sink), size: async () => undefined }),
    });
    await using session = await site.pool.borrow();
    await expect(readRemoteFile(session.client, '/log', options)).rejects.toMatchObject({
      kind: 'failed',
      message: `Cannot read /log. The server told ${told}, and sent more than ${most} MiB. Download it instead.`,
    });
    expect(file.taken).toBeLessThan((most + 4) * mebibyte);
  });

  it('may have grown since its size was told', async () => {
    await using site = await Site.start();
    await site.seed('log', 'x'.repeat(1000));
    await using session = await site.pool.borrow();
    expect((await readRemoteFile(session.client, '/log', { expectedSize: 10 })).length).toBe(1000);
  });
});
