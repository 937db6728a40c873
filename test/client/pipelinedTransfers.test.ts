import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FtpsClient } from '../../src/client/ftpsClient.ts';
import { dataListener, type ScriptedConnection } from '../support/scriptedServer.ts';
import { ahead, named, sequential, show, welcomeAhead } from './ahead.ts';
import { failureOf, fetchText, KeptLog, offerPort } from './dialogue.ts';
import { identity } from './identity.ts';
import { limits, WatchedClock } from './watchedClock.ts';

function content(): Readable {
  return Readable.from([Buffer.from('content')]);
}

/** Lets everything follow that a reply which has come sets going. */
function settled(): Promise<void> {
  return new Promise(setImmediate);
}

/** Takes an upload of `content`. */
async function take(data: ScriptedConnection): Promise<void> {
  await data.startTls(identity);
  expect((await data.hearAll()).toString()).toBe('content');
  data.end();
}

/** Begins a download that is called off in the middle. */
async function sayHalf(connection: ScriptedConnection, data: ScriptedConnection): Promise<void> {
  connection.say('150 opening');
  await data.startTls(identity);
  data.sayRaw('half of');
  await connection.answer('ABOR');
  await data.ended;
}

/** Calls a download off, behind which the next port was asked for; the session goes on as it was. */
async function callOff({ client, traits }: Awaited<ReturnType<typeof ahead>>): Promise<void> {
  const abort = new AbortController();
  const onProgress = (): void => abort.abort();
  const sink = new PassThrough();
  expect(await failureOf(client.retrieve('/a', sink, { onProgress }, abort.signal))).toMatchObject({
    kind: 'aborted',
  });
  expect(await client.size('/a')).toBe(14);
  expect(traits.sequential).toBe(true);
}

describe('a NOOP behind the first transfer', () => {
  it.each<[string, boolean, (connection: ScriptedConnection, data: ScriptedConnection) => Promise<void>]>([
    ['when the transfer is over', true, (connection, data) => show(connection, data, 'here', '200 well')],
    [
      'while data moves',
      false,
      async (connection, data) => {
        connection.say('150 opening', '200 well');
        await data.startTls(identity);
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
    ],
    [
      'before anything is said of the transfer',
      false,
      async (connection, data) => {
        connection.say('200 well');
        await show(connection, data, 'here');
      },
    ],
  ])(
    'tells by an answer %s whether the next port may be asked for behind a transfer',
    async (_, isSequential, answer) => {
      await using at = await ahead(async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await connection.answer('NOOP');
        await answer(connection, data);
        const next = await (await offerPort(connection)).connection;
        await connection.answer('RETR /b');
        if (isSequential) {
          await connection.answer('EPSV');
          await show(connection, next, 'there', named(await dataListener()));
        } else {
          await show(connection, next, 'there');
          await offerPort(connection);
        }
        await connection.answer('NOOP', '200 here');
      });
      expect(await fetchText(at.client)).toBe('here');
      expect(at.traits.sequential).toBe(isSequential);
      expect(await fetchText(at.client, '/b')).toBe('there');
      await at.client.noop();
    },
  );

  it('is said again where the transfer was refused', async () => {
    await using at = await ahead(async (connection) => {
      await welcomeAhead(connection);
      await connection.answer('RETR /a', '550 no such file');
      await connection.answer('NOOP', '200 well');
      const data = await (await offerPort(connection)).connection;
      await connection.answer('RETR /a');
      await connection.answer('NOOP');
      await show(connection, data, 'here', '200 well');
    });
    expect(await failureOf(fetchText(at.client))).toMatchObject({ reply: { code: 550 } });
    expect(at.traits.sequential).toBeUndefined();
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits.sequential).toBe(true);
  });

  it('is not said a second time to a server that never answers it', async () => {
    const clock = new WatchedClock();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await connection.answer('NOOP');
        await show(connection, data, 'here');
        await connection.answer('EPSV');
      },
      { clock },
    );
    expect(await fetchText(at.client)).toBe('here');
    await clock.running('close');
    clock.pass('close');
    expect(await at.client.closed).toMatchObject({ kind: 'timeout' });
    expect(at.traits.sequential).toBe(false);
  });
});

