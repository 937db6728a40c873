import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { failureOf, openData } from './dialogue.ts';
import { sessionWith } from './session.ts';

function content(): Readable {
  return Readable.from([Buffer.from('content')]);
}

describe('a file whose name the server chooses', () => {
  it.each([
    ['150 FILE: pureftpd.1', '226 done', 'pureftpd.1'],
    ['125 opening', '226 Transfer complete (unique file name:STOU.1).', 'STOU.1'],
    ['150 opening', '250 "a ""b"" c" stored', 'a "b" c'],
    ['150 opening', '226 done', undefined],
  ])(
    'C-42: is stored by STOU in the folder, and its name is read from %s or %s',
    async (first, last, name) => {
      await using at = await sessionWith(async (connection) => {
        await connection.answer('CWD /in box', '250 there');
        const data = await openData(connection, 'STOU', first);
        expect((await data.hearAll()).toString()).toBe('content');
        data.end();
        connection.say(last);
      });
      expect(await at.client.storeUnique('/in box', content())).toEqual({ bytes: 7, name });
    },
  );

  it('C-42: is refused by the folder, or by the server, and the source is let go', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /gone', '550 no such folder');
    });
    const source = content();
    expect(await failureOf(at.client.storeUnique('/gone', source))).toMatchObject({ reply: { code: 550 } });
    expect(source.destroyed).toBe(true);
  });

  it('C-42: is not stored when the call is aborted at CWD', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a');
      abort.abort();
      connection.say('250 there');
    });
    const failure = failureOf(at.client.storeUnique('/a', content(), {}, abort.signal));
    expect(await failure).toMatchObject({ kind: 'aborted' });
  });
});
