import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FtpsError } from '../../src/client/errors.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, offerPort, openData, optionsFor, welcome } from './dialogue.ts';
import { limits, WatchedClock } from './watchedClock.ts';

/** A session whose server goes on as scripted, and then falls silent. */
async function session(script: (connection: ScriptedConnection) => Promise<void>) {
  const clock = new WatchedClock();
  const server = await ScriptedServer.listen(async (connection) => {
    await welcome(connection);
    await script(connection);
  });
  const client = await FtpsClient.connect(optionsFor(server, { clock }));
  return { clock, server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** What has to be true after a transfer was given up while its reply is still due. */
async function expectEndByClosing(client: FtpsClient, clock: WatchedClock, error: FtpsError): Promise<void> {
  const next = failureOf(client.noop());
  await clock.running('close');
  clock.pass('close');
  // The turn after the transfer is not reached: the reply to it never came.
  expect(await client.closed).toMatchObject({ kind: 'timeout', limit: 'close', step: 'transfer' });
  expect(await next).toMatchObject({ kind: 'timeout', limit: 'close' });
  expect(error.kind).toBe('timeout');
  expect(clock.pending()).toEqual([]);
}

describe('a server that falls silent in a transfer', () => {
  it('C-54: at EPSV fails it by the limit of a reply', async () => {
    await using at = await session(async (connection) => {
      await connection.answer('EPSV');
    });
    const failure = failureOf(at.client.retrieve('/a', new PassThrough()));
    await at.server.done();
    at.clock.pass('reply');
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'reply', step: 'dataConnect' });
    expect(at.clock.pending()).toEqual([]);
    expect(at.client.isOpen).toBe(false);
  });

  it('C-54: at the data connection fails it by the limit of that, and the session goes on', async () => {
    await using at = await session(async (connection) => {
      await offerPort(connection);
      await connection.answer('NOOP', '200 here');
    });
    const failure = failureOf(at.client.retrieve('/a', new PassThrough()));
    // The limit passes in the very turn in which it begins to run: the connection cannot be up yet.
    await at.clock.running('dataConnect');
    at.clock.pass('dataConnect');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'dataConnect', step: 'dataConnect' });
    expect(error.message).toContain('passive port range');
    await at.client.noop();
    expect(at.clock.pending()).toEqual([]);
    at.client.destroy();
  });

  it('C-54: at REST fails it by the limit of a reply', async () => {
    await using at = await session(async (connection) => {
      await offerPort(connection);
      await connection.answer('REST 5');
    });
    const failure = failureOf(at.client.retrieve('/a', new PassThrough(), { offset: 5 }));
    await at.server.done();
    at.clock.pass('reply');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'reply', step: 'transfer' });
    expect(error.message).toContain('the reply to REST');
    expect(at.clock.pending()).toEqual([]);
  });

  it.each([
    ['RETR', (client: FtpsClient) => client.retrieve('/a', new PassThrough())],
    ['STOR', (client: FtpsClient) => client.store('/a', Readable.from(['x']))],
    ['MLSD', (client: FtpsClient) => client.list('/a')],
  ])('C-33, C-54: at the 1xx and the data TLS of %s fails it by the limit of TLS', async (verb, call) => {
    await using at = await session(async (connection) => {
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer(`${verb} /a`);
      // No 1xx: after a while the client begins TLS without it, as some servers want.
      await data.hearAnything();
    });
    const failure = failureOf(call(at.client));
    await at.clock.running(500);
    at.clock.advance(500);
    await at.server.done();
    at.clock.pass('tls');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'tls', step: 'dataTls' });
    expect(error.message).toContain('data connection');
    await expectEndByClosing(at.client, at.clock, error);
  });

  it('C-54: after the 150, at the data TLS, fails it by the limit of TLS', async () => {
    await using at = await session(async (connection) => {
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('RETR /a', '150 opening');
      await data.hearAnything();
    });
    const failure = failureOf(at.client.retrieve('/a', new PassThrough()));
    await at.server.done();
    at.clock.pass('tls');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'tls', step: 'dataTls' });
    await expectEndByClosing(at.client, at.clock, error);
  });

  it('C-54: in the data of a download fails it by the limit of idle data, counted from the last byte', async () => {
    const progress = new Map<number, () => void>();
    const reached = (bytes: number) => new Promise<void>((resolve) => progress.set(bytes, resolve));
    const [first, second] = [reached(4), reached(8)];
    await using at = await session(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('some');
      await first;
      data.sayRaw('more');
    });
    const sink = new PassThrough();
    const onProgress = (bytes: number): void => {
      if (bytes === 4) at.clock.advance(limits.dataIdle - 1000);
      progress.get(bytes)?.();
    };
    const failure = failureOf(at.client.retrieve('/a', sink, { onProgress }));
    await second;
    expect(at.clock.pending()).toEqual([1000]);
    at.clock.advance(1000);
    // Bytes have moved meanwhile: what is left of the limit runs from the last of them.
    expect(at.clock.pending()).toEqual([limits.dataIdle - 1000]);
    at.clock.advance(limits.dataIdle - 1000);
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'dataIdle', step: 'transfer' });
    expect(error.message).toContain('"dataIdle"');
    expect(sink.destroyed).toBe(true);
    await expectEndByClosing(at.client, at.clock, error);
  });

  it('C-54: in the data of an upload fails it by the limit of idle data, however long the file', async () => {
    await using at = await session(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      data.socket.pause();
    });
    const endless = new Readable({
      read(size) {
        this.push(Buffer.alloc(size));
      },
    });
    const failure = failureOf(at.client.store('/a', endless));
    await at.server.done();
    await at.clock.running('dataIdle');
    for (;;) {
      at.clock.pass('dataIdle');
      const outcome = await Promise.race([failure, new Promise(setImmediate)]);
      if (outcome !== undefined) break;
    }
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'dataIdle', step: 'transfer' });
    expect(endless.destroyed).toBe(true);
    await expectEndByClosing(at.client, at.clock, error);
  });

  const mebibyte = 1024 * 1024;
  it.each([
    ['the time that a slow line may take', 160 * 1024, 0, 10_000],
    ['the time that it takes at the rate seen', 24 * mebibyte, 16 * 1024, 8 * 1024],
  ])(
    'C-39, C-54: at the end of an upload grants what is on its way %s, and the limit of idle data',
    async (_, size, took, unseen) => {
      await using at = await session(async (connection) => {
        const data = await openData(connection, 'STOR /a');
        await data.ended;
      });
      const onProgress = (bytes: number): void => {
        if (bytes === size) at.clock.sleep(took);
      };
      const failure = failureOf(at.client.store('/a', Readable.from([Buffer.alloc(size)]), { onProgress }));
      await at.clock.running(unseen + limits.dataIdle);
      at.clock.advance(unseen + limits.dataIdle - 1);
      expect(at.clock.pending()).toEqual([1]);
      at.clock.advance(1);
      const error = await failure;
      expect(error).toMatchObject({ kind: 'timeout', limit: 'dataIdle', step: 'transfer' });
      await expectEndByClosing(at.client, at.clock, error);
    },
  );

  it('C-39, C-54: waits at the end of an upload for what is on its way, although no byte is seen to move', async () => {
    await using at = await session(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.ended;
      await at.clock.running(10_000 + limits.dataIdle);
      at.clock.pass('dataIdle');
      data.end();
      connection.say('226 stored');
    });
    expect(await at.client.store('/a', Readable.from([Buffer.alloc(160 * 1024)]))).toBe(160 * 1024);
  });

  it('C-54: at the final reply fails it by the limit of a reply, which did not run before', async () => {
    await using at = await session(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      connection.say('150 still at it');
      data.sayRaw('all of it');
      data.end();
      await data.ended;
    });
    const sink = new PassThrough();
    sink.resume();
    const failure = failureOf(at.client.retrieve('/a', sink));
    await at.clock.running('dataIdle');
    expect(at.clock.runs('reply')).toBe(false);
    await at.server.done();
    await at.clock.running('reply');
    expect(at.clock.runs('dataIdle')).toBe(false);
    at.clock.pass('reply');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'reply', step: 'transfer' });
    expect(error.message).toContain('the reply to RETR');
    expect(at.clock.pending()).toEqual([]);
    expect(at.client.isOpen).toBe(false);
  });

  it('C-39, C-54: at the end of an upload, whose connection it keeps open, costs nothing once 226 is in', async () => {
    await using at = await session(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      expect((await data.hearAll()).toString()).toBe('content');
      connection.say('226 stored');
      await connection.answer('NOOP', '200 here');
    });
    expect(await at.client.store('/a', Readable.from([Buffer.from('content')]))).toBe(7);
    await at.client.noop();
    await at.server.done();
    at.clock.pass('close');
    expect(at.clock.pending()).toEqual([]);
    at.client.destroy();
  });
});
