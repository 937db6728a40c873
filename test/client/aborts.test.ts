import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  greetSecurely,
  hearAbort,
  offerPort,
  openData,
  optionsFor,
  welcome,
} from './dialogue.ts';
import { sessionWith } from './session.ts';
import { limits, WatchedClock } from './watchedClock.ts';

const cancelled = new Error('the user changed his mind');

describe('an attempt to connect that is aborted', () => {
  it('before it begins says nothing to anybody', async () => {
    await using server = await ScriptedServer.listen(() => {});
    const failure = failureOf(FtpsClient.connect(optionsFor(server), AbortSignal.abort(cancelled)));
    expect(await failure).toMatchObject({ kind: 'aborted', cause: cancelled });
    expect(server.connections).toEqual([]);
  });

  it('at the look-up ends at once', async () => {
    const abort = new AbortController();
    const clock = new WatchedClock();
    const options = optionsFor({ port: 21 }, { host: 'ftp.example.org', clock, lookup: () => {} });
    const failure = failureOf(FtpsClient.connect(options, abort.signal));
    abort.abort(cancelled);
    expect(await failure).toMatchObject({ kind: 'aborted' });
    expect(clock.pending()).toEqual([]);
  });

  it.each<[string, (connection: ScriptedConnection) => Promise<void> | void]>([
    ['the greeting', () => {}],
    [
      'AUTH',
      async (connection) => {
        connection.say('220 ready');
        await connection.hear();
      },
    ],
    [
      'the TLS handshake',
      async (connection) => {
        connection.say('220 ready');
        await connection.answer('AUTH TLS', '234 go');
        await connection.hearAnything();
      },
    ],
    [
      'USER',
      async (connection) => {
        await greetSecurely(connection);
        await connection.hear();
      },
    ],
    [
      'the set-up',
      async (connection) => {
        await greetSecurely(connection);
        await admit(connection);
        await connection.hear();
      },
    ],
  ])('at %s ends at once, and the connection is closed', async (_, script) => {
    const abort = new AbortController();
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(script);
    const failure = failureOf(FtpsClient.connect(optionsFor(server, { clock }), abort.signal));
    await server.done();
    abort.abort(cancelled);
    expect(await failure).toMatchObject({ kind: 'aborted', cause: cancelled });
    expect(clock.pending()).toEqual([]);
    await Promise.all(server.connections.map((connection) => connection.ended));
  });
});

describe('a call that is aborted', () => {
  it.each<[string, (client: FtpsClient, signal: AbortSignal) => Promise<unknown>]>([
    ['workingDirectory', (client, signal) => client.workingDirectory(signal)],
    ['list', (client, signal) => client.list('/', signal)],
    ['stat', (client, signal) => client.stat('/a', signal)],
    ['size', (client, signal) => client.size('/a', signal)],
    ['modifiedAt', (client, signal) => client.modifiedAt('/a', signal)],
    ['setModifiedAt', (client, signal) => client.setModifiedAt('/a', 0, signal)],
    ['setMode', (client, signal) => client.setMode('/a', 0o644, signal)],
    ['retrieve', (client, signal) => client.retrieve('/a', new PassThrough(), {}, signal)],
    ['store', (client, signal) => client.store('/a', Readable.from(['x']), {}, signal)],
    ['createDirectory', (client, signal) => client.createDirectory('/a', signal)],
    ['removeDirectory', (client, signal) => client.removeDirectory('/a', signal)],
    ['deleteFile', (client, signal) => client.deleteFile('/a', signal)],
    ['rename', (client, signal) => client.rename('/a', '/b', signal)],
    ['noop', (client, signal) => client.noop(signal)],
  ])('before it begins says nothing: %s', async (_, call) => {
    await using at = await sessionWith(async () => {}, { features: ['MFMT'] });
    const failure = failureOf(call(at.client, AbortSignal.abort(cancelled)));
    expect(await failure).toMatchObject({ kind: 'aborted', cause: cancelled });
  });

  it('while its reply is due gives up on the reply, not on the order of replies', async () => {
    const abort = new AbortController();
    let failed: Promise<unknown> = Promise.resolve();
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SIZE /a');
      abort.abort(cancelled);
      await failed;
      connection.say('213 1');
      await connection.answer('SIZE /b', '213 2');
    });
    failed = failureOf(at.client.size('/a', abort.signal));
    const next = at.client.size('/b');
    expect(await failed).toMatchObject({ kind: 'aborted' });
    expect(await next).toBe(2);
  });

  it('while it waits for its turn is never said', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      abort.abort(cancelled);
      data.end();
      connection.say('226 done');
    });
    const first = at.client.retrieve('/a', new PassThrough().resume());
    const sink = new PassThrough();
    const second = failureOf(at.client.retrieve('/b', sink, {}, abort.signal));
    const third = failureOf(at.client.deleteFile('/b', abort.signal));
    expect(await second).toMatchObject({ kind: 'aborted' });
    expect(await third).toMatchObject({ kind: 'aborted' });
    expect(sink.destroyed).toBe(true);
    expect(await first).toBe(0);
  });
});

