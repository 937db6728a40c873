import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { FtpsClient } from '../../src/client/ftpsClient.ts';
import type { ServerTraits } from '../../src/client/serverTraits.ts';
import type { ScriptedConnection } from '../support/scriptedServer.ts';
import { bareTraits, failureOf, offerPort, openData } from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';

async function fetch(client: FtpsClient, expectedSize: number): Promise<string> {
  const sink = new PassThrough();
  const [content] = await Promise.all([buffer(sink), client.retrieve('/a', sink, { expectedSize })]);
  return content.toString();
}

/** Of a server that is spoken to step by step in all but this. */
function traits(): ServerTraits {
  const careful = {
    bearsFlights: false,
    sequential: false,
    clientHelloEarly: false,
    preparedBearable: false,
  };
  return { ...bareTraits(), ...careful, stepByStep: false, loginInOneFlight: false };
}

/** Hears a transfer command, and the end of the connection at the client's side with its handshake. */
async function openEnded(connection: ScriptedConnection, command: string): Promise<ScriptedConnection> {
  const listener = await offerPort(connection);
  const data = await listener.connection;
  const ended = once(data.socket, 'end');
  await connection.answer(command, '150 opening');
  // Under a stream of its own the end of the socket shows, whatever TLS makes of it.
  await data.startTls(identity, { detachable: true });
  await ended;
  return data;
}

describe('a file that is believed to be small', () => {
  it('C-37: has its data connection ended at this side before the data comes', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const data = await openEnded(connection, 'RETR /a');
        data.sayRaw('small');
        data.end();
        connection.say('226 done');
      },
      { traits: traits() },
    );
    expect(await fetch(at.client, 5)).toBe('small');
  });

  it('may have grown meanwhile: what comes is what counts', async () => {
    const large = 'grown '.repeat(20_000);
    await using at = await sessionWith(
      async (connection) => {
        const data = await openEnded(connection, 'RETR /a');
        data.sayRaw(large);
        data.end();
        connection.say('226 done');
      },
      { traits: traits() },
    );
    expect(await fetch(at.client, 5)).toBe(large);
  });

  it('is fetched like a large one once more has come than is held in memory', async () => {
    const huge = Buffer.alloc(2 * 1024 * 1024, 'huge ');
    await using at = await sessionWith(
      async (connection) => {
        const cut = await openEnded(connection, 'RETR /a');
        // A server that has nothing more to write does not notice that nobody reads it.
        for (cut.sayRaw(huge); !cut.socket.destroyed; cut.sayRaw('more ')) await new Promise(setImmediate);
        connection.say('426 you hung up');
        const data = await openData(connection, 'RETR /a');
        data.sayRaw(huge);
        data.end();
        await data.ended;
        connection.say('226 done');
      },
      { traits: traits() },
    );
    expect(Buffer.from(await fetch(at.client, 5)).equals(huge)).toBe(true);
  });

  it('C-37: is asked for again, and waited for, where the server takes that for the end', async () => {
    const learnt = traits();
    await using at = await sessionWith(
      async (connection) => {
        const cut = await openEnded(connection, 'RETR /a');
        cut.sayRaw('sm');
        cut.socket.destroy();
        connection.say('426 you hung up');
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('small');
        data.end();
        await data.ended;
        connection.say('226 done');
        const next = await openData(connection, 'RETR /a');
        next.sayRaw('again');
        next.end();
        await next.ended;
        connection.say('226 done');
      },
      { traits: learnt },
    );
    expect(await fetch(at.client, 5)).toBe('small');
    expect(learnt.earlyEnd).toBe(false);
    expect(await fetch(at.client, 5)).toBe('again');
  });

  it.each([
    ['which it is', 'small', false],
    ['unless it has shrunk', 'sm', true],
  ])(
    'is asked for again where less of it came than was believed, as if the server had cut it in good order, %s',
    async (_, content, bearsIt) => {
      const learnt = traits();
      await using at = await sessionWith(
        async (connection) => {
          const short = await openEnded(connection, 'RETR /a');
          short.sayRaw('sm');
          short.end();
          connection.say('226 done');
          const data = await openData(connection, 'RETR /a');
          data.sayRaw(content);
          data.end();
          await data.ended;
          connection.say('226 done');
        },
        { traits: learnt },
      );
      expect(await fetch(at.client, 5)).toBe(content);
      expect(learnt.earlyEnd).toBe(bearsIt);
    },
  );

  it('may have grown, and be cut for that: it is asked for again, and nothing is remembered', async () => {
    const learnt = traits();
    const large = 'grown '.repeat(20_000);
    await using at = await sessionWith(
      async (connection) => {
        const cut = await openEnded(connection, 'RETR /a');
        cut.sayRaw('grown ');
        cut.socket.destroy();
        connection.say('226 done');
        const data = await openData(connection, 'RETR /a');
        data.sayRaw(large);
        data.end();
        await data.ended;
        connection.say('226 done');
      },
      { traits: learnt },
    );
    expect(await fetch(at.client, 5)).toBe(large);
    expect(learnt.earlyEnd).toBe(true);
  });

  it('C-38: is an error where it is cut both times, and nothing is remembered', async () => {
    const learnt = traits();
    await using at = await sessionWith(
      async (connection) => {
        for (let times = 0; times < 2; times++) {
          const data = await openData(connection, 'RETR /a');
          data.sayRaw('sm');
          data.socket.destroy();
          connection.say('451 the disk is broken');
        }
      },
      { traits: learnt },
    );
    const sink = new PassThrough().resume();
    const error = await failureOf(at.client.retrieve('/a', sink, { expectedSize: 5 }));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 451 } });
    expect(learnt.earlyEnd).toBe(true);
  });

  it('is asked for once where there is none', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await offerPort(connection);
        await connection.answer('RETR /a', '550 no such file');
      },
      { traits: traits() },
    );
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { expectedSize: 5 }));
    expect(await failure).toMatchObject({ kind: 'refused', reply: { code: 550 } });
  });

  it('is fetched as any other where it is not so small', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('not so small');
        data.end();
        await data.ended;
        connection.say('226 done');
      },
      { traits: traits() },
    );
    expect(await fetch(at.client, 100_000)).toBe('not so small');
  });
});
