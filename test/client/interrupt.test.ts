import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, KeptLog, offerPort, openData, optionsFor, welcome } from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

/** A download that is aborted when its first bytes are there, on a server that goes on like this. */
async function interrupted(
  script: (connection: ScriptedConnection, data: ScriptedConnection) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  await using at = await sessionWith(async (connection) => {
    const data = await openData(connection, 'RETR /a');
    data.sayRaw('half of');
    await script(connection, data);
    // Nothing is shifted: the next command has its own reply.
    await connection.answer('SIZE /a', '213 14');
  });
  const onProgress = (): void => abort.abort();
  const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { onProgress }, abort.signal));
  expect(await failure).toMatchObject({ kind: 'aborted' });
  expect(await at.client.size('/a')).toBe(14);
}

describe('a transfer that is interrupted by ABOR', () => {
  it.each([
    ['as RFC 959 says', ['426 aborted', '226 done']],
    ['as ProFTPD does', ['226 Abort successful', '426 Transfer aborted']],
    ['when all was sent already', ['226 Transfer complete', '225 No transfer to ABOR']],
    ['by a server that has no ABOR', ['426 broken', '502 what']],
    ['by one reply for both', ['426 aborted']],
    ['by one reply more', ['426 aborted', '226 done', '226 really']],
  ])('C-40: leaves the session in order, when it is answered %s', async (_, replies) => {
    await interrupted(async (connection, data) => {
      await connection.answer('ABOR');
      await data.ended;
      const [first = '', ...others] = replies;
      connection.say(first);
      await connection.hear();
      connection.say(...others, '200 here');
    });
  });

  it('C-40: leaves the session in order, when both replies come in one packet', async () => {
    await interrupted(async (connection, data) => {
      await connection.answer('ABOR');
      await data.ended;
      connection.say('226 Abort successful', '426 Transfer aborted');
      await connection.answer('NOOP', '200 here');
    });
  });

  it('C-40: leaves the session in order on a server that has no NOOP', async () => {
    await interrupted(async (connection, data) => {
      await connection.answer('ABOR', '426 aborted', '226 done');
      await data.ended;
      await connection.answer('NOOP', '500 what');
    });
  });

  it('C-40: is left unread by the server until the data has ended, which it therefore does at once', async () => {
    await interrupted(async (connection, data) => {
      // As vsftpd: it looks at the data first.
      await data.ended;
      connection.say('426 Failure writing network stream.');
      await connection.answer('ABOR', '225 No transfer to ABOR.');
      await connection.answer('NOOP', '200 here');
    });
  });

  it('C-40: says ABOR before it stops the data', async () => {
    const order: string[] = [];
    await interrupted(async (connection, data) => {
      const stopped = data.ended.then(() => order.push('end of data'));
      await connection.answer('ABOR');
      order.push('ABOR');
      await stopped;
      connection.say('426 aborted', '226 done');
      await connection.answer('NOOP', '200 here');
    });
    expect(order).toEqual(['ABOR', 'end of data']);
  });

  it('C-40: may be an upload', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await connection.answer('ABOR');
      await data.ended;
      connection.say('426 aborted', '226 done');
      await connection.answer('NOOP', '200 here');
    });
    const source = new Readable({ read: () => source.push('x') });
    const onProgress = (): void => abort.abort();
    const failure = failureOf(at.client.store('/a', source, { onProgress }, abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
  });

  it('C-40: is not said behind the final reply, though data is still coming', async () => {
    const abort = new AbortController();
    const log = new KeptLog();
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'RETR /a');
        connection.say('226 done, says the server');
        await log.wrote('< 226');
        data.sayRaw('half of');
        await data.ended;
      },
      { log },
    );
    const onProgress = (): void => abort.abort();
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { onProgress }, abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
  });

  it('C-40: ends the session where the server says 421 to it', async () => {
    const abort = new AbortController();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('half of');
      await connection.answer('ABOR', '421 enough');
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const onProgress = (): void => abort.abort();
    await failureOf(client.retrieve('/a', new PassThrough(), { onProgress }, abort.signal));
    expect(await client.closed).toMatchObject({ kind: 'closed' });
  });

  it('C-53: does not swallow a reply too many that comes behind the fence', async () => {
    const abort = new AbortController();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('half of');
      await connection.answer('ABOR', '426 aborted', '226 done');
      await connection.answer('NOOP', '200 here', '226 what is this');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const onProgress = (): void => abort.abort();
    await failureOf(client.retrieve('/a', new PassThrough(), { onProgress }, abort.signal));
    expect(await client.closed).toMatchObject({ kind: 'protocol' });
  });
});

