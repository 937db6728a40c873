import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import type { ServerTraits } from '../../src/client/serverTraits.ts';
import { dataListener, type DataListener, type ScriptedConnection } from '../support/scriptedServer.ts';
import { ahead, named, readsOn, sequential, welcomeAhead } from './ahead.ts';
import { failureOf, optionsFor } from './dialogue.ts';
import { authority, identity } from './identity.ts';
import { WatchedClock } from './watchedClock.ts';

/** Of a server whose listings may be ended early. */
const proven: Partial<ServerTraits> = { ...sequential, earlyListings: true };

const file = 'type=file; a\r\n';
const large = 'type=file; a long name that many files have\r\n'.repeat(400);

/** Hears MLSD and the EPSV behind it. @returns where the next data connection comes to */
async function hearList(connection: ScriptedConnection, command = 'MLSD /'): Promise<DataListener> {
  await connection.answer(command);
  await connection.answer('EPSV');
  return dataListener();
}

/** Is the server side of a data connection that is ended at the client's side with its handshake. */
async function openEnded(connection: ScriptedConnection, data: ScriptedConnection): Promise<void> {
  const ended = once(data.socket, 'end');
  connection.say('150 opening');
  await data.startTls(identity, { detachable: true });
  await ended;
}

async function showEarly(
  connection: ScriptedConnection,
  data: ScriptedConnection,
  content: string,
  next: DataListener,
): Promise<void> {
  await openEnded(connection, data);
  data.sayRaw(content);
  data.end();
  connection.say('226 done', named(next));
}

/** The same of one that is not: its end is heard only behind what is shown. */
async function showPatiently(
  connection: ScriptedConnection,
  data: ScriptedConnection,
  content: string,
  next: DataListener,
): Promise<void> {
  let hasEnded = false;
  void data.ended.then(() => (hasEnded = true));
  connection.say('150 opening');
  await data.startTls(identity);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(hasEnded).toBe(false);
  data.sayRaw(content);
  data.end();
  await data.ended;
  connection.say('226 done', named(next));
}

function listing(
  script: (connection: ScriptedConnection, data: ScriptedConnection, index: number) => Promise<void>,
  traits: Partial<ServerTraits> = proven,
  more: Parameters<typeof ahead>[1] = {},
) {
  return ahead(
    async (connection, index) => script(connection, await (await welcomeAhead(connection)).connection, index),
    { traits, ...more },
  );
}

