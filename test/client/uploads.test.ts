import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { failureOf, offerPort, openData } from './dialogue.ts';
import { authority, identity } from './identity.ts';
import { sessionWith } from './session.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

function content(text: string): Readable {
  return Readable.from([Buffer.from(text)]);
}

describe('an upload', () => {
  it.each(versions)(
    'C-39: says close_notify behind its last byte, and reads on until the server ends (%s)',
    async (maxVersion) => {
      await using at = await sessionWith(
        async (connection) => {
          const data = await openData(connection, 'STOR /a');
          // `ended` comes of close_notify here: a FIN alone would not have ended TLS in good order.
          expect((await data.hearAll()).toString()).toBe('content');
          data.end();
          connection.say('226 stored');
        },
        { tls: { ca: [authority.cert], maxVersion } },
      );
      const progress: number[] = [];
      const bytes = await at.client.store('/a', content('content'), {
        onProgress: (sum) => progress.push(sum),
      });
      expect(bytes).toBe(7);
      expect(progress).toEqual([7]);
    },
  );

  it.each(versions)('C-39: of nothing is an empty file (%s)', async (maxVersion) => {
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'STOR /a');
        expect(await data.hearAll()).toHaveLength(0);
        data.end();
        connection.say('226 stored');
      },
      { tls: { ca: [authority.cert], maxVersion } },
    );
    expect(await at.client.store('/a', Readable.from([]))).toBe(0);
  });

  it('C-54: tells of movement often, however large the pieces are in which its source hands it over', async () => {
    const bytes = Buffer.alloc(300_000, 'x');
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      expect((await data.hearAll()).equals(bytes)).toBe(true);
      data.end();
      connection.say('226 stored');
    });
    const progress: number[] = [];
    const onProgress = (sum: number): void => void progress.push(sum);
    expect(await at.client.store('/a', Readable.from([bytes]), { onProgress })).toBe(300_000);
    const steps = progress.map((sum, index) => sum - (progress[index - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(131_072);
  });

  it('has written a piece before its source is asked for the next, which may come in the same memory', async () => {
    const memory = Buffer.alloc(300_000);
    const whole = Buffer.concat(Array.from('abcdefgh', (letter) => Buffer.alloc(300_000, letter)));
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      expect((await data.hearAll()).equals(whole)).toBe(true);
      data.end();
      connection.say('226 stored');
    });
    const oneByOne = {
      readableDidRead: false,
      destroy: () => {},
      async *[Symbol.asyncIterator]() {
        for (const letter of 'abcdefgh') yield memory.fill(letter);
      },
    };
    expect(await at.client.store('/a', oneByOne)).toBe(2_400_000);
  });

  it('takes text as UTF-8', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      expect((await data.hearAll()).toString()).toBe('žluť');
      data.end();
      connection.say('226 stored');
    });
    expect(await at.client.store('/a', Readable.from(['žluť']))).toBe(6);
  });

  it('fails with what its teller of progress throws, and lets the source go', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.ended;
      connection.say('426 you hung up');
    });
    const source = content('content');
    const onProgress = (): void => {
      throw new Error('who counts');
    };
    await expect(at.client.store('/a', source, { onProgress })).rejects.toThrow('who counts');
    expect(source.destroyed).toBe(true);
  });

  it('is done although the server ends its side without close_notify: its 226 is what counts', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.hearAll();
      data.cut();
      connection.say('226 stored');
    });
    expect(await at.client.store('/a', content('content'))).toBe(7);
  });

  it('C-36: fails when the final reply says so, and the source is let go', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.hearAll();
      data.end();
      connection.say('552 quota');
    });
    const error = await failureOf(at.client.store('/a', content('content')));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 552 } });
  });

  it('C-36: that is refused at once reads nothing of its source', async () => {
    await using at = await sessionWith(async (connection) => {
      await offerPort(connection);
      await connection.answer('STOR /a', '553 no');
    });
    const source = content('content');
    expect(await failureOf(at.client.store('/a', source))).toMatchObject({ reply: { code: 553 } });
    expect(source.destroyed).toBe(true);
    expect(source.readableDidRead).toBe(false);
  });

  it('C-36: that the server breaks off while bytes move fails with what the server says', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.hearAnything();
      data.socket.resetAndDestroy();
      connection.say('452 disk full');
    });
    const endless = new Readable({
      read(size) {
        this.push(Buffer.alloc(size));
      },
    });
    const error = await failureOf(at.client.store('/a', endless));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 452 } });
    expect(endless.destroyed).toBe(true);
  });

  it('fails with the error of its source itself, when that is what broke', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.ended;
      connection.say('426 you hung up');
    });
    const unreadable = new Error('EIO: i/o error, read');
    const source = new Readable({ read: () => source.destroy(unreadable) });
    await expect(at.client.store('/a', source)).rejects.toBe(unreadable);
  });

  it('ends when the server breaks it off, although its source never answers', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      data.socket.resetAndDestroy();
      connection.say('452 disk full');
    });
    const silent = new Readable({ read: () => {} });
    const error = await failureOf(at.client.store('/a', silent));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 452 } });
    expect(silent.destroyed).toBe(true);
  });

  it('appends by APPE, and C-41: continues by REST right before STOR', async () => {
    await using at = await sessionWith(async (connection) => {
      const appended = await openData(connection, 'APPE /a');
      await appended.hearAll();
      appended.end();
      connection.say('226 stored');
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('REST 3', '350 go on');
      await connection.answer('STOR /a', '150 opening');
      await data.startTls(identity);
      await data.hearAll();
      data.end();
      connection.say('226 stored');
    });
    expect(await at.client.store('/a', content('more'), { append: true })).toBe(4);
    expect(await at.client.store('/a', content('tent'), { offset: 3 })).toBe(4);
  });

  it('C-17: whose data connection is refused is left to the caller, as its source is spent', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'STOR /a');
      await data.hearAll();
      data.end();
      connection.say('522 not like this');
    });
    expect(await failureOf(at.client.store('/a', content('content')))).toMatchObject({
      reply: { code: 522 },
    });
  });
});
