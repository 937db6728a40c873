import { once } from 'node:events';
import { createServer } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { dataListener, ScriptedServer } from '../support/scriptedServer.ts';
import { show } from './ahead.ts';
import { failureOf, offerPort, optionsFor, showClear, welcome } from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

function fetch(client: FtpsClient, path = '/a'): Promise<number> {
  return client.retrieve(path, new PassThrough().resume());
}

describe('a passive data connection', () => {
  it('C-30: goes to the address of the control connection, whatever host a 227 names', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('EPSV', '502 no');
      const listener = await dataListener();
      const [high, low] = [listener.port >> 8, listener.port & 0xff];
      await connection.answer('PASV', `227 Entering Passive Mode (203,0,113,9,${high},${low})`);
      const data = await listener.connection;
      await connection.answer('RETR /a', '150 opening');
      await data.startTls(identity);
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await fetch(client)).toBe(4);
    await server.done();
    client.destroy();
  });

  it.each(['500 no', '501 no', '502 no', '522 (1)', '550 no'])(
    'C-31: is asked for by PASV after %s, and by PASV alone from then on',
    async (refusal) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await welcome(connection);
        for (const first of [true, false]) {
          if (first) await connection.answer('EPSV', refusal);
          const listener = await dataListener();
          await connection.answer('PASV', `227 127,0,0,1,${listener.port >> 8},${listener.port & 0xff}`);
          const data = await listener.connection;
          await connection.answer('RETR /a', '150 opening');
          await data.startTls(identity);
          data.sayRaw('here');
          data.end();
          connection.say('226 done');
        }
      });
      const client = await FtpsClient.connect(optionsFor(server));
      expect(await fetch(client)).toBe(4);
      expect(await fetch(client)).toBe(4);
      await server.done();
      client.destroy();
    },
  );

  it('C-31: cannot be had where PASV is refused too', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('EPSV', '500 no');
      await connection.answer('PASV', '502 no');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await failureOf(fetch(client))).toMatchObject({ kind: 'refused', reply: { code: 502 } });
    client.destroy();
  });

  it.each(['EPSV', 'PASV'] as const)(
    'is asked for once more by %s where a transient refusal stood in the way, as of two processes with one port',
    async (passiveCommand) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await welcome(connection);
        await connection.answer(passiveCommand, '425 Address already in use');
        const { port, connection: opened } = await dataListener();
        const named =
          passiveCommand === 'EPSV' ? `229 (|||${port}|)` : `227 127,0,0,1,${port >> 8},${port & 0xff}`;
        await connection.answer(passiveCommand, named);
        const data = await opened;
        await connection.answer('STOR /a', '150 go on');
        await data.startTls(identity);
        expect((await data.hearAll()).toString()).toBe('content');
        data.end();
        connection.say('226 stored');
      });
      const client = await FtpsClient.connect(optionsFor(server, { passiveCommand }));
      expect(await client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
      await server.done();
      client.destroy();
    },
  );

  it('is not asked for again behind a 421, which ends the session', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('EPSV', '421 going down');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await failureOf(fetch(client))).toMatchObject({ kind: 'closed' });
    await server.done();
    expect(server.heard.filter((line) => line === 'EPSV')).toHaveLength(1);
    client.destroy();
  });

  it('C-31: is not asked for by PASV when EPSV is refused for another reason', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('EPSV', '425 no port left');
      await connection.answer('EPSV', '425 no port left');
      await connection.answer('NOOP', '200 here');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await failureOf(fetch(client))).toMatchObject({ kind: 'refused', reply: { code: 425 } });
    await client.noop();
    client.destroy();
  });

  it.each(['|', '!', '#', '~'])('C-31: is found behind any delimiter, such as %s', async (delimiter) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const listener = await dataListener();
      const place = `${delimiter.repeat(3)}${listener.port}${delimiter}`;
      await connection.answer('EPSV', `229 Extended Passive Mode (${place})`);
      const data = await listener.connection;
      await connection.answer('RETR /a', '150 opening');
      await data.startTls(identity);
      data.end();
      connection.say('226 done');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await fetch(client)).toBe(0);
    client.destroy();
  });

  it.each(['229 nonsense', '229 (|||99999|)', '229 (|||0|)'])(
    'fails the transfer where the port is unusable: %s',
    async (reply) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await welcome(connection);
        await connection.answer('EPSV', reply);
        await connection.answer('NOOP', '200 here');
      });
      const client = await FtpsClient.connect(optionsFor(server));
      expect(await failureOf(fetch(client))).toMatchObject({ kind: 'protocol', step: 'dataConnect' });
      await client.noop();
      client.destroy();
    },
  );

  it('says that a firewall may be in the way when nobody listens there, and the session goes on', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    closed.close();
    await once(closed, 'close');
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('EPSV', `229 (|||${port}|)`);
      await connection.answer('NOOP', '200 here');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const error = await failureOf(fetch(client));
    expect(error).toMatchObject({ kind: 'dataConnection', step: 'dataConnect' });
    expect(error.message).toContain('firewall');
    await client.noop();
    client.destroy();
  });

  it('C-33: is up before the command, and begins TLS after it', async () => {
    const order: string[] = [];
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const listener = await offerPort(connection);
      const data = await listener.connection;
      order.push('connected');
      const hello = data.hearAnything().then(() => order.push('ClientHello'));
      await connection.answer('RETR /a');
      order.push('RETR');
      connection.say('150 opening');
      order.push('150');
      await hello;
      data.cut();
      connection.say('226 done');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    await failureOf(fetch(client));
    await server.done();
    expect(order).toEqual(['connected', 'RETR', '150', 'ClientHello']);
    client.destroy();
  });
});