describe('a port that is asked for behind the running transfer', () => {
  type Script = (connection: ScriptedConnection, data: ScriptedConnection) => Promise<void>;
  type More = Parameters<typeof ahead>[1];

  /** Hears this command and what is behind it, and goes on. */
  function transferring(said: string, script: Script, more: More = {}) {
    return ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer(said);
        await connection.answer('EPSV');
        await script(connection, data);
      },
      { traits: sequential, ...more },
    );
  }

  function downloading(script: Script, more: More = {}) {
    return transferring('RETR /a', script, more);
  }

  it('is that of the next transfer, and each reply finds its command', async () => {
    await using at = await downloading(async (connection, data) => {
      const first = await dataListener();
      await show(connection, data, 'here', named(first));
      await connection.answer('STOR /b');
      await connection.answer('EPSV');
      connection.say('150 go on');
      await take(await first.connection);
      const second = await dataListener();
      connection.say('226 stored', named(second));
      await connection.answer('SIZE /b', '213 7');
      await connection.answer('RETR /b');
      await connection.answer('EPSV');
      await show(connection, await second.connection, 'content', '425 none left');
      const third = await (await offerPort(connection)).connection;
      await connection.answer('RETR /b');
      await connection.answer('EPSV');
      await show(connection, third, 'content', named(await dataListener()));
    });
    expect(await fetchText(at.client)).toBe('here');
    expect(await at.client.store('/b', content())).toBe(7);
    expect(await at.client.size('/b')).toBe(7);
    expect(await fetchText(at.client, '/b')).toBe('content');
    expect(await fetchText(at.client, '/b')).toBe('content');
  });

  it('is used although the transfer before it was refused', async () => {
    await using at = await downloading(async (connection) => {
      const next = await dataListener();
      connection.say('550 no such file', named(next));
      await connection.answer('RETR /b');
      await connection.answer('EPSV');
      await show(connection, await next.connection, 'there', named(await dataListener()));
    });
    expect(await failureOf(fetchText(at.client))).toMatchObject({ reply: { code: 550 } });
    expect(await fetchText(at.client, '/b')).toBe('there');
  });

  it('is no longer asked for there when it is named while data moves', async () => {
    await using at = await downloading(async (connection, data) => {
      connection.say('150 opening', named(await dataListener()));
      await data.startTls(identity);
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
      await offerPort(connection);
      await connection.answer('NOOP', '200 here');
    });
    expect(await fetchText(at.client)).toBe('here');
    await at.client.noop();
    expect(at.traits.sequential).toBe(false);
  });

  it('does not fail the transfer where it is refused while data moves', async () => {
    await using at = await downloading(async (connection, data) => {
      // As ProFTPD does when something else makes it read on.
      connection.say('150 opening', '450 data transfer in progress');
      await data.startTls(identity);
      data.sayRaw('here');
      data.end();
      connection.say('226 done');
      await offerPort(connection);
      await connection.answer('SIZE /a', '213 4');
    });
    expect(await fetchText(at.client)).toBe('here');
    expect(at.traits.sequential).toBe(false);
    expect(await at.client.size('/a')).toBe(4);
  });

  it('ends the session by 421, and leaves the transfer what it is', async () => {
    await using at = await downloading(async (connection, data) => {
      await show(connection, data, 'here', '421 enough');
    });
    expect(await fetchText(at.client)).toBe('here');
    expect(await at.client.closed).toMatchObject({ kind: 'closed' });
  });

  it('ends the session by a limit when it is never answered, and shifts no reply', async () => {
    const clock = new WatchedClock();
    await using at = await downloading(async (connection, data) => show(connection, data, 'here'), { clock });
    expect(await fetchText(at.client)).toBe('here');
    const size = failureOf(at.client.size('/a'));
    await clock.running('reply');
    clock.pass('reply');
    expect(await at.client.closed).toMatchObject({ kind: 'timeout', limit: 'reply' });
    expect(await size).toMatchObject({ kind: 'timeout' });
    expect(at.server.heard).not.toContain('SIZE /a');
  });

  it.each<[string, (connection: ScriptedConnection, data: ScriptedConnection) => Promise<void>]>([
    ['before 150', async (connection) => connection.cut()],
    [
      'behind 150',
      async (connection) => {
        connection.say('150 opening');
        connection.cut();
      },
    ],
    [
      'while data moves',
      async (connection, data) => {
        connection.say('150 opening');
        await data.startTls(identity);
        data.sayRaw('half');
        connection.socket.resetAndDestroy();
      },
    ],
    [
      'when all data has come',
      async (connection, data) => {
        connection.say('150 opening');
        await data.startTls(identity);
        data.sayRaw('here');
        data.end();
        await data.ended;
        connection.cut();
      },
    ],
  ])('fails as the transfer does when the session is lost %s', async (_, lose) => {
    await using at = await downloading(lose);
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'closed' });
    expect(at.traits).toMatchObject({ stepByStep: false, sequential: true });
  });

  it('is lost with the session behind a transfer that has succeeded', async () => {
    await using at = await downloading(async (connection, data) => {
      await show(connection, data, 'here');
      connection.end();
    });
    expect(await fetchText(at.client)).toBe('here');
    expect(await failureOf(at.client.size('/a'))).toMatchObject({ kind: 'closed' });
  });

  it.each([
    ['all in order', ['426 broken', '229 (|||1|)', '225 none to end']],
    ['as ProFTPD does when ABOR makes it read on', ['450 in progress', '426 broken', '226 aborted']],
    ['as Pure-FTPd does', ['229 (|||1|)', '226 aborted']],
    ['by nothing but the end of the transfer', ['426 broken']],
  ])('C-40: is forgotten behind ABOR, which is answered %s', async (_, replies) => {
    await using at = await downloading(async (connection, data) => {
      await sayHalf(connection, data);
      connection.say(...replies);
      await connection.answer('NOOP', '200 here');
      await connection.answer('SIZE /a', '213 14');
    });
    await callOff(at);
  });

  it('C-40: is forgotten behind ABOR, whose own answer may come late and is not that of the transfer', async () => {
    const log = new KeptLog();
    await using at = await downloading(
      async (connection, data) => {
        await sayHalf(connection, data);
        connection.say('550 stopped');
        await log.wrote('< 550');
        await settled();
        connection.say('226 aborted');
        await connection.answer('NOOP', '200 here');
        await connection.answer('SIZE /a', '213 14');
      },
      { log },
    );
    await callOff(at);
  });

  it.each(['426 broken', '451 disk failed', '452 disk full', '551 what', '552 quota', '553 no'])(
    'C-36, C-53: makes no success of an upload that is answered by %s and 226, which costs the session',
    async (end) => {
      const log = new KeptLog();
      await using at = await transferring(
        'STOR /a',
        async (connection, data) => {
          connection.say('150 go on');
          await take(data);
          connection.say(end);
          await log.wrote(`< ${end}`);
          await settled();
          connection.say('226 closed');
        },
        { log },
      );
      const failure = failureOf(at.client.store('/a', content()));
      expect(await failure).toMatchObject({ kind: 'refused', reply: { code: Number(end.slice(0, 3)) } });
      expect(await at.client.closed).toMatchObject({ kind: 'protocol', reply: { code: 226 } });
      expect(at.traits.sequential).toBe(true);
    },
  );

  it.each([
    ['has failed', '426 broken'],
    ['has succeeded', '226 done'],
  ])('C-53: costs the session where another reply comes with that of a transfer that %s', async (_, end) => {
    await using at = await downloading(async (connection, data) => {
      connection.say('150 opening');
      await data.startTls(identity);
      data.sayRaw('here');
      data.end();
      await data.ended;
      connection.say(end, '226 closed');
    });
    const outcome = fetchText(at.client).catch((error: unknown) => error);
    expect(await at.client.closed).toMatchObject({ kind: 'protocol', reply: { code: 226 } });
    if (end.startsWith('226')) expect(await outcome).toBe('here');
    else expect(await outcome).toMatchObject({ reply: { code: 426 } });
  });

  it.each<[string, string, (client: FtpsClient) => Promise<unknown>]>([
    ['an upload', 'STOR /a', (client) => client.store('/a', content())],
    ['a download', 'RETR /a', (client) => fetchText(client)],
    ['a listing', 'MLSD /', (client) => client.list('/')],
  ])(
    'C-54: ends the session by a limit where it is not answered when %s has failed',
    async (_, said, transfer) => {
      const clock = new WatchedClock();
      const log = new KeptLog();
      await using at = await transferring(
        said,
        async (connection, data) => {
          connection.say('150 go on');
          await data.startTls(identity);
          if (!said.startsWith('STOR')) data.end();
          await data.ended;
          data.end();
          await clock.running('reply');
          connection.say('550 disk failed');
        },
        { clock, log },
      );
      const failure = failureOf(transfer(at.client));
      await log.wrote('< 550');
      await settled();
      expect(clock.pending()).toContain(limits.reply);
      clock.pass('reply');
      expect(await failure).toMatchObject({ kind: 'refused', reply: { code: 550 } });
      expect(await at.client.closed).toMatchObject({ kind: 'timeout', limit: 'reply' });
    },
  );

  it.each([
    ['ABOR', 'ABOR'],
    ['a refusal that may be its own', '450 in progress'],
  ])(
    'C-54: ends the session by a limit where it is not answered when %s has ended the transfer',
    async (_, end) => {
      const clock = new WatchedClock();
      const log = new KeptLog();
      const abort = new AbortController();
      await using at = await downloading(
        async (connection, data) => {
          connection.say('150 opening');
          await data.startTls(identity);
          if (end === 'ABOR') {
            abort.abort();
            await connection.answer(end, '450 you hung up');
          } else {
            connection.say(end);
          }
        },
        { clock, log },
      );
      const failure = failureOf(fetchText(at.client, '/a', abort.signal));
      await log.wrote('< 450');
      await settled();
      abort.abort();
      expect(await failure).toMatchObject({ kind: 'aborted' });
      const next = failureOf(at.client.size('/a'));
      await settled();
      const [due = 0] = clock.pending();
      expect(due).toBeGreaterThan(0);
      clock.advance(due);
      expect(await next).toMatchObject({ kind: 'timeout' });
      expect(await at.client.closed).toMatchObject({ kind: 'timeout' });
    },
  );

  it('is not asked for there beside NOOP that keep the connection', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await connection.answer('RETR /a');
        await show(connection, data, 'here');
        await offerPort(connection);
      },
      { traits: sequential, transferKeepAlive: 1_000_000 },
    );
    expect(await fetchText(at.client)).toBe('here');
  });
});