describe('a listing of a server that reads no command while it sends', () => {
  it('C-37: has its data connection ended at this side before the data comes', async () => {
    await using at = await listing(async (connection, first) => {
      let data = Promise.resolve(first);
      for (let times = 0; times < 6; times++) {
        const next = await hearList(connection);
        await showEarly(connection, await data, file, next);
        data = next.connection;
      }
    });
    for (let times = 0; times < 6; times++) expect((await at.client.list('/')).entries).toHaveLength(1);
    // What was saved long ago pays for nothing.
    expect(at.traits.listingsSaved).toBe(3);
  });

  it.each<[string, (data: ScriptedConnection) => void]>([
    ['reset', (data) => void data.socket.resetAndDestroy()],
    ['without close_notify', (data) => data.cut()],
  ])(
    'C-38: is asked for again where it was cut (%s), and the next ones are not ended early',
    async (_, cut) => {
      await using at = await listing(async (connection, data) => {
        const second = await hearList(connection);
        await openEnded(connection, data);
        data.sayRaw(file);
        await new Promise(setImmediate);
        cut(data);
        connection.say('226 done', named(second));
        let to = second;
        for (let times = 0; times < 5; times++) {
          const next = await hearList(connection);
          await showPatiently(connection, await to.connection, times === 0 ? large : file, next);
          to = next;
        }
        const last = await to.connection;
        const next = await hearList(connection);
        await openEnded(connection, last);
        last.sayRaw(file);
        last.end();
        connection.say('226 done', named(next));
      });
      expect((await at.client.list('/')).entries).toHaveLength(400);
      // A large folder is what it was; four small ones later it is tried again.
      for (const saved of [-4, -3, -2, -1]) {
        expect(at.traits).toMatchObject({ earlyEnd: true, listingsSaved: saved });
        expect((await at.client.list('/')).entries).toHaveLength(1);
      }
      expect((await at.client.list('/')).entries).toHaveLength(1);
      expect(at.traits.listingsSaved).toBe(1);
    },
  );

  it('is ended early only once a small one that was has been the same, and is heard to its end when it is empty', async () => {
    await using at = await listing(async (connection, first) => {
      let data = Promise.resolve(first);
      for (const [content, isEarly] of [
        ['', false],
        [large, false],
        [file, false],
        [file, true],
        [file, true],
        ['', true],
        ['', false],
      ] as const) {
        const next = await hearList(connection);
        if (isEarly) await showEarly(connection, await data, content, next);
        else await showPatiently(connection, await data, content, next);
        data = next.connection;
      }
    }, sequential);
    const lengths: number[] = [];
    const proofs: unknown[] = [];
    for (let times = 0; times < 5; times++) {
      lengths.push((await at.client.list('/')).entries.length);
      proofs.push(at.traits.earlyListings);
    }
    expect(lengths).toEqual([0, 400, 1, 1, 0]);
    expect(proofs).toEqual([undefined, undefined, true, true, true]);
    expect(at.traits).toMatchObject({ earlyEnd: true, listingsSaved: 1 });
  });

  it('is what comes to its end where a server stops in good order, and calls it a success', async () => {
    await using at = await listing(async (connection, data) => {
      const second = await hearList(connection);
      await showEarly(connection, data, '', second);
      const third = await hearList(connection);
      await showPatiently(connection, await second.connection, large, third);
      const fourth = await hearList(connection);
      await showPatiently(connection, await third.connection, file, fourth);
    });
    expect((await at.client.list('/')).entries).toHaveLength(400);
    expect((await at.client.list('/')).entries).toHaveLength(1);
    expect(at.traits.earlyEnd).toBe(false);
  });

  it.each<
    [string, (connection: ScriptedConnection, data: ScriptedConnection, next: DataListener) => unknown]
  >([
    ['shows less', (connection, data, next) => showEarly(connection, data, file, next)],
    [
      'cuts it',
      async (connection, data, next) => {
        await openEnded(connection, data);
        connection.say('426 you hung up', named(next));
      },
    ],
  ])('is there, whatever becomes of the trial, where the server %s', async (_, answer) => {
    await using at = await listing(async (connection, data) => {
      const second = await hearList(connection);
      await showPatiently(connection, data, `${file}type=file; b\r\n`, second);
      const third = await hearList(connection);
      await answer(connection, await second.connection, third);
      const fourth = await hearList(connection);
      await showPatiently(connection, await third.connection, file, fourth);
    }, sequential);
    expect((await at.client.list('/')).entries).toHaveLength(2);
    expect(at.traits).toMatchObject({ earlyEnd: false, earlyListings: undefined });
    expect((await at.client.list('/')).entries).toHaveLength(1);
  });

  it('is never ended early again where even a small one was cut', async () => {
    await using at = await listing(async (connection, data) => {
      const second = await hearList(connection);
      await openEnded(connection, data);
      connection.say('426 you hung up', named(second));
      const third = await hearList(connection);
      await showPatiently(connection, await second.connection, file, third);
      const fourth = await hearList(connection);
      await showPatiently(connection, await third.connection, file, fourth);
    });
    for (let times = 0; times < 2; times++) expect((await at.client.list('/')).entries).toHaveLength(1);
    expect(at.traits.earlyEnd).toBe(false);
  });

  it('fails where it is cut both times, and nothing is remembered', async () => {
    await using at = await listing(async (connection, data) => {
      const second = await hearList(connection);
      await openEnded(connection, data);
      connection.say('451 the disk is broken', named(second));
      const third = await hearList(connection);
      connection.say('451 the disk is broken', named(third));
    });
    expect(await failureOf(at.client.list('/'))).toMatchObject({ kind: 'refused', reply: { code: 451 } });
    expect(at.traits).toMatchObject({ earlyEnd: true, listingsSaved: 0 });
  });

  it('is asked for once where there is none', async () => {
    await using at = await listing(async (connection) => {
      const second = await hearList(connection);
      connection.say('550 no such folder', named(second));
      await connection.answer('NOOP', '200 here');
    });
    expect(await failureOf(at.client.list('/'))).toMatchObject({ kind: 'refused', reply: { code: 550 } });
    await at.client.noop();
  });

  it('is there where the server is gone over the trial', async () => {
    await using at = await listing(async (connection, data) => {
      const second = await hearList(connection);
      await showPatiently(connection, data, file, second);
      await hearList(connection);
      await openEnded(connection, await second.connection);
      connection.end();
    }, sequential);
    expect((await at.client.list('/')).entries).toHaveLength(1);
    expect(at.traits.earlyEnd).toBe(false);
  });

  it('is told once where another session is at the trial', async () => {
    await using at = await ahead(
      async (connection, index) => {
        const first = await welcomeAhead(connection);
        const second = await hearList(connection);
        await showPatiently(connection, await first.connection, file, second);
        if (index === 0) {
          const third = await hearList(connection);
          await listBeside();
          await showEarly(connection, await second.connection, file, third);
        } else await connection.answer('NOOP', '200 here');
      },
      { traits: sequential },
    );
    const listBeside = async (): Promise<void> => {
      const other = await FtpsClient.connect(optionsFor(at.server, { traits: at.traits }));
      expect((await other.list('/')).entries).toHaveLength(1);
      await other.noop();
      other.destroy();
    };
    expect((await at.client.list('/')).entries).toHaveLength(1);
    expect(at.traits.earlyListings).toBe(true);
  });

  it('is not blamed for a session that is lost once it was borne', async () => {
    await using at = await listing(async (connection, data) => {
      await hearList(connection);
      await openEnded(connection, data);
      connection.end();
    }, proven);
    expect(await failureOf(at.client.list('/'))).toMatchObject({ kind: 'closed' });
    expect(at.traits.earlyEnd).toBe(true);
  });

  it('C-54: is there where the trial stands still, which is given up', async () => {
    const clock = new WatchedClock();
    await using at = await listing(
      async (connection, data) => {
        const second = await hearList(connection);
        await showPatiently(connection, data, file, second);
        await hearList(connection);
        await openEnded(connection, await second.connection);
        await clock.running('dataIdle');
        clock.pass('dataIdle');
        await clock.running('close');
        clock.pass('close');
      },
      sequential,
      { clock },
    );
    expect((await at.client.list('/')).entries).toHaveLength(1);
    expect(at.traits.earlyEnd).toBe(false);
  });

  it('C-40: that is cancelled is not asked for again', async () => {
    const abort = new AbortController();
    await using at = await listing(async (connection, data) => {
      const next = await hearList(connection);
      await openEnded(connection, data);
      abort.abort();
      await connection.answer('ABOR');
      connection.say('426 you hung up', named(next), '226 aborted');
      await connection.answer('NOOP', '200 here');
      await connection.answer('NOOP', '200 here');
    });
    expect(await failureOf(at.client.list('/', abort.signal))).toMatchObject({ kind: 'aborted' });
    await at.client.noop();
    expect(at.traits).toMatchObject({ earlyEnd: true, listingsSaved: 0 });
  });
});

describe('a listing is heard to its end', () => {
  it.each<[string, Partial<ServerTraits>, Parameters<typeof ahead>[1]]>([
    ['where the server reads commands while it sends', { ...proven, ...readsOn }, {}],
    ['C-38: where a missing close_notify says nothing', proven, { truncation: 'ignore' }],
    [
      'under TLS 1.2, where the server must drop what it has not written',
      proven,
      { tls: { ca: [authority.cert], maxVersion: 'TLSv1.2' } },
    ],
  ])('%s', async (_, traits, more) => {
    await using at = await listing(
      async (connection, data) => {
        await connection.answer('MLSD /');
        const next = await dataListener();
        if (traits.sequential) await connection.answer('EPSV');
        await showPatiently(connection, data, file, next);
      },
      traits,
      more,
    );
    expect((await at.client.list('/')).entries).toHaveLength(1);
  });
});
