import { describe, expect, it } from 'vitest';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { timeInUtc } from '../../src/remote/remoteEntry.ts';
import { Site } from './support/site.ts';

const hour = 3_600_000;
const time = Date.UTC(2026, 4, 6, 7, 8);

/** A server whose zone is two hours ahead of UTC, known or not. */
const elsewhere =
  (timeOffset: number | undefined) =>
  (client: RemoteClient): Partial<RemoteClient> => ({
    list: async (path, signal) => {
      const { source, dropped, entries } = await client.list(path, signal);
      const dated = entries.map((entry) => ({ ...entry, modifiedAt: time }));
      return { source, dropped, entries: dated, ...(timeOffset === undefined ? {} : { timeOffset }) };
    },
  });

async function listed(timeOffset: number | undefined, hide: readonly string[]) {
  await using site = await Site.start({ server: { hide }, oddity: elsewhere(timeOffset) });
  await site.seed('a.txt');
  return await site.files.stat('/a.txt');
}

describe('the time of a file', () => {
  it('is shown in UTC where the zone of LIST is known, and stays as listed for comparing versions', async () => {
    const entry = await listed(2 * hour, ['MLST']);
    expect(entry.modifiedAt).toBe(time);
    expect(timeInUtc(entry)).toBe(time - 2 * hour);
  });

  it('is shown as listed where the zone is not known', async () => {
    expect(timeInUtc(await listed(undefined, ['MLST']))).toBe(time);
  });

  it('is that of MLSD, which is in UTC, whatever is known of LIST', async () => {
    expect(timeInUtc(await listed(2 * hour, []))).toBe(time);
  });

  it('stays unknown where it is', async () => {
    expect(timeInUtc({ ...(await listed(2 * hour, ['MLST'])), modifiedAt: 0 })).toBe(0);
  });
});
