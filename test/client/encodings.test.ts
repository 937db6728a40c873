import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { encodeCommand, loadCodec } from '../../src/client/textCodec.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { admit, failureOf, optionsFor, showClear, tellFeatures } from './dialogue.ts';

/** A plain session in this character set. It says no OPTS UTF8. */
async function sessionIn(encoding: string, script: (connection: ScriptedConnection) => Promise<void>) {
  const server = await ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    await admit(connection);
    await tellFeatures(connection, ['MLST type*;']);
    await connection.answer('TYPE I', '200 binary');
    await script(connection);
  });
  const client = await FtpsClient.connect(optionsFor(server, { security: 'none', encoding }));
  return {
    client,
    async [Symbol.asyncDispose]() {
      await server.done();
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('names in a legacy character set', () => {
  it.each([
    ['windows-1252', 'Größe €', [0x47, 0x72, 0xf6, 0xdf, 0x65, 0x20, 0x80]],
    ['latin1', 'Größe', [0x47, 0x72, 0xf6, 0xdf, 0x65]],
    ['ISO-8859-1', 'é', [0xe9]],
    ['shift_jis', '日本', [0x93, 0xfa, 0x96, 0x7b]],
    ['gb18030', '中文', [0xd6, 0xd0, 0xce, 0xc4]],
    ['koi8-r', 'мир', [0xcd, 0xc9, 0xd2]],
    ['cp437', 'ä', [0x84]],
  ])('C-49: are said and read in %s, commands, replies and listings alike', async (encoding, name, bytes) => {
    const raw = Buffer.from(bytes);
    await using at = await sessionIn(encoding, async (connection) => {
      const line = (await connection.hearLine()).slice('SIZE '.length);
      expect(line).toEqual(raw);
      connection.say('213 1');
      await connection.answer('PWD');
      connection.sayRaw(Buffer.concat([Buffer.from('257 "/'), raw, Buffer.from('"\r\n')]));
      await showClear(
        connection,
        'MLSD /',
        Buffer.concat([Buffer.from('type=file; '), raw, Buffer.from('\r\n')]),
      );
    });
    expect(await at.client.size(name)).toBe(1);
    expect(await at.client.workingDirectory()).toBe(`/${name}`);
    expect((await at.client.list('/')).entries).toMatchObject([{ name }]);
  });

  it.each(['windows-1252', 'latin1', 'shift_jis'])(
    'C-47: are refused where %s lacks a character',
    async (encoding) => {
      await using at = await sessionIn(encoding, async () => {});
      const error = await failureOf(at.client.deleteFile('/\u{1f600}'));
      expect(error).toMatchObject({ kind: 'invalidArgument' });
      expect(error.message).not.toContain('\u{1f600}');
    },
  );

  it.each(['utf-16le', 'utf-7', 'base64', 'klingon', ''])(
    'C-49: cannot be in %j, and no connection begins',
    async (encoding) => {
      await using server = await ScriptedServer.listen(() => {});
      const error = await failureOf(FtpsClient.connect(optionsFor(server, { encoding })));
      expect(error).toMatchObject({ kind: 'invalidArgument', step: 'connect' });
      expect(error.message).toContain('"encoding"');
      expect(server.connections).toEqual([]);
    },
  );

  it('C-47: never turn into a line end, whatever the character', async () => {
    for (const encoding of ['windows-1252', 'shift_jis', 'gb18030', 'big5', 'euc-kr']) {
      const codec = await loadCodec(encoding);
      for (let point = 0x80; point < 0x3000; point += 1) {
        let bytes: Buffer;
        try {
          bytes = encodeCommand('DELE', String.fromCodePoint(point), codec);
        } catch {
          continue;
        }
        expect([bytes.indexOf(10), bytes.indexOf(13)]).toEqual([bytes.length - 1, bytes.length - 2]);
      }
    }
  });
});
