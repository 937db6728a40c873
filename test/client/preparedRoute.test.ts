import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { dataListener, type ScriptedConnection } from '../support/scriptedServer.ts';
import { ahead, enterAhead, named, readsOn, show, welcomeAhead } from './ahead.ts';
import { failureOf, fetchText, KeptLog, offerPort, openData, showSecurely, welcome } from './dialogue.ts';
import { identity } from './identity.ts';
import { WatchedClock } from './watchedClock.ts';

/** Hears a whole download, from EPSV on. */
async function serveAnew(connection: ScriptedConnection): Promise<void> {
  const data = await (await offerPort(connection)).connection;
  await connection.answer('RETR /a');
  await show(connection, data, 'here');
}

describe('a data connection that is prepared', () => {
  it('is asked for with the login, and the transfer finds it open', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await show(connection, data, 'here');
      },
      { traits: readsOn },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(at.client.report().dataConnections).toBe(1);
  });

  it('is asked for again when the transfer is over, and once at rest', async () => {
    await using at = await ahead(
      async (connection) => {
        let listener = await welcomeAhead(connection);
        for (const content of ['one', 'two', 'three']) {
          const data = await listener.connection;
          await connection.answer('RETR /a');
          await show(connection, data, content);
          listener = await offerPort(connection);
        }
        await listener.connection;
        await connection.answer('NOOP', '200 here');
      },
      { traits: readsOn },
    );
    for (const content of ['one', 'two', 'three']) expect(await fetchText(at.client)).toBe(content);
    await at.client.noop();
    expect(at.client.isOpen).toBe(true);
  });

  it.each(['425 none left', '500 what', '550 not now', '229 nonsense'])(
    'is not needed: a transfer asks by itself where the server says %s',
    async (refusal) => {
      await using at = await ahead(
        async (connection) => {
          await enterAhead(connection, refusal);
          await serveAnew(connection);
        },
        { traits: readsOn },
      );
      expect(await fetchText(at.client)).toBe('here');
    },
  );

  it.each<[string, (data: ScriptedConnection) => void]>([
    ['closed', (data) => data.cut()],
    ['reset', (data) => void data.socket.resetAndDestroy()],
  ])('is not used when it was %s by the server meanwhile', async (_, spoil) => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        spoil(data);
        await data.ended;
        await connection.answer('NOOP', '200 here');
        await serveAnew(connection);
      },
      { traits: readsOn },
    );
    await at.client.noop();
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits).toMatchObject({ preparedBearable: true, stepByStep: false });
  });

  it('is not used when the server has spoken on it too early', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        data.sayRaw('too early');
        for (let times = 0; times < 3; times += 1) await connection.answer('NOOP', '200 here');
        await serveAnew(connection);
        await data.ended;
      },
      { traits: readsOn },
    );
    for (let times = 0; times < 3; times += 1) await at.client.noop();
    expect(await fetchText(at.client)).toBe('here');
  });

  it('is given up after some seconds of rest, and not asked for again before it is needed', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await clock.running(8_000);
        clock.advance(8_000);
        await data.ended;
        await connection.answer('NOOP', '200 here');
        await serveAnew(connection);
      },
      { traits: readsOn, clock },
    );
    await at.client.noop();
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits.preparedBearable).toBe(true);
  });

  it('C-53: is not prepared again on a server that answers its end', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await clock.running(8_000);
        clock.advance(8_000);
        await data.ended;
        connection.say('226 you hung up');
      },
      { traits: readsOn, clock },
    );
    expect(await at.client.closed).toMatchObject({ kind: 'protocol' });
    expect(at.traits.preparedBearable).toBe(false);
  });

  it('C-53: that has rested is not blamed for what a server says when another has been named since', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await clock.running(8_000);
        clock.advance(8_000);
        await data.ended;
        await connection.answer('NOOP', '200 here');
        await serveAnew(connection);
        await (await offerPort(connection)).connection;
        await clock.running(8_000);
        connection.say('226 what is this');
      },
      { traits: readsOn, clock },
    );
    await at.client.noop();
    expect(await fetchText(at.client)).toBe('here');
    expect(await at.client.closed).toMatchObject({ kind: 'protocol' });
    expect(at.traits.preparedBearable).toBe(true);
  });

  it.each(['425 cannot open', '426 broken'])(
    'is replaced by a fresh one where the server says %s before a byte has moved, and no longer prepared',
    async (refusal) => {
      await using at = await ahead(
        async (connection) => {
          await welcomeAhead(connection);
          await connection.answer('STOR /a', refusal);
          const data = await (await offerPort(connection)).connection;
          await connection.answer('STOR /a', '150 go on');
          await data.startTls(identity);
          expect((await data.hearAll()).toString()).toBe('content');
          data.end();
          connection.say('226 stored');
          await serveAnew(connection);
        },
        { traits: readsOn },
      );
      expect(await at.client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
      expect(at.traits.preparedBearable).toBe(false);
      expect(await fetchText(at.client)).toBe('here');
    },
  );

  it('is not blamed for a refusal that is about the file', async () => {
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await connection.answer('RETR /a', '550 no such file');
        await serveAnew(connection);
      },
      { traits: readsOn },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'refused', reply: { code: 550 } });
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits.preparedBearable).toBe(true);
  });

  it('C-53: costs the session where another reply comes in its place, and shifts none', async () => {
    await using at = await ahead((connection) => enterAhead(connection, '226 late'), { traits: readsOn });
    expect(await at.client.closed).toMatchObject({ kind: 'protocol', reply: { code: 226 } });
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'protocol' });
  });

  it('is not blamed for a session that is lost where none was prepared, be it again or not', async () => {
    await using at = await ahead(
      async (connection, index) => {
        await enterAhead(connection, '425 none left');
        if (index > 0) return serveAnew(connection);
        await connection.answer('EPSV');
        connection.cut();
      },
      { traits: { sequential: false } },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits).toMatchObject({ stepByStep: false, preparedBearable: true });
  });

  it('is not blamed for a session that is lost where another, step by step, is lost as well', async () => {
    await using at = await ahead(
      async (connection, index) => {
        if (index === 0) {
          await welcomeAhead(connection);
          await connection.answer('RETR /a');
        } else {
          await welcome(connection);
          await connection.answer('EPSV');
        }
        connection.cut();
      },
      { traits: { sequential: false } },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'closed' });
    expect(at.traits.stepByStep).toBe(false);
    expect(at.server.connections).toHaveLength(2);
  });

  it('ends with the session where it is answered by 421', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await show(connection, data, 'here');
        await connection.answer('EPSV', '421 going down');
      },
      { traits: readsOn },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'closed' });
    expect(at.traits.stepByStep).toBe(false);
  });

  it('is closed before the session says good-bye', async () => {
    const log = new KeptLog();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('NOOP', '200 here');
        await data.ended;
        await connection.answer('QUIT', '221 bye');
        connection.end();
      },
      { traits: readsOn, log },
    );
    await at.client.noop();
    await at.client.quit();
    await at.server.done();
  });

  it('C-28: is closed before the command channel is cleared', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('NOOP', '200 here');
        await data.ended;
        await connection.answer('CCC', '500 no');
      },
      { traits: readsOn, allowClearCommandChannel: true },
    );
    await at.client.noop();
    expect(await failureOf(at.client.clearCommandChannel())).toMatchObject({ kind: 'refused' });
  });

  it('C-18: bears that the level changes while it rests', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('PROT C', '200 clear');
        await connection.answer('RETR /a', '150 opening');
        data.sayRaw('clear');
        data.end();
        connection.say('226 done');
      },
      { traits: readsOn, requireProtectedData: false },
    );
    await at.client.setProtection('C');
    expect(await fetchText(at.client)).toBe('clear');
  });

  it('is dropped when the transfer that waits for it is aborted', async () => {
    const abort = new AbortController();
    await using at = await ahead(
      async (connection) => {
        const first = await welcomeAhead(connection);
        const data = await first.connection;
        await connection.answer('RETR /a');
        await show(connection, data, 'here');
        const next = await dataListener();
        await connection.answer('EPSV');
        abort.abort();
        connection.say(named(next));
        await connection.answer('NOOP', '200 here');
      },
      { traits: readsOn },
    );
    expect(await fetchText(at.client)).toBe('here');
    const failure = failureOf(fetchText(at.client, '/b', abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
    await at.client.noop();
    expect(at.server.heard).not.toContain('RETR /b');
  });

  it.each([
    ['the user wants none', { pipelining: 'never' } as const],
    ['data connections are active', { dataMode: 'active' } as const],
  ])('is not asked for where %s', async (_, options) => {
    await using at = await ahead(
      async (connection) => {
        await welcome(connection).catch(() => {});
        await connection.answer('NOOP', '200 here');
      },
      { traits: { ...readsOn, bearsFlights: false }, ...options },
    );
    await at.client.noop();
    expect(at.server.heard).not.toContain('EPSV');
  });

  it('is not asked for by a client that goes step by step', async () => {
    await using at = await ahead(
      async (connection) => {
        await welcome(connection);
        await showSecurely(connection, 'RETR /a', 'here');
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('more');
        data.end();
        connection.say('226 done');
        await connection.answer('NOOP', '200 here');
      },
      { traits: { stepByStep: true } },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(await fetchText(at.client)).toBe('more');
    await at.client.noop();
  });
});
