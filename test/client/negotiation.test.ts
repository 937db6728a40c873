import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  farewell,
  greetSecurely,
  offerPort,
  openData,
  optionsFor,
  password,
  setUp,
  setUpImplicit,
  welcome,
} from './dialogue.ts';
import { identity } from './identity.ts';

describe('the implicit mode', () => {
  it('C-1: speaks TLS at once, before any greeting, and C-2: says no AUTH, PBSZ or PROT', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      // Mute until the ClientHello is there.
      await connection.startTls(identity);
      connection.say('220 ready');
      await admit(connection);
      await connection.answer('FEAT', '211-Features', ' MLST type*;', '211 End');
      await connection.answer('OPTS UTF8 ON', '200 ok');
      await connection.answer('TYPE I', '200 binary');
      const data = await openData(connection, 'MLSD /');
      data.say('type=file; a');
      data.end();
      connection.say('226 done');
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { security: 'implicit' }));
    const listing = await client.list('/');
    await client.quit();
    expect(listing.entries.map(({ name }) => name)).toEqual(['a']);
    await server.done();
    const setUpLines = ['FEAT', 'OPTS UTF8 ON', 'TYPE I'];
    const all = ['USER ada', `PASS ${password}`, ...setUpLines, 'EPSV', 'MLSD /', 'QUIT'];
    expect(server.heard).toEqual(all);
  });

  it('C-5: says PBSZ and PROT where the profile asks for it', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.startTls(identity);
      connection.say('220 ready');
      await admit(connection);
      await setUp(connection);
      await farewell(connection);
    });
    const client = await FtpsClient.connect(
      optionsFor(server, { security: 'implicit', implicitProt: 'send' }),
    );
    expect(client.report().protection).toBe('P');
    await client.quit();
    await server.done();
  });

  it.each(['521 no', '522 no', '534 no'])(
    'C-5: names that option when a transfer is refused by %s',
    async (refusal) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await connection.startTls(identity);
        connection.say('220 ready');
        await admit(connection);
        await connection.answer('FEAT', '500 no');
        await connection.answer('OPTS UTF8 ON', '500 no');
        await connection.answer('TYPE I', '200 binary');
        await connection.answer('EPSV', `229 (|||${server.port}|)`);
        await connection.answer('RETR /a', refusal);
      });
      const client = await FtpsClient.connect(optionsFor(server, { security: 'implicit' }));
      const error = await failureOf(client.retrieve('/a', new Writable()));
      expect(error).toMatchObject({ kind: 'securityRefused' });
      expect(error.message).toContain('"implicitProt": "send"');
      client.destroy();
    },
  );
});

describe('a refusal by 550 in implicit mode', () => {
  async function refused(script: (connection: ScriptedConnection) => Promise<void>) {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.startTls(identity);
      connection.say('220 ready');
      await admit(connection);
      await setUpImplicit(connection);
      await script(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { security: 'implicit' }));
    const error = await failureOf(client.retrieve('/a', new Writable()));
    client.destroy();
    return error;
  }

  it('C-5: is about protection where it answers EPSV and PASV', async () => {
    const error = await refused(async (connection) => {
      await connection.answer('EPSV', '550 TLS required on the data channel');
      await connection.answer('PASV', '550 TLS required on the data channel');
    });
    expect(error).toMatchObject({ kind: 'securityRefused' });
  });

  it('C-17: is about the file where it answers RETR', async () => {
    const error = await refused(async (connection) => {
      await offerPort(connection);
      await connection.answer('RETR /a', '550 no such file');
    });
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 550 } });
  });
});

