import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { until } from '../support/until.ts';
import { admit, failureOf, optionsFor, setUpImplicit } from './dialogue.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

async function plainSession(
  script: (connection: ScriptedConnection) => Promise<void>,
  host = '127.0.0.1',
): Promise<{ readonly client: FtpsClient } & AsyncDisposable> {
  const server = await ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    await admit(connection);
    await setUpImplicit(connection);
    await script(connection);
    await connection.answer('NOOP', '200 here');
  }, host);
  const client = await FtpsClient.connect(optionsFor(server, { security: 'none', host }));
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.noop();
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a file that goes from server to server', () => {
  it('C-27: goes nowhere while data is protected: neither server would be the client of TLS', async () => {
    await using from = await sessionWith(async () => {});
    await using to = await sessionWith(async () => {});
    const error = await failureOf(from.client.copyTo(to.client, '/a', '/b'));
    expect(error).toMatchObject({ kind: 'unsupported' });
  });

  it('C-27: goes nowhere while one of the two protects data', async () => {
    await using from = await plainSession(async () => {});
    await using to = await sessionWith(async () => {});
    expect(await failureOf(from.client.copyTo(to.client, '/a', '/b'))).toMatchObject({ kind: 'unsupported' });
    expect(await failureOf(to.client.copyTo(from.client, '/a', '/b'))).toMatchObject({ kind: 'unsupported' });
  });

  it('C-18: goes nowhere in clear unless that is allowed', async () => {
    await using from = await sessionWith(async (connection) => {
      await connection.answer('PROT C', '200 clear');
    });
    await using to = await plainSession(async () => {});
    await from.client.setProtection('C');
    const error = await failureOf(from.client.copyTo(to.client, '/a', '/b'));
    expect(error).toMatchObject({ kind: 'securityRefused' });
  });

  it('C-30: goes in clear to the port that the first names, at the address of its control connection', async () => {
    await using from = await plainSession(async (connection) => {
      await connection.answer('PASV', '227 (203,0,113,9,200,5)');
      await connection.answer('RETR /a', '150 opening', '226 done');
    }, '127.0.0.2');
    await using to = await plainSession(async (connection) => {
      await connection.answer('PORT 127,0,0,2,200,5', '200 ok');
      await connection.answer('STOR /b', '150 opening', '226 done');
    });
    await from.client.copyTo(to.client, '/a', '/b');
  });

  it.each([
    ['PASV', ['PASV', '500 no'], []],
    ['PORT', ['PASV', '227 (127,0,0,1,200,5)'], ['PORT 127,0,0,1,200,5', '500 not to strangers']],
  ])('C-27: fails where %s is refused', async (_, first, second) => {
    const answer = async (connection: ScriptedConnection, [command, reply]: string[]): Promise<void> => {
      if (command !== undefined && reply !== undefined) await connection.answer(command, reply);
    };
    await using from = await plainSession((connection) => answer(connection, first));
    await using to = await plainSession((connection) => answer(connection, second));
    const error = await failureOf(from.client.copyTo(to.client, '/a', '/b'));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 500 } });
  });

  it('fails where one of the two fails', async () => {
    await using from = await plainSession(async (connection) => {
      await connection.answer('PASV', '227 (127,0,0,1,200,5)');
      await connection.answer('RETR /a', '150 opening', '426 broken');
    });
    await using to = await plainSession(async (connection) => {
      await connection.answer('PORT 127,0,0,1,200,5', '200 ok');
      await connection.answer('STOR /b', '150 opening', '226 done');
    });
    const error = await failureOf(from.client.copyTo(to.client, '/a', '/b'));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 426 } });
  });

  it.each([
    ['refuses', 'refused'],
    ['is lost', 'closed'],
  ])('keeps neither session for long where one %s and the other waits for it', async (what, kind) => {
    const clock = new WatchedClock();
    const enter = async (connection: ScriptedConnection): Promise<void> => {
      connection.say('220 ready');
      await admit(connection);
      await setUpImplicit(connection);
    };
    await using from = await ScriptedServer.listen(async (connection) => {
      await enter(connection);
      await connection.answer('PASV', '227 (127,0,0,1,200,5)');
      await connection.answer('RETR /a');
    });
    await using to = await ScriptedServer.listen(async (connection) => {
      await enter(connection);
      await connection.answer('PORT 127,0,0,1,200,5', '200 ok');
      await connection.answer('STOR /b', ...(what === 'refuses' ? ['553 no'] : []));
      if (what !== 'refuses') connection.end();
    });
    const options = { security: 'none', clock } as const;
    const [source, target] = [
      await FtpsClient.connect(optionsFor(from, options)),
      await FtpsClient.connect(optionsFor(to, options)),
    ];
    const failure = failureOf(source.copyTo(target, '/a', '/b'));
    await clock.running('close');
    clock.pass('close');
    expect(await failure).toMatchObject({ kind });
    expect(await source.closed).toMatchObject({ kind: 'timeout', limit: 'close' });
    target.destroy();
  });

  /** Two plain sessions on one clock: one that is to hand over, the other to take. */
  async function pair(
    giving: (connection: ScriptedConnection) => Promise<void>,
    taking: (connection: ScriptedConnection) => Promise<void>,
  ) {
    const clock = new WatchedClock();
    const connect = async (script: (connection: ScriptedConnection) => Promise<void>) => {
      const server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await admit(connection);
        await setUpImplicit(connection);
        await script(connection);
      });
      const client = await FtpsClient.connect(optionsFor(server, { security: 'none', clock }));
      return { server, client };
    };
    const [from, to] = [await connect(giving), await connect(taking)];
    return {
      clock,
      from: from.client,
      to: to.client,
      done: () => Promise.all([from.server.done(), to.server.done()]),
      async [Symbol.asyncDispose]() {
        for (const { client, server } of [from, to]) {
          client.destroy();
          await server[Symbol.asyncDispose]();
        }
      },
    };
  }

  /** Hears what comes of `copyTo`, at either end, and says this to the transfer. */
  async function hand(connection: ScriptedConnection, ...replies: string[]): Promise<void> {
    await connection.answer('PASV', '227 (127,0,0,1,200,5)');
    await connection.answer('RETR /a', ...replies);
  }
  async function take(connection: ScriptedConnection, ...replies: string[]): Promise<void> {
    await connection.answer('PORT 127,0,0,1,200,5', '200 ok');
    await connection.answer('STOR /b', ...replies);
  }

  it('C-54: fails by the limit of a reply where neither server begins', async () => {
    await using at = await pair(hand, take);
    const failure = failureOf(at.from.copyTo(at.to, '/a', '/b'));
    await at.done();
    at.clock.pass('reply');
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'reply' });
    expect(await at.from.closed).toMatchObject({ kind: 'timeout' });
    expect(await at.to.closed).toMatchObject({ kind: 'timeout' });
  });

  it.each([
    ['the first', ['150 opening', '226 done'], ['150 opening']],
    ['the second', ['150 opening'], ['150 opening', '226 done']],
  ])('C-54: fails by the limit of idle data where only %s is done', async (_, gives, takes) => {
    await using at = await pair(
      (connection) => hand(connection, ...gives),
      (connection) => take(connection, ...takes),
    );
    const failure = failureOf(at.from.copyTo(at.to, '/a', '/b'));
    await at.clock.running('dataIdle');
    at.clock.pass('dataIdle');
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'dataIdle' });
  });

  it('C-54: may take long, and not for ever', async () => {
    const day = 24 * 60 * 60 * 1000;
    await using at = await pair(
      (connection) => hand(connection, '150 opening'),
      (connection) => take(connection, '150 opening'),
    );
    const failure = failureOf(at.from.copyTo(at.to, '/a', '/b'));
    await at.clock.running(day);
    await until(() => at.clock.pending().length <= 1);
    at.clock.advance(day - 1);
    expect([at.from.isOpen, at.to.isOpen]).toEqual([true, true]);
    at.clock.advance(1);
    expect(await failure).toMatchObject({ kind: 'timeout' });
    expect([at.from.isOpen, at.to.isOpen]).toEqual([false, false]);
  });

  it('C-40: is interrupted at both servers when it is aborted, and both sessions go on', async () => {
    const abort = new AbortController();
    const interrupted = async (connection: ScriptedConnection): Promise<void> => {
      await connection.answer('ABOR', '426 you hung up', '226 aborted');
      await connection.answer('NOOP', '200 here');
      await connection.answer('SIZE /a', '213 5');
    };
    await using at = await pair(
      async (connection) => {
        await hand(connection, '150 opening');
        await interrupted(connection);
      },
      async (connection) => {
        await take(connection);
        abort.abort();
        await interrupted(connection);
      },
    );
    expect(await failureOf(at.from.copyTo(at.to, '/a', '/b', abort.signal))).toMatchObject({
      kind: 'aborted',
    });
    expect(await Promise.all([at.from.size('/a'), at.to.size('/a')])).toEqual([5, 5]);
  });

  it('C-54: that is aborted ends both sessions by a limit where the servers say no more', async () => {
    const abort = new AbortController();
    await using at = await pair(
      (connection) => hand(connection),
      async (connection) => {
        await take(connection);
        abort.abort();
        await connection.answer('ABOR', '150 opening');
      },
    );
    const failure = failureOf(at.from.copyTo(at.to, '/a', '/b', abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
    await at.clock.running('reply');
    at.clock.pass('close');
    expect(await at.from.closed).toMatchObject({ kind: 'timeout', limit: 'close' });
    expect(await at.to.closed).toMatchObject({ kind: 'timeout' });
  });

  it('is said no more when it is aborted before', async () => {
    const abort = new AbortController();
    await using at = await pair(
      async (connection) => {
        await connection.answer('PASV');
        abort.abort();
        connection.say('227 (127,0,0,1,200,5)');
        await connection.answer('NOOP', '200 here');
      },
      async (connection) => {
        await connection.answer('PORT 127,0,0,1,200,5', '200 ok');
        await connection.answer('NOOP', '200 here');
      },
    );
    expect(await failureOf(at.from.copyTo(at.to, '/a', '/b', abort.signal))).toMatchObject({
      kind: 'aborted',
    });
    await at.from.noop();
    await at.to.noop();
  });

  it('does not wait for one that goes the opposite way, which would wait for it', async () => {
    const both = async (connection: ScriptedConnection): Promise<void> => {
      for (let times = 0; times < 2; times += 1) {
        const line = await connection.hear();
        if (line === 'PASV') {
          connection.say('227 (127,0,0,1,200,5)');
          await connection.answer('RETR /a', '150 opening', '226 done');
        } else {
          connection.say('200 ok');
          await connection.answer('STOR /b', '150 opening', '226 done');
        }
      }
    };
    await using at = await pair(both, both);
    await Promise.all([at.from.copyTo(at.to, '/a', '/b'), at.to.copyTo(at.from, '/a', '/b')]);
  });

  it('does not go to the session it comes from', async () => {
    await using at = await plainSession(async () => {});
    const failure = failureOf(at.client.copyTo(at.client, '/a', '/b'));
    expect(await failure).toMatchObject({ kind: 'invalidArgument' });
  });
});
