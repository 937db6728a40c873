import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import type { FtpsClient } from '../../src/client/ftpsClient.ts';
import { failureOf, offerPort, openData } from './dialogue.ts';
import { authority } from './identity.ts';
import { sessionWith } from './session.ts';

async function fetch(client: FtpsClient, offset = 0): Promise<string> {
  const sink = new PassThrough();
  const [content] = await Promise.all([buffer(sink), client.retrieve('/a', sink, { offset })]);
  return content.toString();
}

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

describe('a download', () => {
  it('C-35: is done when the data has ended, though 226 came before', async () => {
    let promised = (): void => {};
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('first ');
      connection.say('226 done, says the server');
      await new Promise<void>((resolve) => {
        promised = resolve;
      });
      data.sayRaw('and last');
      data.end();
    });
    const progress: number[] = [];
    const sink = new PassThrough();
    const fetching = at.client.retrieve('/a', sink, {
      onProgress: (bytes) => {
        progress.push(bytes);
        promised();
      },
    });
    expect((await buffer(sink)).toString()).toBe('first and last');
    expect(await fetching).toBe(14);
    expect(progress.at(-1)).toBe(14);
  });

  it('C-35: is done when 226 is in, though the data ended before', async () => {
    const order: string[] = [];
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('content');
      data.end();
      await data.ended;
      order.push('226');
      connection.say('226 done');
    });
    expect(await fetch(at.client)).toBe('content');
    order.push('done');
    expect(order).toEqual(['226', 'done']);
  });

  it.each(versions)(
    'C-37: answers the close_notify of the server before it expects 226 (%s)',
    async (maxVersion) => {
      await using at = await sessionWith(
        async (connection) => {
          const data = await openData(connection, 'RETR /a');
          data.end();
          // Ends in good order: `ended` comes of close_notify here, before the client's FIN.
          await data.ended;
          connection.say('226 done');
        },
        { tls: { ca: [authority.cert], maxVersion } },
      );
      expect(await fetch(at.client)).toBe('');
    },
  );

  it.each(versions)(
    'C-38: is truncated when the connection ends without close_notify, 226 or not (%s)',
    async (maxVersion) => {
      await using at = await sessionWith(
        async (connection) => {
          const data = await openData(connection, 'RETR /a');
          data.sayRaw('half of');
          await new Promise(setImmediate);
          data.cut();
          connection.say('226 done');
        },
        { tls: { ca: [authority.cert], maxVersion } },
      );
      const error = await failureOf(at.client.retrieve('/a', new PassThrough().resume()));
      expect(error).toMatchObject({ kind: 'truncated', step: 'transfer' });
      expect(error.message).toContain('Try again');
    },
  );

  it.each(versions)(
    'C-38: of nothing at all is truncated too, without close_notify (%s)',
    async (maxVersion) => {
      await using at = await sessionWith(
        async (connection) => {
          const data = await openData(connection, 'RETR /a');
          data.cut();
          connection.say('226 done');
        },
        { tls: { ca: [authority.cert], maxVersion } },
      );
      expect(await failureOf(at.client.retrieve('/a', new PassThrough().resume()))).toMatchObject({
        kind: 'truncated',
      });
    },
  );

  it('C-36, C-38: that the server resets fails with what the server says about it', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('half of');
      await new Promise(setImmediate);
      data.socket.resetAndDestroy();
      connection.say('451 disk trouble');
    });
    const error = await failureOf(at.client.retrieve('/a', new PassThrough().resume()));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 451 } });
  });

  it('C-36: that breaks although the server says 226 is a failure of the data connection', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('half of');
      await new Promise(setImmediate);
      data.socket.resetAndDestroy();
      connection.say('226 done');
    });
    const sink = new PassThrough().resume();
    const error = await failureOf(at.client.retrieve('/a', sink));
    expect(error).toMatchObject({ kind: 'dataConnection', step: 'transfer' });
    expect(sink.destroyed).toBe(true);
  });

  it.each([426, 451, 452, 550, 551, 552, 553])(
    'C-36: fails when the final reply is %i, and drops what came',
    async (code) => {
      await using at = await sessionWith(async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('half of');
        connection.say(`${code} failed`);
        await data.ended;
      });
      const sink = new PassThrough().resume();
      const error = await failureOf(at.client.retrieve('/a', sink));
      expect(error).toMatchObject({ kind: 'refused', step: 'transfer', reply: { code } });
      expect(error.message).toContain(`${code} failed`);
      expect(sink.destroyed).toBe(true);
      expect(sink.writableEnded).toBe(false);
    },
  );

  it('C-36: fails when the final reply is none that ends a transfer', async () => {
    await using at = await sessionWith(async (connection) => {
      await openData(connection, 'RETR /a');
      connection.say('350 what?');
    });
    const error = await failureOf(at.client.retrieve('/a', new PassThrough().resume()));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 350 } });
  });

  it.each([425, 450, 522])(
    'C-17, C-25: that is refused by %i before a byte has moved is asked for again',
    async (code) => {
      await using at = await sessionWith(async (connection) => {
        const listener = await offerPort(connection);
        await listener.connection;
        await connection.answer('RETR /a', '150 opening', `${code} not like this`);
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('content');
        data.end();
        connection.say('226 done');
      });
      expect(await fetch(at.client)).toBe('content');
    },
  );

  it('C-17: that is refused twice fails, and the next one succeeds', async () => {
    await using at = await sessionWith(async (connection) => {
      for (let times = 0; times < 2; times += 1) {
        const listener = await offerPort(connection);
        await listener.connection;
        await connection.answer('RETR /a', '425 never');
      }
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('content');
      data.end();
      connection.say('226 done');
    });
    const sink = new PassThrough();
    expect(await failureOf(at.client.retrieve('/a', sink))).toMatchObject({ reply: { code: 425 } });
    expect(sink.destroyed).toBe(true);
    expect(await fetch(at.client)).toBe('content');
  });

  it('C-17: that is refused after bytes have moved is not asked for again', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('half of');
      await new Promise(setImmediate);
      connection.say('425 broken');
      await data.ended;
    });
    let bytes = 0;
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    await failureOf(at.client.retrieve('/a', sink));
    expect(sink.destroyed).toBe(true);
    expect(bytes).toBeLessThanOrEqual(7);
  });

  it('C-17: whose data TLS the server breaks off fails with what the server says about it', async () => {
    await using at = await sessionWith(async (connection) => {
      for (let times = 0; times < 2; times += 1) {
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a', '150 opening');
        await data.hearAnything();
        data.socket.destroy();
        connection.say('522 session reuse required');
      }
    });
    const error = await failureOf(at.client.retrieve('/a', new PassThrough()));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 522 } });
  });

  it('fails with the error of the sink itself, when that is what broke', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('content');
      await data.ended;
      connection.say('426 you hung up');
    });
    const full = new Error('ENOSPC: no space left on device');
    const sink = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    await expect(at.client.retrieve('/a', sink)).rejects.toBe(full);
  });

  it('fails when the sink was closed before, without blame for the connection', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('content');
      await data.ended;
      connection.say('426 you hung up');
    });
    const failure = at.client.retrieve('/a', new PassThrough().destroy());
    await expect(failure).rejects.not.toBeInstanceOf(FtpsError);
  });

  it('fails when the sink is closed under it, or who counts the bytes throws', async () => {
    await using at = await sessionWith(async (connection) => {
      for (let times = 0; times < 2; times += 1) {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('content');
        await data.ended;
        connection.say('426 you hung up');
      }
    });
    const sink: Writable = new Writable({ write: () => sink.destroy() });
    await expect(at.client.retrieve('/a', sink)).rejects.toMatchObject({
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    });
    const onProgress = (): void => {
      throw new Error('who counts');
    };
    await expect(at.client.retrieve('/a', new PassThrough(), { onProgress })).rejects.toThrow('who counts');
  });
});