describe('the preliminary reply', () => {
  it.each([
    ['125', ['125 already open']],
    ['150', ['150 opening']],
    ['several of them', ['150 opening', '150 still', '125 and more']],
  ])('C-34: may be %s', async (_, replies) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('RETR /a', ...replies);
      await data.startTls(identity);
      data.sayRaw('here');
      connection.say('150 once more');
      data.end();
      connection.say('226 done');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await fetch(client)).toBe(4);
    client.destroy();
  });

  it('C-34: may be missing altogether', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('RETR /a');
      await data.startTls(identity);
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    const fetching = fetch(client);
    await clock.running(500);
    clock.advance(500);
    expect(await fetching).toBe(4);
    client.destroy();
  });

  it('C-33: is not waited for a second time on a server that says it after TLS', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      for (let times = 0; times < 2; times += 1) {
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a');
        await data.startTls(identity);
        connection.say('150 opening');
        data.sayRaw('x');
        data.end();
        connection.say('226 done');
      }
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    const first = fetch(client);
    await clock.running(500);
    clock.advance(500);
    expect(await first).toBe(1);
    expect(await fetch(client)).toBe(1);
    client.destroy();
  });

  it('C-33: is waited for before TLS, though it came late for data in clear, which has none', async () => {
    const clock = new WatchedClock();
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('PROT C', '200 clear');
        await showClear(connection, 'RETR /a', 'here');
        await connection.answer('PROT P', '200 private');
        const data = await (await offerPort(connection)).connection;
        await connection.answer('RETR /a');
        await clock.running(500);
        await show(connection, data, 'here');
      },
      { clock, requireProtectedData: false },
    );
    await at.client.setProtection('C');
    expect(await fetch(at.client)).toBe(4);
    await at.client.setProtection('P');
    expect(await fetch(at.client)).toBe(4);
  });

  it('C-33: is waited for again on a server that was merely slow', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      for (let times = 0; times < 2; times += 1) {
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a');
        await data.hearAnything();
        connection.say('150 opening');
        await data.startTls(identity);
        data.sayRaw('x');
        data.end();
        connection.say('226 done');
      }
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    for (let times = 0; times < 2; times += 1) {
      const fetching = fetch(client);
      await clock.running(500);
      clock.advance(500);
      expect(await fetching).toBe(1);
    }
    client.destroy();
  });
});
