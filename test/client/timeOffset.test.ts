import { describe, expect, it } from 'vitest';
import type { ScriptedConnection } from '../support/scriptedServer.ts';
import { bareTraits, showSecurely } from './dialogue.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

// The watched clock stands at 2026-01-15 12:00 UTC.
const hour = 3_600_000;
const withMdtm = { features: ['MDTM'] };

async function list(connection: ScriptedConnection, ...lines: string[]): Promise<void> {
  await connection.answer('CWD /', '250 there');
  await showSecurely(connection, 'LIST -a', lines.map((line) => `${line}\r\n`).join(''));
}

function file(time: string, name: string): string {
  return `-rw-r--r--   1 ada  ada   12 ${time} ${name}`;
}

describe('the times of LIST', () => {
  it.each([
    ['20260115090012', 1 * hour],
    ['20260115180003', -8 * hour],
    ['20260115043055', 5.5 * hour],
    ['20260115100000', 0],
  ])('C-43: are known to be ahead of UTC, by MDTM of the newest file (%s)', async (told, offset) => {
    await using at = await sessionWith(
      async (connection) => {
        await list(
          connection,
          file('Jan 14 10:00', 'older'),
          file('Jan 15 10:00', 'new er'),
          file('Jan 02  2020', 'old'),
        );
        await connection.answer('MDTM new er', `213 ${told}`);
        await list(connection, file('Jan 15 10:00', 'x'));
      },
      { ...withMdtm, clock: new WatchedClock() },
    );
    // The first listing waits for no answer to MDTM.
    expect(await at.client.list('/')).not.toHaveProperty('timeOffset');
    const listing = await at.client.list('/');
    expect(listing.timeOffset).toBe(offset);
    // The entries keep the times that were listed.
    expect(listing.entries[0]?.modifiedAt).toBe(Date.UTC(2026, 0, 15, 10));
  });

  it.each(['550 no', '213 20260115093000.5', '213 20260101000000', '213 nonsense'])(
    'C-43: are not compared where that makes no sense, and not again: %s',
    async (reply) => {
      await using at = await sessionWith(
        async (connection) => {
          await list(connection, file('Jan 15 10:07', 'a'));
          await connection.answer('MDTM a', reply);
          await list(connection, file('Jan 15 10:07', 'a'));
        },
        { ...withMdtm, clock: new WatchedClock() },
      );
      expect(await at.client.list('/')).not.toHaveProperty('timeOffset');
      expect(await at.client.list('/')).not.toHaveProperty('timeOffset');
    },
  );

  it('C-43: are compared when a file with a time of day is there, and by one session for all', async () => {
    const traits = bareTraits();
    await using first = await sessionWith(
      async (connection) => {
        await list(connection, file('Jan 02  2020', 'old'), 'drwxr-xr-x 2 ada ada 4096 Jan 15 10:00 d');
        await list(connection, file('Jan 15 10:00', 'a'));
        await connection.answer('MDTM a', '213 20260115090000');
        await list(connection, file('Jan 15 10:00', 'a'));
      },
      { ...withMdtm, traits, clock: new WatchedClock() },
    );
    expect(await first.client.list('/')).not.toHaveProperty('timeOffset');
    expect(await first.client.list('/')).not.toHaveProperty('timeOffset');
    expect((await first.client.list('/')).timeOffset).toBe(hour);
    await using second = await sessionWith(
      async (connection) => {
        await list(connection, file('Jan 15 10:00', 'a'));
      },
      { ...withMdtm, traits, clock: new WatchedClock() },
    );
    expect((await second.client.list('/')).timeOffset).toBe(hour);
  });

  it('C-43: are not compared where there is no MDTM', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await list(connection, file('Jan 15 10:00', 'a'));
      },
      { features: [], clock: new WatchedClock() },
    );
    expect(await at.client.list('/')).not.toHaveProperty('timeOffset');
  });
});
