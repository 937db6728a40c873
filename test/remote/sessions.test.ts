import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import { Sessions } from '../../src/remote/sessions.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import type { Priority } from '../../src/remote/sessionQueue.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { Site } from './support/site.ts';

const broken = new FtpsError('closed', 'transfer', 'The connection was lost.');
const look = { path: '/a.txt', operation: 'read' } as const;

/** Sessions of a site of our own, and with what priority each was borrowed. */
async function open() {
  const site = await Site.start();
  await site.seed('a.txt', 'a');
  const borrowed: (Priority | undefined)[] = [];
  const { pool } = site;
  const sessions = new Sessions({
    borrow: (priority, signal) => {
      borrowed.push(priority);
      return pool.borrow(priority, signal);
    },
    close: () => pool.close(),
  });
  return { site, sessions, borrowed, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() };
}

/** Ends the session under the first so many of those who use it. */
function breaking(times: number) {
  const seen: RemoteClient[] = [];
  const act = async (client: RemoteClient): Promise<number | undefined> => {
    seen.push(client);
    if (seen.length > times) return client.size('/a.txt');
    client.destroy();
    throw broken;
  };
  return { seen, act };
}

describe('a deed', () => {
  it('that only asks is done on another session when the first one breaks off under it', async () => {
    await using opened = await open();
    const { seen, act } = breaking(1);
    expect(await opened.sessions.use(look, act)).toBe(1);
    expect(new Set(seen).size).toBe(2);
  });

  it('is repeated once, and then its failure is told', async () => {
    await using opened = await open();
    const { seen, act } = breaking(2);
    await expect(opened.sessions.use(look, act)).rejects.toMatchObject({
      kind: 'unavailable',
      cause: broken,
    });
    expect(seen).toHaveLength(2);
  });

  it('that changes something is never done twice', async () => {
    await using opened = await open();
    const { seen, act } = breaking(1);
    const changing = opened.sessions.use({ ...look, operation: 'save', changes: true }, act);
    await expect(changing).rejects.toMatchObject({ kind: 'unavailable' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['is refused', new FtpsError('refused', 'command', 'No.')],
    ['waited in vain', new FtpsError('timeout', 'command', 'Silence.')],
    ['fails on this computer', new Error('The disk is full.')],
  ])('that %s is not repeated, even when its session is gone', async (_, error) => {
    await using opened = await open();
    let times = 0;
    const deed = opened.sessions.use(look, async (client) => {
      times++;
      client.destroy();
      throw error;
    });
    await expect(deed).rejects.toMatchObject({ cause: error });
    expect(times).toBe(1);
  });

  it('that breaks off a transfer, and not the session, is not repeated here', async () => {
    await using opened = await open();
    let times = 0;
    const deed = opened.sessions.use(look, async () => {
      times++;
      throw broken;
    });
    await expect(deed).rejects.toMatchObject({ cause: broken });
    expect(times).toBe(1);
  });

  it('waits for its session with the priority that it has', async () => {
    await using opened = await open();
    await opened.sessions.use({ ...look, priority: 'background' }, async () => {});
    await opened.sessions.use(look, async () => {});
    expect(opened.borrowed).toEqual(['background', undefined]);
  });

  it('that is cancelled does not wait for the sign of life of a session that has rested', async () => {
    const clock = new FakeClock();
    await using site = await Site.start({ clock, oddity: () => ({ noop: () => new Promise(() => {}) }) });
    const sessions = new Sessions(site.pool);
    await sessions.use(look, async () => {});
    clock.advance(60_000);
    const stop = new AbortController();
    const deed = sessions.use({ ...look, changes: true }, async () => {}, stop.signal);
    stop.abort();
    await expect(deed).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
