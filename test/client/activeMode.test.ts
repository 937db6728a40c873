import { Server } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import { parseEprt, parsePort, type SocketAddress } from '../../src/protocol/address.ts';
import { createLeaf } from '../../src/server/certificate.ts';
import {
  dataListener,
  dialActive,
  type ScriptedConnection,
  ScriptedServer,
} from '../support/scriptedServer.ts';
import { ahead, named, readsOn, show, welcomeAhead } from './ahead.ts';
import {
  bareTraits,
  failureOf,
  fetchText,
  KeptLog,
  offerPort,
  optionsFor,
  showSecurely,
} from './dialogue.ts';
import { authority, identity } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

const active = { dataMode: 'active' } as const;
const sixth = await createLeaf(authority, { names: ['::1'] });

/** Hears PORT or EPRT, and answers it. */
async function hearPort(connection: ScriptedConnection): Promise<SocketAddress> {
  const line = await connection.answer(/^(PORT|EPRT) /, '200 ok');
  const [verb, argument = ''] = line.split(' ');
  return verb === 'PORT' ? parsePort(argument) : parseEprt(argument);
}

/** Answers the command by 150, connects, and is the server side of TLS. */
async function connectBack(
  connection: ScriptedConnection,
  address: SocketAddress,
  command: string,
  shown = identity,
): Promise<ScriptedConnection> {
  await connection.answer(command, '150 opening');
  const data = await dialActive(address);
  await data.startTls(shown);
  return data;
}

describe('an active data connection', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C-26, C-32: is opened by the server, and the client is the client of its TLS (%s)',
    async (maxVersion) => {
      await using at = await sessionWith(
        async (connection) => {
          const address = await hearPort(connection);
          expect(address.host).toBe('127.0.0.1');
          const data = await connectBack(connection, address, 'MLSD /');
          data.say('type=file; a');
          data.end();
          connection.say('226 done');
        },
        { ...active, tls: { ca: [authority.cert], maxVersion } },
      );
      expect((await at.client.list('/')).entries).toMatchObject([{ name: 'a' }]);
      expect(at.client.report().dataConnections).toBe(1);
    },
  );

  it('C-26: carries uploads', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await connectBack(connection, await hearPort(connection), 'STOR /a');
      expect((await data.hearAll()).toString()).toBe('content');
      data.end();
      connection.say('226 stored');
    }, active);
    expect(await at.client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
  });

  it('C-32: is listened for before PORT is said: some servers connect at once', async () => {
    await using at = await sessionWith(async (connection) => {
      const line = await connection.answer(/^PORT /);
      // Connected before PORT is answered, let alone the command said.
      const data = await dialActive(parsePort(line.slice(5)));
      connection.say('200 ok');
      await connection.answer('RETR /a', '125 opening');
      await data.startTls(identity);
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
    }, active);
    expect(await fetchText(at.client)).toBe('here');
  });

  it('survives what its listener reports, again and again: too many open files, for example', async () => {
    const listening = vi.spyOn(Server.prototype, 'listen');
    await using at = await sessionWith(async (connection) => {
      const address = await hearPort(connection);
      const listener = listening.mock.contexts.find((server): server is Server => {
        const at = server instanceof Server ? server.address() : null;
        return typeof at === 'object' && at?.port === address.port;
      });
      for (let times = 0; times < 2; times += 1) listener?.emit('error', new Error('accept EMFILE'));
      const data = await connectBack(connection, address, 'RETR /a');
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
    }, active);
    expect(await fetchText(at.client)).toBe('here');
    listening.mockRestore();
  });

  it('C-32: is taken from the server alone, and only once: intruders are dropped', async () => {
    const log = new KeptLog();
    await using at = await sessionWith(
      async (connection) => {
        const address = await hearPort(connection);
        const intruder = await dialActive(address, '127.0.0.2');
        await intruder.ended;
        const data = await connectBack(connection, address, 'RETR /a');
        await expect(dialActive(address)).rejects.toThrow(/ECONNREFUSED/);
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { ...active, log },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(log.lines.filter((line) => line.includes('was dropped'))).toHaveLength(1);
  });

  it('C-32: is announced by EPRT under IPv6', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(sixth);
      await enterSixth(connection);
      const address = await hearPort(connection);
      expect(address).toMatchObject({ host: '::1', family: 2 });
      const data = await connectBack(connection, address, 'RETR /a', sixth);
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
    }, '::1');
    const client = await FtpsClient.connect(optionsFor(server, { ...active, host: '::1' }));
    expect(await fetchText(client)).toBe('here');
    client.destroy();
  });

  it('names the address that the profile gives, where a router is in between', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const address = await hearPort(connection);
        expect(address.host).toBe('203.0.113.9');
        const data = await connectBack(connection, { ...address, host: '127.0.0.1' }, 'RETR /a');
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { ...active, activeAddress: '203.0.113.9' },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it.each(['500 no', '522 (1)', '501 no'])('C-31: fails where it is refused by %s', async (reply) => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer(/^PORT /, reply);
    }, active);
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'refused', step: 'dataConnect' });
  });

  it('C-54: that the server never opens fails by the limit of connecting', async () => {
    const clock = new WatchedClock();
    await using at = await sessionWith(
      async (connection) => {
        await hearPort(connection);
        await connection.answer('RETR /a', '150 opening');
        await clock.running('dataConnect');
        clock.pass('dataConnect');
        connection.say('425 no');
      },
      { ...active, clock },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'timeout', limit: 'dataConnect' });
  });

  it('that the server cannot open fails with what the server says', async () => {
    await using at = await sessionWith(async (connection) => {
      for (let times = 0; times < 2; times += 1) {
        await hearPort(connection);
        await connection.answer('RETR /a', '150 opening', '425 no way');
      }
    }, active);
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'refused', reply: { code: 425 } });
  });

  it('is given up when the call is aborted at PORT', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      const line = await connection.answer(/^PORT /);
      abort.abort();
      connection.say('200 ok');
      await connection.answer('SIZE /a', '213 4');
      await expect(dialActive(parsePort(line.slice(5)))).rejects.toThrow(/ECONNREFUSED/);
    }, active);
    const failure = failureOf(fetchText(at.client, '/a', abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
    expect(await at.client.size('/a')).toBe(4);
  });
});