describe('a transfer that is aborted', () => {
  it('at EPSV ends at once; the session goes on when the reply has come', async () => {
    const abort = new AbortController();
    let failed: Promise<unknown> = Promise.resolve();
    await using at = await sessionWith(async (connection) => {
      await connection.answer('EPSV');
      abort.abort(cancelled);
      await failed;
      connection.say('229 (|||1|)');
    });
    const sink = new PassThrough();
    failed = failureOf(at.client.retrieve('/a', sink, {}, abort.signal));
    expect(await failed).toMatchObject({ kind: 'aborted' });
    expect(sink.destroyed).toBe(true);
  });

  it('C-41: at REST takes the marker back, so that the next transfer begins at the beginning', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      const listener = await offerPort(connection);
      await listener.connection;
      await connection.answer('REST 5');
      abort.abort(cancelled);
      connection.say('350 go on');
      await connection.answer('REST 0', '350 go on');
    });
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { offset: 5 }, abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
  });

  it('at CWD, before LIST, says no LIST', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('CWD /a');
        abort.abort(cancelled);
        connection.say('250 there');
      },
      { features: [] },
    );
    expect(await failureOf(at.client.list('/a', abort.signal))).toMatchObject({ kind: 'aborted' });
  });

  it.each<[string, string, (client: FtpsClient, signal: AbortSignal) => Promise<unknown>]>([
    ['RETR', 'before the 150', (client, signal) => client.retrieve('/a', new PassThrough(), {}, signal)],
    ['STOR', 'before the 150', (client, signal) => client.store('/a', Readable.from(['x']), {}, signal)],
    ['MLSD', 'before the 150', (client, signal) => client.list('/a', signal)],
    ['RETR', 'at the data TLS', (client, signal) => client.retrieve('/a', new PassThrough(), {}, signal)],
    ['STOR', 'at the data TLS', (client, signal) => client.store('/a', Readable.from(['x']), {}, signal)],
  ])('at %s, %s, ends at once; the session goes on when the reply has come', async (verb, stage, call) => {
    const abort = new AbortController();
    const clock = new WatchedClock();
    const script = async (connection: ScriptedConnection): Promise<void> => {
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer(`${verb} /a`);
      if (stage === 'at the data TLS') {
        connection.say('150 opening');
        await data.hearAnything();
      }
      abort.abort(cancelled);
      await hearAbort(connection, data);
    };
    await using at = await sessionWith(script, { clock });
    const error = await failureOf(call(at.client, abort.signal));
    expect(error).toMatchObject({ kind: 'aborted', cause: cancelled });
    await clock.running('close');
    // Nothing else runs any more: the reply is all that is owed.
    expect(clock.pending()).toEqual([limits.close]);
  });

  it('while data comes ends at once, drops the sink, and the session goes on', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('half of');
      await hearAbort(connection, data);
    });
    const sink = new PassThrough();
    const failure = failureOf(
      at.client.retrieve('/a', sink, { onProgress: () => abort.abort(cancelled) }, abort.signal),
    );
    expect(await failure).toMatchObject({ kind: 'aborted' });
    expect(sink.destroyed).toBe(true);
  });

  it('while data goes ends at once, and lets the source go', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await hearAbort(connection, data);
    });
    const source = new PassThrough();
    source.write('half of');
    const failure = failureOf(
      at.client.store('/a', source, { onProgress: () => abort.abort(cancelled) }, abort.signal),
    );
    expect(await failure).toMatchObject({ kind: 'aborted' });
    expect(source.destroyed).toBe(true);
  });

  it('at the final reply ends at once; the session goes on when the reply has come', async () => {
    const abort = new AbortController();
    let failed: Promise<unknown> = Promise.resolve();
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.end();
      await data.ended;
      abort.abort(cancelled);
      await failed;
      connection.say('226 done');
    });
    failed = failureOf(at.client.retrieve('/a', new PassThrough().resume(), {}, abort.signal));
    expect(await failed).toMatchObject({ kind: 'aborted' });
  });

  it('C-54: closes the session by the limit of closing when the reply never comes', async () => {
    const abort = new AbortController();
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      const data = await openData(connection, 'RETR /a');
      abort.abort(cancelled);
      await data.ended;
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    const failure = failureOf(client.retrieve('/a', new PassThrough(), {}, abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
    await server.done();
    clock.pass('close');
    expect(await client.closed).toMatchObject({ kind: 'timeout', limit: 'close' });
    expect(clock.pending()).toEqual([]);
  });
});
