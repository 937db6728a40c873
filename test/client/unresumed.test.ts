import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import type { ServerTraits } from '../../src/client/serverTraits.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  bareTraits,
  failureOf,
  farewell,
  fetchText,
  KeptLog,
  openData,
  optionsFor,
  showSecurely,
  welcome,
} from './dialogue.ts';
import { WatchedClock } from './watchedClock.ts';
import { authority, identity } from './identity.ts';

// Data connections of a scripted server never resume: each has a context of its own.

/** Hears a transfer whose data connection does not resume, and refuses it. */
async function refuse(connection: ScriptedConnection, command: string, reply: string): Promise<void> {
  const data = await openData(connection, command);
  data.end();
  connection.say(reply);
}

/** Refuses the first session's transfers, and serves the second one. */
function demandingServer(
  refuseFirst: (connection: ScriptedConnection) => Promise<void>,
  serveSecond: (connection: ScriptedConnection) => Promise<void>,
): Promise<ScriptedServer> {
  return ScriptedServer.listen(async (connection, index) => {
    // The connections of the server are control connections alone.
    await welcome(connection);
    if (index === 0) await refuseFirst(connection);
    else await serveSecond(connection);
  });
}

/** Whether the server bears them is still to be learnt. */
function unborne(): ServerTraits {
  return { ...bareTraits(), bearsUnresumed: false };
}

async function connect(server: ScriptedServer, more: Partial<ConnectOptions> = {}): Promise<FtpsClient> {
  return FtpsClient.connect(optionsFor(server, { traits: unborne(), ...more }));
}

