import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
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

  it('does not go to the session it comes from', async () => {
    await using at = await plainSession(async () => {});
    const failure = failureOf(at.client.copyTo(at.client, '/a', '/b'));
    expect(await failure).toMatchObject({ kind: 'invalidArgument' });
  });
});