describe('the mode "auto"', () => {
  it('is passive as long as that works', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a', '150 opening');
        await data.startTls(identity);
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { dataMode: 'auto' },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it('is active once a passive connection could not be opened, and from then on', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('EPSV', '425 no port left');
        await connection.answer('EPSV', '425 no port left');
        for (let times = 0; times < 2; times += 1) {
          const data = await connectBack(connection, await hearPort(connection), 'RETR /a');
          data.sayRaw('here');
          data.end();
          connection.say('226 done');
        }
      },
      { dataMode: 'auto' },
    );
    expect(await fetchText(at.client)).toBe('here');
    expect(await fetchText(at.client)).toBe('here');
  });

  it('is active, too, where nobody answers at the passive port that was asked for ahead', async () => {
    const clock = new WatchedClock();
    let beginSecond = (): void => {};
    const second = new Promise<void>((resolve) => {
      beginSecond = resolve;
    });
    await using at = await ahead(
      async (connection) => {
        const passive = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await show(connection, passive, 'here');
        await connection.answer('EPSV');
        await second;
        connection.say(named(await dataListener()));
        for (let times = 0; times < 2; times += 1) {
          const data = await connectBack(connection, await hearPort(connection), 'RETR /a');
          data.sayRaw('here');
          data.end();
          connection.say('226 done');
        }
      },
      { dataMode: 'auto', clock, traits: readsOn },
    );
    expect(await fetchText(at.client)).toBe('here');
    const fetching = fetchText(at.client);
    // The limit passes in the very turn in which it begins to run: the connection cannot be up yet.
    const passing = clock.running('dataConnect').then(() => clock.pass('dataConnect'));
    beginSecond();
    await passing;
    expect(await fetching).toBe('here');
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits.active).toBe(true);
  });

  it('is passive again once the server could open no active one: not it was at fault, but a moment', async () => {
    await using at = await sessionWith(
      async (connection) => {
        for (let times = 0; times < 2; times += 1) await connection.answer('EPSV', '425 no port left');
        await hearPort(connection);
        await connection.answer('RETR /a', "425 can't build the data connection: no route to host");
        for (let times = 0; times < 3; times += 1) await showSecurely(connection, 'RETR /a', 'here');
      },
      { dataMode: 'auto', traits: { ...bareTraits(), active: false } },
    );
    for (let times = 0; times < 3; times += 1) expect(await fetchText(at.client)).toBe('here');
  });

  it('forgets that active ones worked once the server opens none any more, and blames no haste for it', async () => {
    const clock = new WatchedClock();
    const traits = { ...hasty(), active: true };
    let giveUp = (): void => {};
    const givenUp = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    await using at = await sessionWith(
      async (connection) => {
        await hearPort(connection);
        await connection.answer('RETR /a', '150 opening');
        await givenUp;
        connection.say('425 no route to host');
      },
      { dataMode: 'auto', traits, clock },
    );
    const failing = failureOf(fetchText(at.client));
    await clock.running('dataConnect');
    clock.pass('dataConnect');
    giveUp();
    const error = await failing;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'dataConnect' });
    expect(error.message).toContain('"dataMode": "passive"');
    expect(traits).toMatchObject({ active: false, clientHelloEarly: true });
  });

  it('stays active where a file is refused, or a transfer aborted, before the server has opened one', async () => {
    const abort = new AbortController();
    const traits = { ...bareTraits(), active: true };
    await using at = await sessionWith(
      async (connection) => {
        await hearPort(connection);
        await connection.answer('RETR /a', '550 no such file');
        await hearPort(connection);
        await connection.answer('RETR /a', '150 opening');
        abort.abort();
        await connection.answer('ABOR', '426 you hung up', '226 aborted');
        await connection.answer('NOOP', '200 here');
        const data = await connectBack(connection, await hearPort(connection), 'RETR /a');
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { dataMode: 'auto', traits },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ reply: { code: 550 } });
    expect(await failureOf(fetchText(at.client, '/a', abort.signal))).toMatchObject({ kind: 'aborted' });
    expect(await fetchText(at.client)).toBe('here');
    expect(traits.active).toBe(true);
  });

  it('is passive again once the server says that it can open none, though it did before', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await hearPort(connection);
        await connection.answer('RETR /a', '425 no route to host');
        await showSecurely(connection, 'RETR /a', 'here');
      },
      { dataMode: 'auto', traits: { ...bareTraits(), active: true } },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it('stays passive after a refusal that is about the level', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('EPSV', '229 nonsense');
      },
      { dataMode: 'auto' },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'protocol' });
  });
});

/** What is learnt of a server that is spoken to ahead, but for the login, and reads on while data moves. */
function hasty(): ServerTraits {
  return { ...newServerTraits(), bearsUnresumed: true, loginInOneFlight: false, sequential: false };
}

async function enterSixth(connection: ScriptedConnection): Promise<void> {
  await connection.answer('USER ada', '230 in');
  await connection.answer('FEAT', '500 what');
  await connection.answer('OPTS UTF8 ON', '200 ok');
  await connection.answer('PBSZ 0', '200 ok');
  await connection.answer('PROT P', '200 ok');
  await connection.answer('TYPE I', '200 ok');
}