describe('a TLS session that data connections do not resume', () => {
  it.each([
    '425 Unable to build data connection',
    '450 TLS session not resumed',
    '522 session reuse required',
  ])(
    'C-25: is replaced by one of TLS 1.2 before anybody sees an error, where the server says %s',
    async (refusal) => {
      const log = new KeptLog();
      await using server = await demandingServer(
        async (connection) => {
          await refuse(connection, 'RETR /a', refusal);
          // D.4: once more, with the newest ticket.
          await refuse(connection, 'RETR /a', refusal);
          await farewell(connection);
        },
        async (connection) => {
          await showSecurely(connection, 'RETR /a', 'here');
          await farewell(connection);
        },
      );
      const client = await connect(server, { log });
      expect(client.report().tlsVersion).toBe('TLSv1.3');
      expect(await fetchText(client)).toBe('here');
      expect(client.report()).toMatchObject({ tlsVersion: 'TLSv1.2', dataConnections: 3, unresumed: 3 });
      expect(client.isOpen).toBe(true);
      await client.quit();
      expect(await client.closed).toBeUndefined();
      await server.done();
      const told = log.lines.join('\n');
      expect(told).toContain('did not resume the TLSv1.3 session');
      expect(told).toContain('Connecting again with TLS 1.2');
    },
  );

  it('C-25: is replaced though the server drops the session with its refusal, as vsftpd does', async () => {
    await using server = await demandingServer(
      async (connection) => {
        await refuse(connection, 'RETR /a', '522 session reuse required');
        connection.end();
      },
      (connection) => showSecurely(connection, 'RETR /a', 'here'),
    );
    const client = await connect(server);
    expect(await fetchText(client)).toBe('here');
    expect(client.isOpen).toBe(true);
    client.destroy();
    expect(await client.closed).toBeUndefined();
  });

  it('C-25: is remembered: later sessions that share what was learnt begin with TLS 1.2', async () => {
    const traits = unborne();
    await using server = await demandingServer(
      async (connection) => {
        await refuse(connection, 'MLSD /', '425 no');
        await refuse(connection, 'MLSD /', '425 no');
        await farewell(connection);
      },
      async (connection) => {
        if (server.connections.length === 2) await showSecurely(connection, 'MLSD /', 'type=file; a\r\n');
      },
    );
    const client = await connect(server, { traits });
    expect((await client.list('/')).entries).toHaveLength(1);
    expect(traits.boundToTls12).toBe(true);
    const another = await connect(server, { traits });
    expect(another.report().tlsVersion).toBe('TLSv1.2');
    client.destroy();
    another.destroy();
  });

  it('C-25: is replaced under an upload too, whose source is not touched before the server has had its say', async () => {
    await using server = await demandingServer(
      async (connection) => {
        await refuse(connection, 'STOR /a', '522 session reuse required');
        connection.end();
      },
      async (connection) => {
        const data = await openData(connection, 'STOR /a');
        expect((await data.hearAll()).toString()).toBe('content');
        data.end();
        connection.say('226 stored');
      },
    );
    const client = await connect(server);
    expect(await client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
    expect(client.report().tlsVersion).toBe('TLSv1.2');
    client.destroy();
  });

  it('C-25: is replaced under an upload, where the server ends the data first and waits for its end', async () => {
    await using server = await demandingServer(
      async (connection) => {
        const data = await openData(connection, 'STOR /a');
        data.end();
        await data.ended;
        connection.say('425 Unable to build data connection');
        await farewell(connection);
      },
      async (connection) => {
        const data = await openData(connection, 'STOR /a');
        expect((await data.hearAll()).toString()).toBe('content');
        data.end();
        connection.say('226 stored');
      },
    );
    const client = await connect(server);
    expect(await client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
    client.destroy();
  });

  it('C-25: makes no empty file a success, where a server ends its side of the data early', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      for (const stored of ['', 'content']) {
        const data = await openData(connection, 'STOR /a');
        data.end();
        expect((await data.hearAll()).toString()).toBe(stored);
        connection.say('226 stored');
      }
    });
    const client = await connect(server);
    const store = (): Promise<number> => client.store('/a', Readable.from([Buffer.from('content')]));
    expect(await failureOf(store())).toMatchObject({ kind: 'dataConnection' });
    expect(await store()).toBe(7);
    client.destroy();
  });

  it('C-25: is borne by most servers, which an upload waits for once and no more', async () => {
    const clock = new WatchedClock();
    const traits = unborne();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      for (let times = 0; times < 2; times += 1) {
        const data = await openData(connection, 'STOR /a');
        expect((await data.hearAll()).toString()).toBe('content');
        data.end();
        connection.say('226 stored');
      }
    });
    const client = await connect(server, { traits, clock });
    const storing = client.store('/a', Readable.from([Buffer.from('content')]));
    // The first 500 ms are those of the 1xx, which has come by then.
    await clock.running('dataIdle');
    await clock.running(500);
    clock.advance(500);
    expect(await storing).toBe(7);
    expect(traits.bearsUnresumed).toBe(true);
    expect(await client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
    client.destroy();
  });

  it('C-25: is not replaced under an upload that has begun; the error says how to go on, and it is remembered', async () => {
    const clock = new WatchedClock();
    const traits = unborne();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const data = await openData(connection, 'STOR /a');
      await data.hearAll();
      data.end();
      connection.say('425 not resumed');
    });
    const client = await connect(server, { traits, clock });
    const failing = failureOf(client.store('/a', Readable.from([Buffer.from('content')])));
    await clock.running('dataIdle');
    await clock.running(500);
    clock.advance(500);
    const error = await failing;
    expect(error).toMatchObject({ kind: 'refused', retryWith: 'TLSv1.2', reply: { code: 425 } });
    expect(error.message).toContain('"tls": { "maxVersion": "TLSv1.2" }');
    expect(traits.boundToTls12).toBe(true);
    client.destroy();
  });

  it.each<[string, ConnectOptions['tls']]>([
    ['the session is of TLS 1.2 already', { maxVersion: 'TLSv1.2' }],
    ['the user wants TLS 1.3', { minVersion: 'TLSv1.3' }],
  ])('C-25: is not replaced when %s', async (_, tls) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      for (let times = 0; times < 2; times += 1) await refuse(connection, 'RETR /a', '425 no');
    });
    const client = await connect(server, { tls: { ca: [authority.cert], ...tls } });
    const error = await failureOf(fetchText(client));
    expect(error).toMatchObject({ kind: 'refused', retryWith: undefined, reply: { code: 425 } });
    expect(server.connections).toHaveLength(1);
    client.destroy();
  });

  it('C-25: fails with the first refusal where the server has no TLS 1.2, and is not bound to that', async () => {
    const traits = unborne();
    await using server = await ScriptedServer.listen(async (connection, index) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      if (index === 1) {
        await connection.startTls({ ...identity, minVersion: 'TLSv1.3' }).catch(() => {});
        return;
      }
      await connection.startTls(identity);
      await enterBehindTls(connection);
      for (let times = 0; times < 2; times += 1) await refuse(connection, 'RETR /a', '425 no');
    });
    const client = await connect(server, { traits });
    expect(await failureOf(fetchText(client))).toMatchObject({ kind: 'refused', reply: { code: 425 } });
    expect(traits.boundToTls12).toBe(false);
    client.destroy();
  });

  /** A server that has no room for a second session as often as told, while the first one stands or not. */
  function crampedServer(refusals: number): Promise<ScriptedServer> {
    return ScriptedServer.listen(async (connection, index) => {
      if (index > 0 && index <= refusals) {
        connection.say('421 one session is enough');
        connection.end();
        return;
      }
      await welcome(connection);
      if (index > 0) return showSecurely(connection, 'RETR /a', 'here');
      for (let times = 0; times < 2; times += 1) await refuse(connection, 'RETR /a', '425 no');
      await farewell(connection);
    });
  }

  it('C-25: makes room for the next one first, where the server bears no more sessions', async () => {
    await using server = await crampedServer(1);
    const client = await connect(server);
    expect(await fetchText(client)).toBe('here');
    expect(client.report().tlsVersion).toBe('TLSv1.2');
    expect(server.heard.filter((line) => line === 'QUIT')).toHaveLength(1);
    client.destroy();
  });

  it('C-25: is gone, and not met again by others, where there is no room for the next one even then', async () => {
    await using server = await crampedServer(2);
    const client = await connect(server);
    expect(await failureOf(fetchText(client))).toMatchObject({ kind: 'tooManySessions' });
    await client.closed;
    expect([client.isOpen, server.connections.length]).toEqual([false, 3]);
  });

  it('is not replaced for a client that was destroyed meanwhile', async () => {
    const log = new KeptLog();
    await using server = await demandingServer(
      async (connection) => {
        for (let times = 0; times < 2; times += 1) await refuse(connection, 'RETR /a', '425 no');
      },
      async () => {},
    );
    const client = await connect(server, { log });
    const failure = failureOf(client.retrieve('/a', new PassThrough()));
    await log.wrote('Connecting again');
    client.destroy();
    expect(await failure).toMatchObject({ kind: 'closed' });
    expect(await client.closed).toBeUndefined();
  });

  it.each([
    ['RETR', 2, (client: FtpsClient) => fetchText(client)],
    ['STOR', 1, (client: FtpsClient) => client.store('/a', Readable.from([Buffer.alloc(100_000)]))],
  ])(
    'is kept for a refused %s, where the server was seen to bear it: a file may be busy',
    async (...test) => {
      const [verb, said, act] = test;
      const traits = unborne();
      await using server = await ScriptedServer.listen(async (connection) => {
        await welcome(connection);
        await showSecurely(connection, 'RETR /a', 'here');
        for (let times = 0; times < said; times += 1) {
          const data = await openData(connection, `${verb} /a`);
          if (verb === 'STOR') await data.hearAnything();
          data.end();
          connection.say('450 busy, try later');
        }
      });
      const client = await connect(server, { traits });
      expect(await fetchText(client)).toBe('here');
      const error = await failureOf(act(client));
      expect(error).toMatchObject({ reply: { code: 450 } });
      expect(error.message).not.toContain('TLSv1.2');
      expect(traits.boundToTls12).toBe(false);
      expect(client.report().tlsVersion).toBe('TLSv1.3');
      client.destroy();
    },
  );

  it('binds nobody to TLS 1.2 where the server refuses with that too', async () => {
    const traits = unborne();
    const busy = async (connection: ScriptedConnection): Promise<void> => {
      for (let times = 0; times < 2; times += 1) await refuse(connection, 'RETR /a', '450 busy, try later');
      await connection.answer('QUIT', '221 bye').catch(() => {});
      connection.end();
    };
    await using server = await demandingServer(busy, busy);
    const client = await connect(server, { traits });
    expect(await failureOf(fetchText(client))).toMatchObject({ reply: { code: 450 } });
    expect(server.connections).toHaveLength(2);
    expect(traits.boundToTls12).toBe(false);
    client.destroy();
  });
});

async function enterBehindTls(connection: ScriptedConnection): Promise<void> {
  await connection.answer('USER ada', '230 in');
  await connection.answer('FEAT', '500 what');
  await connection.answer('OPTS UTF8 ON', '200 ok');
  await connection.answer('PBSZ 0', '200 ok');
  await connection.answer('PROT P', '200 ok');
  await connection.answer('TYPE I', '200 ok');
}