describe('the explicit mode', () => {
  it('C-8, C-15, C-16: says AUTH TLS, logs in inside TLS, and PBSZ 0 before PROT P', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: 'TLSv1.3' });
    expect(client.features.has('MLST')).toBe(true);
    await client.quit();
    await server.done();
    expect(server.heard).toEqual([
      'AUTH TLS',
      'USER ada',
      `PASS ${password}`,
      'FEAT',
      'OPTS UTF8 ON',
      'PBSZ 0',
      'PROT P',
      'TYPE I',
      'QUIT',
    ]);
  });

  it('C-9: falls back on AUTH SSL where TLS gets 504, and still says PROT', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '504 unknown mechanism');
      await connection.answer('AUTH SSL', '234 go');
      await connection.startTls(identity);
      await admit(connection);
      await setUp(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(client.report().protection).toBe('P');
    await server.done();
    client.destroy();
  });

  it.each(['334 more', '200 fine', '235 fine', '230 in'])(
    'C-10: takes %s as answer to AUTH for a broken protocol',
    async (reply) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await connection.answer('AUTH TLS', reply);
        await farewell(connection);
      });
      const error = await failureOf(FtpsClient.connect(optionsFor(server)));
      expect(error).toMatchObject({ kind: 'protocol', step: 'auth' });
      expect(error.message).toContain('No password was sent');
      await server.done();
      expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
    },
  );

  it.each([431, 500, 502, 503, 530, 533, 534, 535, 550])(
    'C-11, C-21: gives a server that refuses AUTH by %i no user and no password, and takes leave in clear',
    async (code) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await connection.answer('AUTH TLS', `${code} never`);
        await farewell(connection);
      });
      const error = await failureOf(FtpsClient.connect(optionsFor(server)));
      expect(error).toMatchObject({ kind: 'securityRefused', step: 'auth', reply: { code } });
      expect(error.message).toContain(`${code} never`);
      await server.done();
      expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
    },
  );

  it('C-11: names both ways out when a server has no AUTH at all', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 plain old FTP');
      await connection.answer('AUTH TLS', '502 Command not implemented');
      await farewell(connection);
    });
    const { message } = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(message).toContain('"implicit"');
    expect(message).toContain('"none"');
  });

  it('C-11: gives nothing to a server that refuses AUTH SSL too, or ends the session by 421', async () => {
    await using strict = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '504 no');
      await connection.answer('AUTH SSL', '504 no');
      await farewell(connection);
    });
    expect(await failureOf(FtpsClient.connect(optionsFor(strict)))).toMatchObject({
      kind: 'securityRefused',
    });
    expect(strict.heard).toEqual(['AUTH TLS', 'AUTH SSL', 'QUIT']);
    await using closing = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '421 too many users');
      connection.end();
    });
    expect(await failureOf(FtpsClient.connect(optionsFor(closing)))).toMatchObject({ reply: { code: 421 } });
    expect(closing.heard).toEqual(['AUTH TLS']);
  });

  it.each([
    ['a whole reply', '234 go\r\n230 in\r\n'],
    ['half a reply', '234 go\r\n230 i'],
    ['one byte', '234 go\r\n2'],
    ['a line end', '234 go\r\n\r\n'],
  ])('C-12: gives up a connection on which %s follows the 234 in the same packet', async (_, bytes) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.hear();
      connection.sayRaw(bytes);
      await connection.ended;
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'protocol' });
    await server.done();
    expect(server.heard).toEqual(['AUTH TLS']);
  });

  it('C-12: takes no clear reply in place of TLS that comes a packet later', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.hearAnything();
      connection.say('230 in');
      await connection.ended;
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'tls', step: 'tls' });
    expect(error.message).toContain('in clear text');
    expect(server.heard).toEqual(['AUTH TLS']);
  });

  it.each([421, 431, 502, 503, 504, 534, 536])(
    'C-16: transfers nothing in clear when PROT P gets %i',
    async (code) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await greetSecurely(connection);
        await admit(connection);
        await connection.answer('FEAT', '211 none');
        await connection.answer('OPTS UTF8 ON', '200 ok');
        await connection.answer('PBSZ 0', '200 PBSZ=0');
        await connection.answer('PROT P', `${code} no`);
        if (code === 421) return;
        await connection.answer('TYPE I', '200 binary');
        await farewell(connection);
      });
      const error = await failureOf(FtpsClient.connect(optionsFor(server)));
      expect(error).toMatchObject({ kind: 'securityRefused', step: 'protection', reply: { code } });
      expect(server.heard).not.toContain('EPSV');
    },
  );

  it('C-15: ignores what PBSZ is answered', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await admit(connection);
      await connection.answer('FEAT', '211 none');
      await connection.answer('OPTS UTF8 ON', '501 no');
      await connection.answer('PBSZ 0', '501 PBSZ=32768 or so');
      await connection.answer('PROT P', '200 private');
      await connection.answer('TYPE I', '200 binary');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(client.report().protection).toBe('P');
    client.destroy();
  });
});
