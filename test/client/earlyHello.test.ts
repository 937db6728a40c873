import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ScriptedConnection } from '../support/scriptedServer.ts';
import { ahead, readsOn, show, welcomeAhead } from './ahead.ts';
import { failureOf, fetchText, offerPort, openData, welcome } from './dialogue.ts';
import { identity } from './identity.ts';
import { WatchedClock } from './watchedClock.ts';

function content(): Readable {
  return Readable.from([Buffer.from('content')]);
}

/** Takes an upload of `content`. */
async function take(data: ScriptedConnection): Promise<void> {
  await data.startTls(identity);
  expect((await data.hearAll()).toString()).toBe('content');
  data.end();
}

describe('the ClientHello of a data connection', () => {
  it('C-33: leaves in one flight with the command, behind it, and waits for no reply', async () => {
    const order: string[] = [];
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        const hello = data.hearAnything().then(() => order.push('ClientHello'));
        await connection.answer('RETR /a');
        order.push('RETR');
        await hello;
        await show(connection, data, 'here');
      },
      { traits: readsOn },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(order).toEqual(['RETR', 'ClientHello']);
    expect(at.traits).toMatchObject({ clientHelloEarly: true, preliminaryFirst: true, aheadProven: true });
  });

  it('C-33: waits for the reply where the user says so', async () => {
    const order: string[] = [];
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        const hello = data.hearAnything().then(() => order.push('ClientHello'));
        await connection.answer('RETR /a');
        for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate);
        order.push('150');
        connection.say('150 opening');
        await hello;
        await data.startTls(identity);
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { traits: readsOn, preliminaryReply: 'expected' },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(order).toEqual(['150', 'ClientHello']);
  });

  it('C-33: comes after the reply from then on where it costs the session, which nobody notices', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection, index) => {
        const { connection: opened } = await welcomeAhead(connection);
        const data = await opened;
        if (index === 0) {
          // As pyftpdlib does where the ClientHello comes first: it waits for another connection.
          await connection.answer('RETR /a', '150 about to open');
          await data.hearAnything();
          data.socket.resetAndDestroy();
          return;
        }
        let isHeard = false;
        const hello = data.hearAnything().then(() => {
          isHeard = true;
        });
        await connection.answer('RETR /a');
        expect(isHeard).toBe(false);
        connection.say('150 opening');
        await hello;
        await data.startTls(identity);
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { traits: readsOn, clock },
    );
    const fetching = fetchText(at.client);
    await clock.running(500);
    clock.advance(500);
    expect(await fetching).toBe('here');
    expect(at.traits).toMatchObject({ clientHelloEarly: false, stepByStep: false });
    expect(at.server.connections).toHaveLength(2);
  });

  it('C-33: takes an upload to another session too, whose source is unread', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection, index) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('STOR /a', '150 about to open');
        if (index === 0) {
          await data.hearAnything();
          data.socket.resetAndDestroy();
          return;
        }
        await take(data);
        connection.say('226 stored');
      },
      { traits: readsOn, clock },
    );
    const storing = at.client.store('/a', content());
    await clock.running(500);
    clock.advance(500);
    expect(await storing).toBe(7);
    expect(at.traits.clientHelloEarly).toBe(false);
  });

  it('C-33: is said again on the same session, where the server refuses in words what it did not bear', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await data.hearAnything();
        data.socket.resetAndDestroy();
        connection.say('425 no data connection');
        const again = await (await offerPort(connection)).connection;
        await connection.answer('RETR /a');
        await show(connection, again, 'here');
      },
      { traits: readsOn },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits).toMatchObject({ clientHelloEarly: false, preparedBearable: false });
    expect(at.server.connections).toHaveLength(1);
  });

  it('is not blamed for a handshake that is slow, where the server has borne it before', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a', '150 opening');
        await data.hearAnything();
        await clock.running('tls');
        clock.pass('tls');
        await data.ended;
        connection.say('426 broken');
      },
      { traits: { ...readsOn, aheadProven: true }, clock },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'timeout', limit: 'tls' });
    expect(at.client.isOpen).toBe(true);
    expect(at.traits).toMatchObject({ clientHelloEarly: true, preparedBearable: true });
  });

  it('leaves an upload unread until the server has taken it', async () => {
    const source = content();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('STOR /a');
        await data.startTls(identity);
        expect(source.readableDidRead).toBe(false);
        connection.say('552 disk full');
      },
      { traits: readsOn },
    );
    expect(await failureOf(at.client.store('/a', source))).toMatchObject({ reply: { code: 552 } });
    expect(source.readableDidRead).toBe(false);
  });

  it('C-34: does not wait for a server that says nothing before the data, more than once', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection) => {
        let listener = await welcomeAhead(connection);
        for (let times = 0; times < 2; times += 1) {
          const data = await listener.connection;
          await connection.answer('STOR /a');
          await take(data);
          connection.say('226 stored');
          listener = await offerPort(connection);
        }
      },
      { traits: readsOn, clock },
    );
    const storing = at.client.store('/a', content());
    await clock.running(500);
    clock.advance(500);
    expect(await storing).toBe(7);
    expect(await at.client.store('/a', content())).toBe(7);
  });

  it.each(['end', 'cut'] as const)(
    'is blamed once where the session is lost by %s, and never again once it was borne',
    async (how) => {
      await using at = await ahead(
        async (connection, index) => {
          if (index === 1) {
            await welcome(connection);
            const data = await openData(connection, 'RETR /a');
            data.sayRaw('here');
            data.end();
            connection.say('226 done');
            return;
          }
          await welcomeAhead(connection);
          await connection.answer('RETR /a');
          connection[how]();
        },
        { traits: { sequential: false } },
      );
      expect(await fetchText(at.client)).toBe('here');
      expect(at.traits.stepByStep).toBe(true);

      await using proven = await ahead(
        async (connection) => {
          await welcomeAhead(connection);
          await connection.answer('RETR /a');
          connection[how]();
        },
        { traits: readsOn },
      );
      expect(await failureOf(fetchText(proven.client))).toMatchObject({ kind: 'closed' });
      expect(proven.traits.stepByStep).toBe(false);
    },
  );
});
