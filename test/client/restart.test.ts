import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { dataListener, ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, offerPort, optionsFor, welcome } from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

async function fetch(client: FtpsClient, offset = 0): Promise<string> {
  const sink = new PassThrough();
  const [content] = await Promise.all([buffer(sink), client.retrieve('/a', sink, { offset })]);
  return content.toString();
}

describe('a download from an offset', () => {
  it('C-41: says REST right before RETR', async () => {
    await using at = await sessionWith(async (connection) => {
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('REST 4', '350 go on');
      await connection.answer('RETR /a', '150 opening');
      await data.startTls(identity);
      data.sayRaw('ent');
      data.end();
      connection.say('226 done');
    });
    expect(await fetch(at.client, 4)).toBe('ent');
  });

  it('C-41: transfers nothing when REST is refused', async () => {
    await using at = await sessionWith(async (connection) => {
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('REST 4', '502 no');
      await data.ended;
    });
    const sink = new PassThrough();
    const error = await failureOf(at.client.retrieve('/a', sink, { offset: 4 }));
    expect(error).toMatchObject({ kind: 'refused', step: 'transfer', reply: { code: 502 } });
    expect(error.message).toContain('REST');
    expect(sink.destroyed).toBe(true);
  });

  it('C-41: takes the marker back when RETR is refused, so that the next transfer begins at the beginning', async () => {
    await using at = await sessionWith(async (connection) => {
      await offerPort(connection);
      await connection.answer('REST 4', '350 go on');
      await connection.answer('RETR /a', '550 no such file');
      await connection.answer('REST 0', '350 go on');
    });
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { offset: 4 }));
    expect(await failure).toMatchObject({ kind: 'refused', reply: { code: 550 } });
  });

  it.each([
    [
      'takes the marker back when RETR is refused after this side has given it up',
      ['425 no connection'],
      true,
    ],
    ['leaves the marker to RETR when that begins after all', ['150 opening', '426 broken'], false],
  ])('C-41: %s', async (_, late, isTakenBack) => {
    const clock = new WatchedClock();
    await using at = await sessionWith(
      async (connection) => {
        const data = await (await offerPort(connection)).connection;
        await connection.answer('REST 4', '350 go on');
        await connection.answer('RETR /a');
        await clock.running(500);
        clock.advance(500);
        await data.hearAnything();
        clock.pass('tls');
        await data.ended;
        connection.say(...late);
        if (isTakenBack) await connection.answer('REST 0', '350 go on');
      },
      { clock },
    );
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { offset: 4 }));
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'tls' });
  });

  it('fails at once when this side does, whatever the server still has to say', async () => {
    let tell = (): void => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await using at = await sessionWith(async (connection) => {
      const data = await (await offerPort(connection)).connection;
      await connection.answer('REST 4', '350 go on');
      await connection.answer('RETR /a', '150 opening');
      await data.startTls(identity);
      data.sayRaw('ent');
      await data.ended;
      await told;
      connection.say('426 you hung up');
    });
    const sink = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
    await expect(at.client.retrieve('/a', sink, { offset: 4 })).rejects.toThrow('disk full');
    tell();
  });

  it('C-41: has no marker to take back when the session ends with the refusal', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await offerPort(connection);
      await connection.answer('REST 4', '350 go on');
      await connection.answer('RETR /a', '421 enough');
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const failure = failureOf(client.retrieve('/a', new PassThrough(), { offset: 4 }));
    expect(await failure).toMatchObject({ kind: 'closed' });
    expect(server.heard.at(-1)).toBe('RETR /a');
  });

  it.each([-1, 0.5, Number.NaN])('is refused here when that is %d', async (offset) => {
    await using at = await sessionWith(async () => {});
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { offset }));
    expect(await failure).toMatchObject({ kind: 'invalidArgument' });
  });
});

describe('a plain download', () => {
  it('is as good without TLS, for those who chose that', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('USER ada', '230 in');
      await connection.answer('FEAT', '500 no');
      await connection.answer('OPTS UTF8 ON', '500 no');
      await connection.answer('TYPE I', '200 binary');
      const listener = await dataListener();
      await connection.answer('EPSV', `229 (|||${listener.port}|)`);
      const data = await listener.connection;
      await connection.answer('RETR /a', '150 opening');
      data.sayRaw('content');
      data.end();
      await data.ended;
      connection.say('226 done');
    });
    const client = await FtpsClient.connect(optionsFor(server, { security: 'none' }));
    expect(await fetch(client)).toBe('content');
    expect(client.report()).toMatchObject({ protection: 'C', tlsVersion: undefined, fingerprint: undefined });
    client.destroy();
  });
});
