import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, optionsFor } from './dialogue.ts';
import { sessionWith } from './session.ts';

describe('a name or secret with a line break in it', () => {
  const evils = ['a\r\nDELE /b', 'a\nDELE /b', 'a\rDELE /b', 'a\0b'];

  it.each(evils)('C-47: is never said, by no call: %j', async (evil) => {
    const signal = undefined;
    await using at = await sessionWith(async () => {}, { features: ['MLST type*;', 'MFMT'] });
    const { client } = at;
    const calls = [
      client.list(evil),
      client.stat(evil),
      client.size(evil),
      client.modifiedAt(evil),
      client.setModifiedAt(evil, 0),
      client.setMode(evil, 0o644),
      client.retrieve(evil, new PassThrough()),
      client.store(evil, Readable.from(['x']), {}, signal),
      client.createDirectory(evil),
      client.removeDirectory(evil),
      client.deleteFile(evil),
      client.rename(evil, '/b'),
      client.rename('/a', evil),
    ];
    for (const call of calls) expect(await failureOf(call)).toMatchObject({ kind: 'invalidArgument' });
  });

  it.each(evils)('C-47: is never said without MLST either: %j', async (evil) => {
    await using at = await sessionWith(async () => {}, { features: [] });
    expect(await failureOf(at.client.list(evil))).toMatchObject({ kind: 'invalidArgument' });
    expect(await failureOf(at.client.stat(evil))).toMatchObject({ kind: 'invalidArgument' });
  });

  it.each(evils)('C-47: lets no connection begin, as user or password: %j', async (evil) => {
    await using server = await ScriptedServer.listen(() => {});
    for (const more of [{ user: evil }, { password: evil }]) {
      const error = await failureOf(FtpsClient.connect(optionsFor(server, more)));
      expect(error).toMatchObject({ kind: 'invalidArgument' });
      expect(error.message).not.toContain('DELE');
    }
    expect(server.connections).toEqual([]);
  });

  it('C-47: is not made by Latin-1 out of a harmless character, whose low byte is a line feed', async () => {
    await using at = await sessionWithLatin1();
    expect(await failureOf(at.client.deleteFile('/aĊDELE /b'))).toMatchObject({ kind: 'invalidArgument' });
  });

  it('C-47: is all that is refused: spaces, quotes and umlauts are kept as they are', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('DELE / ä "b"  ', '250 gone');
      await connection.answer('PWD', '257 "/a ""b"" c" is here');
      await connection.answer('PWD', '550 nowhere');
    });
    await at.client.deleteFile('/ ä "b"  ');
    expect(await at.client.workingDirectory()).toBe('/a "b" c');
    expect(await failureOf(at.client.workingDirectory())).toMatchObject({ reply: { code: 550 } });
  });
});

function sessionWithLatin1() {
  return ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    await connection.answer('USER ada', '230 in');
    await connection.answer('FEAT', '500 what');
    await connection.answer('TYPE I', '200 binary');
    await connection.ended;
  }).then(async (server) => {
    const client = await FtpsClient.connect(optionsFor(server, { security: 'none', encoding: 'latin1' }));
    return {
      client,
      async [Symbol.asyncDispose]() {
        client.destroy();
        await server[Symbol.asyncDispose]();
        expect(server.heard.at(-1)).toBe('TYPE I');
      },
    };
  });
}