describe('what is said beside a transfer', () => {
  it.each(['211', '212', '213'])(
    'C-40: STAT is ordinary data, and its %s is not taken for the reply to the transfer',
    async (code) => {
      await using at = await sessionWith(async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('half of');
        await connection.answer('STAT', `${code}-Status`, ' 7 bytes', `${code} End`);
        data.sayRaw(' all');
        data.end();
        connection.say('226 done');
      });
      let status: Promise<readonly string[]> | undefined;
      const onProgress = (): void => {
        status ??= at.client.status();
      };
      expect(await at.client.retrieve('/a', new PassThrough().resume(), { onProgress })).toBe(11);
      expect(await status).toEqual(['Status', ' 7 bytes', 'End']);
    },
  );

  it('C-40: STAT that is answered only behind the transfer has its own reply too', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('all');
      await connection.answer('STAT');
      data.end();
      connection.say('226 done', '211 idle');
    });
    let status: Promise<readonly string[]> | undefined;
    const onProgress = (): void => {
      status ??= at.client.status();
    };
    expect(await at.client.retrieve('/a', new PassThrough().resume(), { onProgress })).toBe(3);
    expect(await status).toEqual(['idle']);
  });

  it('C-40: STAT that the server does not know then fails by itself', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('all');
      await connection.answer('STAT', '500 what');
      data.end();
      connection.say('226 done');
    });
    let status: Promise<unknown> | undefined;
    const onProgress = (): void => {
      status ??= failureOf(at.client.status());
    };
    expect(await at.client.retrieve('/a', new PassThrough().resume(), { onProgress })).toBe(3);
    expect(await status).toMatchObject({ kind: 'refused', reply: { code: 500 } });
  });

  it('STAT waits for its turn while nothing moves', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('STAT', '211 idle');
    });
    expect(await at.client.status()).toEqual(['idle']);
  });

  it.each([
    ['before that of the transfer', ['200 here', '226 done']],
    ['behind that of the transfer', ['226 done', '200 here']],
  ])('C-54: NOOP is said where the user wants it, and its reply is counted %s', async (_, replies) => {
    const clock = new WatchedClock();
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('all');
        await clock.running(45_000);
        clock.advance(45_000);
        await connection.answer('NOOP');
        data.end();
        await data.ended;
        connection.say(...replies);
        await connection.answer('SIZE /a', '213 3');
      },
      { clock, transferKeepAlive: 45_000, timeouts: { dataIdle: 100_000 } },
    );
    expect(await at.client.retrieve('/a', new PassThrough().resume())).toBe(3);
    expect(await at.client.size('/a')).toBe(3);
    expect(clock.runs(45_000)).toBe(false);
  });

  it('C-54: NOOP is not said to a server that has not said yet that it transfers', async () => {
    const clock = new WatchedClock();
    await using at = await sessionWith(
      async (connection) => {
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a');
        await data.startTls(identity);
        data.sayRaw('all');
        await clock.running(45_000);
        clock.advance(45_000);
        await clock.running(45_000);
        data.end();
        connection.say('226 done');
      },
      { clock, preliminaryReply: 'ignored', transferKeepAlive: 45_000, timeouts: { dataIdle: 100_000 } },
    );
    expect(await at.client.retrieve('/a', new PassThrough().resume())).toBe(3);
  });

  it('C-40, C-54: both, ABOR and NOOP, are told apart', async () => {
    const clock = new WatchedClock();
    const abort = new AbortController();
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('half of');
        await clock.running(45_000);
        clock.advance(45_000);
        await connection.answer('NOOP');
        abort.abort();
        await connection.answer('ABOR');
        await data.ended;
        connection.say('426 aborted');
        await connection.answer('NOOP', '200 the first', '226 done', '200 the second');
      },
      { clock, transferKeepAlive: 45_000, timeouts: { dataIdle: 100_000 } },
    );
    const failure = failureOf(at.client.retrieve('/a', new PassThrough().resume(), {}, abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
  });
});
